//! Any table with a map, and dates whose order only other files tell.
use serde_json::Value;

use crate::command::{Ran, creditscope};

const SALES: &str = "Date,Time,Rep,Qty,Price,Status\n\
    13/10/2026,09:12,Ada,1,\"$1,234.50\",paid\n\
    03/10/2026,10:00,Ben,2,Included,paid\n\
    04/10/2026,10:05,Ben,2,$3,void\n\
    05/10/2026,,Ben,2,$3,paid\n";

const MAP: &str = r#"
[columns]
timestamp = "date"
time = "Time"
user = "Rep"
credits = "Price"
[constants]
provider = "shop"
[amount]
unit = "usd"
[time]
zone = "Europe/Berlin"
[words]
Included = "included"
[[also]]
column = "Qty"
unit = "requests"
[[skip]]
column = "Status"
equals = "void"
"#;

/// Inspects some files with a map and further options.
fn inspect(map: &str, files: &[(&str, &str)], options: &[&str]) -> (Ran, Value) {
    let dir = tempfile::tempdir().unwrap();
    let map_path = dir.path().join("map.toml");
    std::fs::write(&map_path, map).unwrap();
    let mut args = vec!["inspect".into(), "--format".into(), "json".into(), "--map".into(), map_path.into_os_string()];
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        args.push(path.into_os_string());
    }
    args.extend(options.iter().map(Into::into));
    let ran = creditscope(&args);
    let json = serde_json::from_str(&ran.stdout).unwrap_or_default();
    (ran, json)
}

/// The rows and amounts of a file in a line.
fn line(file: &Value) -> String {
    let amounts = file["amounts"].as_array().unwrap().iter().map(|sum| {
        let text = |key: &str| sum[key].as_str().unwrap().to_owned();
        format!("{} {} {} {}", text("amount"), text("provider"), text("unit"), text("basis"))
    });
    format!("{} {}: {}", file["accepted"], file["rejected"], amounts.collect::<Vec<_>>().join(", "))
}

