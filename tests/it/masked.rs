//! `--pseudonymize` in any script, with a configuration, and over two inputs: what is asked for by name is asked for all the
//! same, and figures do not change.
use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    command::{Ran, creditscope, file, json},
    pseudonyms::{check_hidden, texts},
};

/// Names with capitals outside ASCII, in every place that a ledger has for them.
const USERS: [&str; 5] = ["Émile Zola", "Анна Петрова", "ŁUKASZ Żak", "İpek Öz", "ΑΘΗΝΆ Δήμου"];
const HIDDEN: [&str; 10] = ["émile", "zola", "анна", "петрова", "łukasz", "żak", "öz", "αθην", "δήμου", "i\u{307}pek"];

fn ledger() -> String {
    let mut rows = "timestamp,event_id,workspace,user,app,session,feature,prompt,credits\n".to_owned();
    for (n, user) in USERS.into_iter().enumerate() {
        for hour in 8..12 {
            rows += &format!(
                "2026-10-{:02}T{hour:02}:00:00Z,{user}-{hour},{user} GmbH,{user},{user} CRM,{user} chat {n},{user} page,it fails,1.5\n",
                n + 1
            );
        }
    }
    rows + "2026-10-09T08:00:00Z,x,w,Ada,App,s,f,x,about three\n"
}

#[track_caller]
fn run(folder: &Path, args: &[&str]) -> Ran {
    let salt = folder.join("salt").display().to_string();
    creditscope(&[args, &["--pseudonymize", "--salt", &salt]].concat())
}

#[test]
fn names_in_any_script_are_hidden_in_every_output() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Émile Zola/АННА ПЕТРОВА.csv");
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::write(&path, ledger()).unwrap();
    let (path, report, focus) =
        (path.display().to_string(), folder.path().join("report"), folder.path().join("focus.csv"));
    let (report_name, focus_name) = (report.display().to_string(), focus.display().to_string());
    let scope = folder.path().join("scope.toml");
    fs::write(&scope, "[[feature]]\nname = \"Émile Zola page\"\nstate = \"doing\"\nbudget = \"3\"\n").unwrap();
    let settings = folder.path().join("settings.toml");
    fs::write(
        &settings,
        "[[cost_center]]\nname = \"ÉMILE ZOLA\"\nusers = [\"émile zola\"]\n\
         [budget.app]\n\"Анна Петрова CRM\" = \"3\"\n[budget.user]\n\"İpek Öz\" = \"3\"\n",
    )
    .unwrap();
    let (scope, settings) = (scope.display().to_string(), settings.display().to_string());
    let runs: [&[&str]; 6] = [
        &["audit", &path, "-o", &report_name, "--scope", &scope, "--config", &settings],
        &["inspect", &path],
        &["classify", &path, "--format", "jsonl"],
        &["explain", "Анна Петрова-9", &path],
        &["compare", &path, &path, "--format", "json"],
        &["convert", &path, "--as", "focus", "--to", &focus_name],
    ];
    let mut all = Vec::new();
    for args in runs {
        let ran = run(folder.path(), args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        // what is written where it was told to is told by that name
        let said = ran.stderr.replace(&path, "");
        all.extend([(format!("{args:?}"), ran.stdout), (format!("{args:?}"), said)]);
    }
    all.extend(texts(&report));
    all.push(("focus.csv".to_owned(), fs::read_to_string(&focus).unwrap()));
    check_hidden(&HIDDEN, &all);
    let nothing = folder.path().join("Émile Zola.csv");
    fs::write(&nothing, "timestamp,user,credits\n2026-10-01T08:00:00Z,Émile Zola,Émile Zola\n").unwrap();
    let ran = run(folder.path(), &["classify", &nothing.display().to_string()]);
    assert_eq!(ran.code, 2);
    check_hidden(&HIDDEN, &[("a refusal".to_owned(), ran.stderr)]);
}

const OWN: &str = "timestamp,credits,workspace,user,app,feature,kind
2026-09-01T09:00:00Z,4,w,maya.okafor@example.com,shop of maya.okafor,cart,generation
2026-09-01T09:30:00Z,6,w,maya.okafor@example.com,shop of maya.okafor,cart,revision
2026-09-02T09:00:00Z,5,w,ben@example.com,crm,list,generation
2026-09-02T09:10:00Z,2,w,Ben@Example.com,Maya Okafor portfolio,list,generation
";

