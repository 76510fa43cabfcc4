//! The JSON Schema of `report.json`, generated from its view types: `docs/report.schema.json` is always that of the code.
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::report::json::V1Report;

const PATH: &str = "docs/report.schema.json";

/// Decimal strings; all other texts are names, words, sentences and instants.
const AMOUNTS: [&str; 42] = [
    "allowance",
    "amount",
    "balance",
    "before",
    "after",
    "beyond_plan",
    "budget_left",
    "credits_per_feature",
    "billed_after",
    "billed_before",
    "build",
    "built_for",
    "cost",
    "difference",
    "expected",
    "expected_cost",
    "found",
    "high",
    "iterate",
    "likely",
    "limit",
    "low",
    "missing",
    "p10",
    "p25",
    "p50",
    "p75",
    "p90",
    "price",
    "regret",
    "repair",
    "rework",
    "unsorted",
    "unused",
    "used",
    "value",
    "consumption_mean",
    "needed_p50",
    "needed_p90",
    "break_even",
    "break_even_price",
    "credits",
];
/// Instants in UTC.
const INSTANTS: [&str; 14] = [
    "as_of",
    "at",
    "began",
    "built",
    "cycle_start",
    "first",
    "first_repair",
    "last",
    "last_repair",
    "now",
    "reset",
    "run_out",
    "run_out_early",
    "run_out_late",
];

/// The schema as text.
fn text() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<V1Report<'static>>().to_value();
    detail(&mut schema);
    let mut whole = Map::new();
    whole.insert("$schema".to_owned(), schema["$schema"].take());
    whole.insert("$id".to_owned(), "creditscope.report/v1".into());
    whole.insert("title".to_owned(), "The report of creditscope: report.json".into());
    whole.insert(
        "description".to_owned(),
        "Amounts are decimal strings, instants RFC 3339 in UTC, shares numbers with four decimals. Rows of by_* also hold \
         their subject (action, user, feature, app, session with its app, day or model); null stands for what has none. \
         Amounts of different provider, meter or unit are never added."
            .into(),
    );
    if let Value::Object(parts) = schema {
        whole.extend(parts.into_iter().filter(|(name, _)| name != "$schema" && name != "title"));
    }
    whole["properties"]["schema"] = json!({"const": "creditscope.report/v1"});
    serde_json::to_string_pretty(&whole).expect("values become text") + "\n"
}

/// Says what the texts of properties are by their names.
fn detail(schema: &mut Value) {
    match schema {
        Value::Object(parts) => {
            // The value of a problem is the cell as it was found.
            let properties = parts.get_mut("properties").and_then(Value::as_object_mut);
            if let Some(properties) = properties.filter(|properties| !properties.contains_key("byte")) {
                for (name, property) in properties {
                    let is_text = property["type"] == "string" || property["type"] == json!(["string", "null"]);
                    if is_text && AMOUNTS.contains(&name.as_str()) {
                        property["pattern"] = r"^-?[0-9]+(\.[0-9]{1,9})?$".into();
                    } else if is_text && INSTANTS.contains(&name.as_str()) {
                        property["format"] = "date-time".into();
                    }
                }
            }
            parts.values_mut().for_each(detail);
        }
        Value::Array(parts) => parts.iter_mut().for_each(detail),
        _ => (),
    }
}

#[test]
fn the_schema_of_reports_is_that_of_their_views() {
    let (wanted, found) = (text(), std::fs::read_to_string(PATH).unwrap_or_default());
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(PATH, wanted).unwrap();
    } else {
        assert!(
            found == wanted,
            "{PATH} is not that of the view types: run the test with INSTA_UPDATE=always and look"
        );
    }
}