#[test]
fn a_map_makes_a_ledger_of_any_table() {
    let (ran, json) = inspect(MAP, &[("sales.csv", SALES)], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let file = &json["files"][0];
    assert_eq!(file["source"], "map");
    assert_eq!(line(file), "2 1: 1234.5 shop usd billed, 0 shop usd included, 3 shop requests list");
    assert_eq!((&file["first"], &file["last"]), (&"2026-10-03T08:00:00Z".into(), &"2026-10-13T07:12:00Z".into()));
    assert_eq!(file["problems"][0]["column"], "Time", "a date without its time of day is no midnight");
    let notes = file["notes"].to_string();
    assert!(notes.contains("1 rows were passed over") && notes.contains("day first"), "{notes}");
}

#[test]
fn a_file_cut_in_two_is_read_as_in_one_piece() {
    let (head, rows) = SALES.split_once('\n').unwrap();
    let lines: Vec<&str> = rows.lines().collect();
    let (first, second) = (format!("{head}\n{}\n", lines[0]), format!("{head}\n{}\n", lines[1..].join("\n")));
    let (_, json) = inspect(MAP, &[("a.csv", &first), ("b.csv", &second)], &[]);
    assert_eq!(line(&json["files"][1]), "1 1: 0 shop usd included, 2 shop requests list");
    let (_, alone) = inspect(MAP, &[("b.csv", &second)], &[]);
    assert_eq!(alone["files"][0]["accepted"], 0, "alone it does not tell whether 03/10 is in March or October");
    let cause = alone["files"][0]["problems"][0]["cause"].as_str().unwrap().to_owned();
    assert!(cause.contains("--date-order"), "{cause}");
    let (_, told) = inspect(MAP, &[("b.csv", &second)], &["--date-order", "day"]);
    assert_eq!(line(&told["files"][0]), line(&json["files"][1]));
}

#[test]
fn a_map_that_does_not_fit_is_refused_where_the_file_was_named() {
    let map = MAP.replace("\"Rep\"", "\"Repp\"");
    let (ran, json) = inspect(&map, &[("sales.csv", SALES)], &[]);
    assert_eq!(ran.code, 2);
    let cause = json["skipped"][0]["cause"].as_str().unwrap();
    assert!(cause.contains("no column is named \"Repp\" (did you mean \"Rep\"?)"), "{cause}");
    let twice = SALES.replacen("Qty", "Rep", 1);
    let (_, json) = inspect(MAP, &[("sales.csv", &twice)], &[]);
    assert!(json["skipped"][0]["cause"].as_str().unwrap().contains("2 columns are named \"Rep\""));
}

#[test]
fn in_a_folder_a_map_is_for_the_files_that_it_fits() {
    let ledger = "timestamp,credits\n2026-10-01T08:00:00Z,1\n";
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [("in/sales.csv", SALES), ("in/ledger.csv", ledger), ("map.toml", MAP)] {
        std::fs::create_dir_all(dir.path().join("in")).unwrap();
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let (folder, map) = (dir.path().join("in"), dir.path().join("map.toml"));
    let (folder, map) = (folder.to_str().unwrap(), map.to_str().unwrap());
    let ran = creditscope(&["inspect", folder, "--map", map, "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&json["files"][0]["source"], &json["files"][1]["source"]), (&"ledger".into(), &"map".into()));
}

#[test]
fn a_wrong_map_is_told_with_key_and_value() {
    for (from, to, expected) in [
        ("unit = \"usd\"", "units = \"usd\"", "[amount] unknown key \"units\": did you mean unit?"),
        ("unit = \"usd\"", "unit = \"dollars\"", "[amount] unit = \"dollars\": write credits, tokens, usd or requests"),
        ("unit = \"usd\"", "sign = \"minus\"", "[amount] sign = \"minus\": write positive, negative or parentheses"),
        ("unit = \"usd\"", "decimal = 1", "[amount] decimal = 1: write a text in quotes"),
        ("timestamp = \"date\"", "", "[columns] timestamp is missing"),
        ("user = \"Rep\"", "usr = \"Rep\"", "[columns] unknown key \"usr\": did you mean user?"),
        ("user = \"Rep\"", "user = \"Price\"", "another key names that column already"),
        ("provider = \"shop\"", "user = \"ada\"", "[columns] names a column for it already"),
        ("provider = \"shop\"", "meter = \"gas\"", "[constants] meter = \"gas\": message"),
        ("zone = \"Europe/Berlin\"", "zone = \"Mars/Base\"", "unknown time zone \"Mars/Base\""),
        ("zone = \"Europe/Berlin\"", "format = \"%Q\"", "[time] format = \"%Q\": not a format"),
        ("zone = \"Europe/Berlin\"", "order = \"year\"", "[time] order = \"year\": write day or month"),
        (
            "Included = \"included\"",
            "Included = \"nothing\"",
            "[words] \"Included\" = \"nothing\": write free, included",
        ),
        ("equals = \"void\"", "", "[[skip]] equals is missing"),
        ("unit = \"requests\"", "", "[[also]] unit is missing"),
        ("[constants]", "[constant]", "unknown key \"constant\": did you mean constants?"),
        ("[constants]", "[constants", "line 7"),
    ] {
        assert!(MAP.contains(from), "{from}");
        let (ran, _) = inspect(&MAP.replacen(from, to, 1), &[("sales.csv", SALES)], &[]);
        assert_eq!(ran.code, 2, "{to}");
        assert!(ran.stderr.contains("map.toml") && ran.stderr.contains(expected), "{to}: {}", ran.stderr);
    }
}

#[test]
fn charged_and_given_back_may_stand_in_two_columns() {
    let map = "[columns]\ntimestamp = \"day\"\ncredits = \"out\"\ngiven_back = \"in\"\n[amount]\nunit = \"usd\"\n";
    let text = "day,out,in\n2026-10-01,5.00,\n2026-10-02,,2.00\n2026-10-03,1,1\n2026-10-04,-3,\n2026-10-05,0,4\n";
    let (_, json) = inspect(map, &[("bank.csv", text)], &[]);
    assert_eq!(line(&json["files"][0]), "4 1: 2 base44 usd billed");
    assert_eq!(json["files"][0]["problems"][0]["line"], 4);
}

#[test]
fn other_signs_formats_and_constants() {
    let text = "when;spent\n2026-10-01 09h;(1,50)\n2026-10-02 10h;-2,25\n";
    let map = "[columns]\ntimestamp = \"when\"\ncredits = \"spent\"\n[constants]\nuser = \"ada\"\nmeter = \"integration\"\n\
               [amount]\nsign = \"parentheses\"\n[time]\nformat = \"%Y-%m-%d %Hh\"\nzone = \"UTC\"\n[file]\ndelimiter = \";\"\n";
    let minutes = map.replace("%Hh", "%Hh%M");
    let (_, json) = inspect(&minutes, &[("a.csv", &text.replace("h;", "h00;"))], &[]);
    assert_eq!(line(&json["files"][0]), "2 0: 3.75 base44 credits billed", "{json}");
    assert_eq!(json["files"][0]["amounts"][0]["meter"], "integration");
}

#[test]
fn contradictory_dates_are_problems() {
    let map = "[columns]\ntimestamp = \"d\"\ncredits = \"c\"\n";
    let text = "d,c\n25/12/2026,1\n03/04/2026,1\n12/25/2026,1\n";
    let (_, json) = inspect(map, &[("a.csv", text)], &[]);
    assert_eq!(json["files"][0]["rejected"], 3);
    let (_, json) = inspect(map, &[("a.csv", text)], &["--date-order", "day"]);
    assert_eq!(json["files"][0]["rejected"], 2, "only the date that agrees and cannot be another is certain");
    assert_eq!(json["files"][0]["first"], "2026-12-25T00:00:00Z");
}

#[test]
fn days_of_spreadsheets_are_read_where_nothing_else_stands_in_their_column() {
    let serials = "timestamp,credits\n46298,1\n46299,2\n";
    let mixed = "timestamp,credits\n46298,1\n2026-10-04,2\n";
    let map = "[columns]\ntimestamp = \"timestamp\"\ncredits = \"credits\"\n[time]\nserial = true\n";
    let (_, json) = inspect(map, &[("a.csv", mixed)], &[]);
    assert_eq!(
        (&json["files"][0]["accepted"], &json["files"][0]["first"]),
        (&2.into(), &"2026-10-03T00:00:00Z".into())
    );
    let plain = &map[..map.find("[time]").unwrap()];
    let (_, json) = inspect(plain, &[("a.csv", serials)], &[]);
    assert_eq!(json["files"][0]["accepted"], 2);
    let (_, json) = inspect(plain, &[("a.csv", mixed)], &[]);
    assert_eq!(json["files"][0]["accepted"], 1);
}