#[test]
fn what_is_asked_for_by_name_is_the_same_under_pseudonyms() {
    let (folder, path) = file("ledger.csv", OWN);
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let settings = write(
        "settings.toml",
        "[[cost_center]]\nname = \"Client A\"\napps = [\"Shop of maya.okafor\"]\n\
         [[cost_center]]\nname = \"Inside\"\nusers = [\"BEN@example.com\"]\n\
         [budget.app]\n\"shop of maya.okafor\" = \"5\"\n\
         [project]\n\"shop of maya.okafor\" = \"simple-tool\"\n",
    );
    let scope = write(
        "scope.toml",
        "app = \"shop of maya.okafor\"\n[[feature]]\nname = \"cart\"\nstate = \"doing\"\nbudget = \"5\"\n",
    );
    let report = |name: &str, secret: &[&str], more: &[&str]| {
        let report = folder.path().join(name).display().to_string();
        let path = path.display().to_string();
        let args = ["audit", &path, "-o", &report, "--config", &settings, "--scope", &scope, "--fail-on", "budget"];
        let ran = creditscope(&[&args[..], secret, more].concat());
        (ran, json(&Path::new(&report).join("report.json")))
    };
    let salt = folder.path().join("salt").display().to_string();
    let secret = ["--pseudonymize", "--salt", &salt];
    let figures = |report: &Value| -> Vec<String> {
        let of = |key: &str, fields: &[&str]| -> Vec<String> {
            let rows = report[key].as_array().unwrap().iter();
            rows.map(|row| fields.iter().map(|field| row[field].to_string()).collect::<Vec<_>>().join(" ")).collect()
        };
        let scope = &report["scope"]["features"][0];
        let check = report["checks"].as_array().unwrap().iter().find(|check| check["id"] == "project-budget").unwrap();
        let mut figures = of("chargeback", &["events", "amount"]);
        figures.extend(of("budgets", &["used", "limit", "state"]));
        figures.push(format!("{} {} {}", scope["used"], scope["flags"], check["tested"]));
        figures
    };
    let ((named, plain), (masked, hidden)) = (report("named", &[], &[]), report("masked", &secret, &[]));
    assert_eq!((named.code, masked.code), (1, 1), "{}", masked.stderr);
    assert_eq!(figures(&plain), figures(&hidden));
    assert_eq!(figures(&plain)[..2], ["2 \"10\"", "2 \"7\""]);
    assert!(figures(&plain).last().unwrap().contains("its budget of 5 is used up"), "{:?}", figures(&plain));
    check_hidden(
        &["maya", "okafor", "ben@"],
        &[("report".to_owned(), hidden.to_string()), ("said".to_owned(), masked.stderr)],
    );
    let (selected, part) = report("part", &secret, &["--app", "shop of maya.okafor"]);
    assert_eq!((selected.code, part["totals"][0]["amount"].as_str()), (1, Some("10")), "{}", selected.stderr);
}

