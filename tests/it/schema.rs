//! Every `report.json` is as its schema says.
use serde_json::Value;

use crate::command::{audit, file, json, say, shared};

/// What is wrong with a value by the parts of JSON Schema that the schema uses.
fn faults(value: &Value, schema: &Value, root: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let target = root.pointer(name.trim_start_matches('#')).expect("the schema refers to what it defines");
        return faults(value, target, root, at, found);
    }
    if let Some(ways) = schema["anyOf"].as_array() {
        let fits = |way: &Value| {
            let mut wrong = Vec::new();
            faults(value, way, root, at, &mut wrong);
            wrong.is_empty()
        };
        if !ways.iter().any(fits) {
            found.push(format!("{at}: {value} fits no way"));
        }
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![kind],
    };
    let is_of_kind = kinds.contains(&kind) || kind == "integer" && kinds.contains(&"number");
    if !is_of_kind {
        found.push(format!("{at}: {value} is no {kinds:?}"));
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        found.push(format!("{at}: {value} is not {}", schema["const"]));
    }
    let is_amount = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        [whole, part].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    match value {
        Value::String(text) if !schema["pattern"].is_null() && !is_amount(text) => {
            found.push(format!("{at}: {text:?} is no amount"));
        }
        Value::String(text)
            if schema["format"] == "date-time" && chrono::DateTime::parse_from_rfc3339(text).is_err() =>
        {
            found.push(format!("{at}: {text:?} is no instant"));
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                faults(item, &schema["items"], root, &format!("{at}[{n}]"), found);
            }
        }
        Value::Object(parts) => {
            let wanted = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            found.extend(wanted.filter(|name| !parts.contains_key(*name)).map(|name| format!("{at} lacks {name}")));
            for (name, part) in parts {
                match (&schema["properties"][name], &schema["additionalProperties"]) {
                    (Value::Null, Value::Null | Value::Bool(false)) => found.push(format!("{at}.{name} is unknown")),
                    (Value::Null, other) => faults(part, other, root, &format!("{at}.{name}"), found),
                    (known, _) => faults(part, known, root, &format!("{at}.{name}"), found),
                }
            }
        }
        _ => (),
    }
}

#[track_caller]
fn check(path: &std::path::Path, options: &[&str]) {
    let schema: Value = serde_json::from_str(&std::fs::read_to_string("docs/report.schema.json").unwrap()).unwrap();
    let (_dir, report, ran) = audit(&[path], options);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut found = Vec::new();
    faults(&json(&report.join("report.json")), &schema, &schema, "report", &mut found);
    assert!(found.is_empty(), "{}: {:#?}", path.display(), &found[..found.len().min(20)]);
}

#[test]
fn reports_are_as_their_schema_says() {
    check("sample-data".as_ref(), &["--plan", "builder", "--max-rows", "3"]);
    let (_dir, path) = file("one.csv", "timestamp,credits\n2026-09-01T08:00:00Z,1\n2026-09-01T09:00:00Z,x\n");
    check(&path, &[]);
}

#[test]
fn reports_of_real_exports_are_as_their_schema_says() {
    let Some(folder) = shared("exports") else { return };
    for vendor in ["copilot", "cursor", "claude-code"] {
        say!("{vendor}");
        check(&folder.join(vendor), &[]);
    }
}

#[test]
fn what_differs_from_the_schema_is_found() {
    let schema: Value = serde_json::from_str(&std::fs::read_to_string("docs/report.schema.json").unwrap()).unwrap();
    let (_dir, report, _) = audit(&["sample-data".as_ref()], &[]);
    let sound = json(&report.join("report.json"));
    let check = |change: &dyn Fn(&mut Value), what: &str| {
        let (mut broken, mut found) = (sound.clone(), Vec::new());
        change(&mut broken);
        faults(&broken, &schema, &schema, "report", &mut found);
        assert!(found.iter().any(|fault| fault.contains(what)), "{what}: {found:?}");
    };
    check(&|report| report["now"] = "today".into(), "is no instant");
    check(&|report| report["totals"][0]["amount"] = 1.into(), "is no [\"string\"]");
    check(&|report| report["totals"][0]["amount"] = "1e3".into(), "is no amount");
    check(&|report| drop(report.as_object_mut().unwrap().remove("findings")), "lacks findings");
    check(&|report| report["more"] = 1.into(), "more is unknown");
}
