//! `--features`: what a team calls its features.
use serde_json::Value;

use crate::command::{creditscope, json};

const LEDGER: &str = "timestamp,user,app,session,feature,prompt,credits
2026-10-05T08:00:00Z,ada,shop,pay-1,,Add a checkout with Stripe,2
2026-10-05T08:10:00Z,ada,shop,pay-1,,Make the button green,0.5
2026-10-05T09:00:00Z,ben,shop,s2,,Add webhooks for the payments of Stripe,1.5
2026-10-05T10:00:00Z,ben,shop,s3,Check-out,The total is wrong,1
2026-10-05T11:00:00Z,ben,admin-tool,s4,,Add a table of members,1.2
2026-10-05T12:00:00Z,ben,shop,s5,,Add a newsletter,0.8
";

/// The amount of each feature, and the notes.
fn run(map: &str) -> (Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let [ledger, features, report] = ["ledger.csv", "features.toml", "report"].map(|name| folder.path().join(name));
    std::fs::write(&ledger, LEDGER).unwrap();
    std::fs::write(&features, map).unwrap();
    let args = ["audit".as_ref(), ledger.as_os_str(), "--features".as_ref(), features.as_os_str(), "-o".as_ref()];
    let ran = creditscope(&[&args[..], &[report.as_os_str()]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let json: Value = json(&report.join("report.json"));
    let row = |row: &Value| {
        let text = |key: &str| row[key].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {}", text("app"), text("feature"), text("amount"), row["inferred"])
    };
    let mut rows: Vec<String> = json["by_feature"].as_array().unwrap().iter().map(row).collect();
    rows.sort();
    let notes = json["input"]["notes"].as_array().unwrap().iter().map(|note| note.as_str().unwrap().to_owned());
    (rows, notes.filter_map(|note| Some(note.split_once("features.toml: ")?.1.to_owned())).collect())
}

#[test]
fn patterns_tell_features_and_columns_are_overruled_by_name_only() {
    let (rows, notes) = run("[[feature]]\nname = 'checkout'\nthread = ['pay-*', 's3']\nfeature = ['check-out']\n\n\
                             [[feature]]\nname = 'payments'\ntopic = ['stripe webhook', 'newspaper']\n\n\
                             [[feature]]\nname = 'members'\napp = ['admin-*']\ntopic = ['checkout']\n");
    let (inferred, told): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.ends_with(" 1"));
    assert_eq!(told, ["admin-tool members 1.2 0", "shop checkout 3.5 0", "shop payments 1.5 0"]);
    assert!(inferred.len() == 1 && inferred[0].ends_with("0.8 1"), "{inferred:?}");
    assert_eq!(
        notes,
        [
            "\"checkout\" is the feature of 3 events",
            "\"payments\" is the feature of 1 event",
            "\"members\" is the feature of 1 event",
            "\"members\" also fits 1 event: \"checkout\" stands before it and counts",
            "\"checkout\": session \"s3\" has no effect: something before it tells its 1 event",
            "\"payments\": topic \"newspaper\" fits no event",
            "\"members\": topic \"checkout\" has no effect: something before it tells its 1 event",
        ]
    );
}

#[test]
fn a_column_keeps_its_feature_unless_it_is_named() {
    let (rows, notes) = run("[[feature]]\nname = 'cart'\nsession = ['s3']\n");
    assert!(rows.iter().any(|row| row == "shop Check-out 1 0"), "{rows:?}");
    assert!(
        notes.contains(&"the feature column tells 1 event itself: patterns of feature overrule it".to_owned()),
        "{notes:?}"
    );
}

#[test]
fn a_wrong_file_is_told_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let features = folder.path().join("features.toml");
    std::fs::write(&features, "[[feature]]\nname = 'cart'\npatern = ['x']\n").unwrap();
    let ran = creditscope(&["classify".as_ref(), "sample-data".as_ref(), "--features".as_ref(), features.as_os_str()]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("features.toml") && ran.stderr.contains("unknown field `patern`"), "{}", ran.stderr);
}