/// The notes and the chargeback and budgets of a report on a ledger.
fn named(config: &str, aliases: &str, rows: &str) -> (Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let [ledger, settings, names, report] =
        ["l.csv", "settings.toml", "names.csv", "report"].map(|name| folder.path().join(name).display().to_string());
    fs::write(&ledger, format!("timestamp,credits,user,app\n{rows}")).unwrap();
    fs::write(&settings, config).unwrap();
    fs::write(&names, aliases).unwrap();
    let ran = creditscope(&["audit", &ledger, "-o", &report, "--config", &settings, "--aliases", &names]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report = json(&Path::new(&report).join("report.json"));
    let charged = report["chargeback"].as_array().unwrap().iter();
    let charged = charged.map(|row| format!("{} {}", row["cost_center"], row["amount"]));
    let budgets = report["budgets"].as_array().unwrap().iter();
    let budgets = budgets.map(|row| format!("{} {}", row["used"], row["state"]));
    let notes = report["input"]["notes"].as_array().unwrap().iter().map(|note| note.as_str().unwrap().to_owned());
    (charged.chain(budgets).collect(), notes.collect())
}

#[test]
fn aliases_count_for_cost_centers_and_budgets_and_names_that_meet_nothing_are_told() {
    let rows = "2026-09-01T09:00:00Z,4,Ada Lovelace,shop\n2026-09-01T09:10:00Z,6,ada@x.com,shop\n\
                2026-09-01T10:10:00Z,1,Bob,CAFÉ\n2026-09-01T11:10:00Z,1,bob,café\n";
    let config = "[[cost_center]]\nname = \"Client\"\nusers = [\"Ada Lovelace\"]\n\
                  [[cost_center]]\nname = \"Typo\"\napps = [\"shopp\"]\n\
                  [[cost_center]]\nname = \"Café\"\napps = [\"Café\"]\n\
                  [budget.user]\n\"ada lovelace\" = \"5\"\n\"Ada Lovelase\" = \"5\"\nBOB = \"2\"\n\
                  [project]\nshopping = \"simple-tool\"\n";
    let (figures, notes) = named(config, "user,alias\nada@x.com,Ada Lovelace\n", rows);
    assert_eq!(
        figures,
        [
            "\"Client\" \"10\"",
            "\"Typo\" \"0\"",
            "\"Café\" \"2\"",
            "\"0\" \"below_50\"",
            "\"2\" \"at_100\"",
            "\"10\" \"at_100\""
        ]
    );
    for expected in [
        "the cost centre \"Typo\": nothing in the files is called app \"shopp\"",
        "budgets: nothing in the files is called user \"Ada Lovelase\"",
        "[project]: nothing in the files is called app \"shopping\"",
        "aliases: bob counted as Bob; Ada Lovelace counted as ada@x.com",
    ] {
        assert!(notes.iter().any(|note| note == expected), "{notes:#?}");
    }
}

#[test]
fn suggestions_of_names_are_not_made_of_pseudonyms() {
    let (folder, path) = file(
        "l.csv",
        "timestamp,credits,user\n2026-09-01T09:00:00Z,4,Ada Lovelace\n2026-09-01T09:00:00Z,4,ada.lovelace@x.com\n",
    );
    let path = path.display().to_string();
    let open = creditscope(&["inspect", &path]);
    assert!(open.stdout.contains("perhaps one person"), "{}", open.stdout);
    let hidden = run(folder.path(), &["inspect", &path]);
    assert!(hidden.code == 0 && !hidden.stdout.contains("perhaps one person"), "{}", hidden.stdout);
    let refused = run(folder.path(), &["inspect", &path, "--write-aliases", "x.toml"]);
    assert!(refused.code == 2 && refused.stderr.contains("cannot be used with"), "{}", refused.stderr);
}

#[test]
fn apps_that_differ_in_names_of_one_person_stay_apart() {
    let rows = "timestamp,credits,workspace,user,app\n\
                2026-09-01T09:00:00Z,4,w,maya.okafor@example.com,shop of maya.okafor\n\
                2026-09-01T10:00:00Z,6,w,maya.okafor@example.com,shop of Maya Okafor\n\
                2026-09-01T11:00:00Z,1,w,maya.okafor@example.com,crm\n";
    let (folder, path) = file("l.csv", rows);
    let salt = folder.path().join("salt").display().to_string();
    let apps = |options: &[&str]| {
        let (_dir, report, ran) = crate::command::audit(&[&path], options);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let report = json(&report.join("report.json"));
        let rows = report["by_app"].as_array().unwrap().clone();
        rows.iter().map(|row| (row["app"].as_str().unwrap().to_owned(), row["amount"].to_string())).collect::<Vec<_>>()
    };
    let masked = ["--pseudonymize", "--salt", &salt];
    let (open, hidden) = (apps(&[]), apps(&masked));
    assert_eq!(open.iter().map(|app| &app.1).collect::<Vec<_>>(), hidden.iter().map(|app| &app.1).collect::<Vec<_>>());
    assert!(hidden[0].0 != hidden[1].0 && hidden[0].0.starts_with("shop of user-"), "{hidden:?}");
    let one = apps(&[&masked[..], &["--app", "shop of maya.okafor"]].concat());
    assert_eq!(one.iter().map(|app| app.1.as_str()).collect::<Vec<_>>(), ["\"4\""], "{one:?}");
}

#[test]
fn a_configuration_beside_a_masked_bundle_names_nobody() {
    let (folder, path) = file("ledger.csv", OWN);
    let place = |name: &str| folder.path().join(name).display().to_string();
    let (salt, bundle, report, settings) = (place("salt"), place("bundle"), place("report"), place("settings.toml"));
    let ran = creditscope(&["rollup", &path.display().to_string(), "-o", &bundle, "--pseudonymize", "--salt", &salt]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let write = |text: &str| fs::write(&settings, text).unwrap();
    let made =
        |options: &[&str]| creditscope(&[&["report", &bundle, "-o", &report, "--config", &settings], options].concat());
    write("[budget.app]\n\"Okafor deli\" = \"5\"\n[project]\n\"shop of zoe.bell\" = \"simple-tool\"\n");
    let refused = made(&[]);
    assert!(refused.code == 2 && refused.stderr.contains("give their --salt"), "{}", refused.stderr);
    write(
        "[[cost_center]]\nname = \"Maya Okafor\"\nusers = [\"maya.okafor@example.com\"]\napps = [\"shop of maya.okafor\"]\n\
         [budget.app]\n\"Okafor deli\" = \"5\"\ncrm = \"50\"\n[project]\n\"shop of zoe.bell\" = \"simple-tool\"\n",
    );
    let ran = made(&["--salt", &salt]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut all = texts(Path::new(&report));
    all.push(("said".to_owned(), ran.stdout + &ran.stderr));
    check_hidden(&["maya", "okafor", "zoe.bell"], &all);
    let report = json(&Path::new(&report).join("report.json"));
    assert_eq!(report["chargeback"][0]["amount"], "10", "the cost centre pays for its users");
    assert!(
        report["budgets"].to_string().contains("crm"),
        "what the bundle knows keeps its name: {}",
        report["budgets"]
    );
    write("[budget.app]\ncrm = \"50\"\n");
    assert_eq!(made(&[]).code, 0, "what the bundle knows needs no salt");
}
