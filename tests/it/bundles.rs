//! `rollup` and `report`: the two halves of `audit`, byte for byte.
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    slice,
};

use serde_json::Value;

use crate::command::{Ran, creditscope, file, inspected, shared};

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(&below).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn run(command: &str, paths: &[PathBuf], output: &Path, options: &[&str]) -> Ran {
    let mut args: Vec<OsString> = vec![command.into()];
    args.extend(paths.iter().map(|path| path.clone().into_os_string()));
    args.extend(["-o".into(), output.into(), "-q".into()]);
    args.extend(options.iter().map(Into::into));
    creditscope(&args)
}

/// The report of `inputs`, each a bundle of its own, is the audit of all; `reading` options go to both halves that read,
/// `asking` ones to both that report.
#[track_caller]
fn check(inputs: &[&[PathBuf]], reading: &[&str], asking: &[&str]) -> BTreeMap<PathBuf, Vec<u8>> {
    let dir = tempfile::tempdir().unwrap();
    let bundles: Vec<PathBuf> = (0..inputs.len()).map(|number| dir.path().join(format!("bundle-{number}"))).collect();
    for (input, bundle) in inputs.iter().zip(&bundles) {
        let ran = run("rollup", input, bundle, reading);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    let all: Vec<PathBuf> = inputs.concat();
    // the same place, so that what is printed is the same
    let place = dir.path().join("report");
    let both = if asking.starts_with(reading) { asking.to_vec() } else { [reading, asking].concat() };
    let audited = run("audit", &all, &place, &both);
    assert!(place.exists(), "{}", audited.stderr);
    let expected = files(&place);
    fs::remove_dir_all(&place).unwrap();
    let reported = run("report", &bundles, &place, asking);
    let found = files(&place);
    assert_eq!(reported.stderr, audited.stderr);
    assert_eq!((reported.code, reported.stdout), (audited.code, audited.stdout));
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (path, bytes) in &expected {
        assert!(found[path] == *bytes, "{} differs", path.display());
    }
    assert!(expected.contains_key(Path::new("report.html")) && expected.contains_key(Path::new("manifest.json")));
    expected
}

#[test]
fn an_audit_is_a_rollup_and_a_report() {
    let sample = || vec![PathBuf::from("sample-data")];
    check(&[&sample()], &[], &[]);
    check(&[&sample()], &["--tz", "Europe/Berlin", "--gap", "2h"], &["--plan", "builder", "--now", "2026-10-13"]);
    check(&[&sample()], &["--from", "2026-09-01", "--user", "maya.okafor@example.com"], &["--max-rows", "2"]);
    check(&[&sample()], &["--meter", "integration"], &["--format", "json"]);
}

#[test]
fn budgets_cost_centers_and_scope_are_asked_of_a_bundle_too() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("team.toml");
    let text = "reset_day = \"15T14:37\"\n[budget]\nall = \"100\"\n[budget.user]\n\"maya.okafor@example.com\" = \"10\"\n\
                [budget.app]\n\"Clubhouse\" = \"5\"\n[[cost_center]]\nname = \"north\"\nusers = [\"maya.okafor@example.com\"]\n";
    fs::write(&config, text).unwrap();
    let scope = dir.path().join("scope.toml");
    fs::write(&scope, "[[feature]]\nname = \"booking\"\nstate = \"doing\"\nbudget = \"12\"\n").unwrap();
    let (config, scope) = (config.to_str().unwrap(), scope.to_str().unwrap());
    let asking = ["--config", config, "--scope", scope, "--plan", "builder", "--now", "2026-10-20T09:41:00Z"];
    check(&[&["sample-data".into()]], &["--config", config], &asking);
    check(&[&["sample-data".into()]], &["--config", config], &[&asking[..], &["--fail-on", "budget"]].concat());
}

#[test]
fn real_exports_go_through_a_bundle() {
    let Some(folder) = shared("exports") else { return };
    for kind in ["cursor", "claude-code", "openrouter"] {
        check(&[&[folder.join(kind)]], &[], &[]);
    }
}

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[usize::try_from(self.below(texts.len() as u64)).unwrap()]
    }
}

const PROMPTS: [&str; 8] = [
    "Add a checkout page",
    "the checkout fails with an error",
    "it still fails",
    "make the header blue",
    "rebuild the search from scratch",
    "why is it slow?",
    "Add an invoice export with filters, a table and a chart",
    "fix it",
];

/// A month of a workspace, with everything that a ledger can hold.
fn workspace(name: &str, seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut text =
        "timestamp,workspace,user,app,session,feature,prompt,meter,entry,credits,provider,unit,model,basis\n"
            .to_owned();
    let mut seconds = 0;
    for _ in 0..40 + dice.below(80) {
        seconds += dice.one_of(&["0", "40", "300", "4000", "40000"]).parse::<u64>().unwrap();
        let at = format!(
            "2026-10-{:02}T{:02}:{:02}:{:02}Z",
            1 + seconds / 86_400 % 28,
            seconds / 3_600 % 24,
            seconds / 60 % 60,
            seconds % 60
        );
        let (user, app) = (dice.one_of(&["ada", "ben", "eve", ""]), dice.one_of(&["shop", "blog", ""]));
        let (session, feature) = (dice.one_of(&["", "", "s1", "s2"]), dice.one_of(&["", "", "checkout", "search"]));
        let (meter, entry) = dice
            .one_of(&["message,usage", "message,usage", "message,usage", "integration,usage", "message,grant"])
            .split_once(',')
            .unwrap();
        let prompt = if meter == "message" { dice.one_of(&PROMPTS) } else { "" };
        let credits = dice.one_of(&["1", "0.3", "0", "2.5", "7"]);
        let (provider, unit) = dice
            .one_of(&["base44,credits", "base44,credits", "lovable,credits", "cursor,usd"])
            .split_once(',')
            .unwrap();
        let (model, basis) =
            (dice.one_of(&["", "sonnet", "gpt"]), dice.one_of(&["billed", "billed", "included", "list"]));
        text += &format!(
            "{at},{name},{user},{app},{session},{feature},\"{prompt}\",{meter},{entry},{credits},{provider},{unit},{model},{basis}\n"
        );
    }
    text + &format!("yesterday,{name},ada,shop,,,oops,message,usage,1,base44,credits,,\n")
}

/// Workspaces stand worst first, and those of an account add up to it.
#[track_caller]
fn check_workspaces(report: &Value) {
    let nanos = |value: &Value| {
        let (whole, part) = value.as_str().unwrap().split_once('.').unwrap_or((value.as_str().unwrap(), ""));
        format!("{whole}{part:0<9}").parse::<i128>().unwrap()
    };
    for total in report["totals"].as_array().unwrap() {
        let is_same = |row: &&Value| ["provider", "meter", "unit"].iter().all(|key| row[*key] == total[*key]);
        let rows: Vec<&Value> = report["workspaces"].as_array().unwrap().iter().filter(is_same).collect();
        assert!(rows.len() > 1, "{total}");
        assert_eq!(rows.iter().map(|row| nanos(&row["amount"])).sum::<i128>(), nanos(&total["amount"]));
        assert!(rows.windows(2).all(|pair| nanos(&pair[0]["rework"]) >= nanos(&pair[1]["rework"])));
    }
}

#[test]
fn bundles_that_share_no_workspace_are_the_audit_of_all_their_files() {
    let dir = tempfile::tempdir().unwrap();
    let names = ["acme", "Zeta", "", "globex", "initech", "Ünal"];
    let ledgers: Vec<PathBuf> = (0..)
        .zip(names)
        .map(|(seed, name)| {
            let path = dir.path().join(format!("{}.csv", 9 - seed));
            fs::write(&path, workspace(name, seed)).unwrap();
            path
        })
        .collect();
    for seed in 0..4 {
        let mut dice = Dice(seed);
        let mut bundles: Vec<Vec<PathBuf>> = vec![Vec::new(); 3];
        for ledger in &ledgers {
            bundles[usize::try_from(dice.below(3)).unwrap()].push(ledger.clone());
        }
        bundles.retain(|bundle| !bundle.is_empty());
        let bundles: Vec<&[PathBuf]> = bundles.iter().map(Vec::as_slice).collect();
        let files = check(&bundles, &[], &["--plan", "builder"]);
        let report: Value = serde_json::from_slice(&files[Path::new("report.json")]).unwrap();
        let count = |name: &str| report[name].as_array().unwrap().len();
        let page = String::from_utf8_lossy(&files[Path::new("report.html")]);
        assert!(page.contains("<h2>Workspaces, worst first</h2>"));
        assert!(files.contains_key(Path::new("tables/workspaces.csv")));
        check_workspaces(&report);
        assert!(count("totals") > 4 && count("by_session") > 20 && count("chains") > 10 && count("findings") > 2);
    }
    check(&[&ledgers[..3], &ledgers[3..]], &["--user", "ada", "--user", "ben", "--tz", "Asia/Kolkata"], &[]);
    check(&[&ledgers[..1], &ledgers[1..]], &["--action", "fix"], &["--now", "2026-10-20T12:00:00Z"]);
}

/// The rows of a cut, by what they are about, without what may differ where bundles meet.
fn totals(report: &Value, cut: &str) -> Vec<String> {
    let keys =
        ["provider", "meter", "unit", "workspace", "app", "user", "feature", "model", "day", "first", "last", "users"];
    let told = |row: &Value| {
        let told: Vec<String> = keys.iter().map(|key| row[*key].to_string()).collect();
        format!("{} {} {} {}", told.join(" "), row["events"], row["amount"], row["value"])
    };
    let mut rows: Vec<String> = report[cut].as_array().unwrap().iter().map(told).collect();
    rows.sort();
    rows
}

#[test]
fn months_of_one_workspace_add_up_and_say_what_is_not_exact() {
    let dir = tempfile::tempdir().unwrap();
    let months: Vec<PathBuf> =
        ["08", "09", "10"].map(|month| format!("sample-data/ledger-2026-{month}.csv").into()).into();
    let bundles: Vec<PathBuf> = (0..3).map(|number| dir.path().join(format!("month-{number}"))).collect();
    for (month, bundle) in months.iter().zip(&bundles) {
        assert_eq!(run("rollup", slice::from_ref(month), bundle, &[]).code, 0);
    }
    let report = |command: &str, paths: &[PathBuf]| {
        let place = dir.path().join(command);
        let ran = run(command, paths, &place, &["--plan", "builder"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        serde_json::from_slice::<Value>(&fs::read(place.join("report.json")).unwrap()).unwrap()
    };
    let (audited, reported) = (report("audit", &months), report("report", &bundles));
    for cut in ["totals", "by_user", "by_app", "by_day", "by_model"] {
        assert!(totals(&reported, cut) == totals(&audited, cut), "{cut}");
    }
    assert_eq!(reported["forecast"], audited["forecast"]);
    assert_eq!(reported["pool"], audited["pool"]);
    let notes = reported["input"]["notes"].to_string();
    assert!(notes.contains("and no event in two of them") && notes.contains("sessions, chains of repair"), "{notes}");
    assert!(!audited["input"]["notes"].to_string().contains("no event in two"));
}

#[test]
fn features_that_a_column_tells_add_up_over_months() {
    let dir = tempfile::tempdir().unwrap();
    let header = "timestamp,user,app,session,feature,prompt,credits\n";
    let mut dice = Dice(7);
    let mut months = [header.to_owned(), header.to_owned()];
    for n in 0..200 {
        let (month, day) = (n / 100, 1 + n / 4 % 25);
        let (user, app) = (dice.one_of(&["ada", "ben", ""]), dice.one_of(&["shop", "blog"]));
        let (feature, credits) = (dice.one_of(&["checkout", "search", "login"]), dice.one_of(&["1", "0.3", "2"]));
        let (prompt, minute) = (dice.one_of(&PROMPTS), n % 60);
        months[month] += &format!(
            "2026-{:02}-{day:02}T10:{minute:02}:09Z,{user},{app},s{day}-{month},{feature},{prompt:?},{credits}\n",
            8 + month
        );
    }
    let paths = ["august", "september"].map(|name| dir.path().join(format!("{name}.csv")));
    let bundles = ["august", "september"].map(|name| dir.path().join(name));
    for ((path, bundle), text) in paths.iter().zip(&bundles).zip(&months) {
        fs::write(path, text).unwrap();
        assert_eq!(run("rollup", slice::from_ref(path), bundle, &[]).code, 0);
    }
    let report = |command: &str, inputs: &[PathBuf]| {
        let place = dir.path().join(command);
        assert_eq!(run(command, inputs, &place, &[]).code, 0);
        serde_json::from_slice::<Value>(&fs::read(place.join("report.json")).unwrap()).unwrap()
    };
    let (audited, reported) = (report("audit", &paths), report("report", &bundles));
    for cut in ["totals", "by_user", "by_feature", "by_app", "by_day", "by_session"] {
        assert_eq!(totals(&reported, cut), totals(&audited, cut), "{cut}");
    }
    assert!(
        reported["input"]["notes"].to_string().contains("what has no workspace stands in"),
        "{}",
        reported["input"]["notes"]
    );
}

#[test]
fn names_that_nothing_has_and_other_names_are_asked_of_a_bundle_too() {
    let dir = tempfile::tempdir().unwrap();
    let (config, aliases) = (dir.path().join("team.toml"), dir.path().join("aliases.toml"));
    fs::write(&config, "[budget.user]\n\"Maya\" = \"10\"\n\"nobody\" = \"3\"\n[budget.feature]\n\"no such\" = \"5\"\n")
        .unwrap();
    fs::write(&aliases, "[users]\n\"maya.okafor@example.com\" = [\"Maya\"]\n").unwrap();
    let (config, aliases) = (config.to_str().unwrap(), aliases.to_str().unwrap());
    let both = ["--aliases", aliases];
    let files = check(&[&["sample-data".into()]], &both, &[&both[..], &["--config", config]].concat());
    let report = String::from_utf8_lossy(&files[Path::new("report.json")]).into_owned();
    assert!(report.contains("nothing in the files is called") && report.contains("nobody"));
    check(&[&["sample-data".into()]], &["--user", "nobody", "--user", "theo.lindqvist@example.com"], &[]);
}

#[test]
fn pseudonyms_stand_in_bundles() {
    let dir = tempfile::tempdir().unwrap();
    let (config, salt) = (dir.path().join("team.toml"), dir.path().join("salt"));
    fs::write(&config, "[budget.user]\n\"maya.okafor@example.com\" = \"10\"\n").unwrap();
    fs::write(&salt, "a long and random text for this test alone\n").unwrap();
    let bundle = dir.path().join("bundle");
    let masked = ["--pseudonymize", "--salt", salt.to_str().unwrap()];
    let ran = run("rollup", &["sample-data".into()], &bundle, &masked);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for (path, bytes) in files(&bundle) {
        let is_table = path.extension().is_some_and(|end| end == "parquet");
        let text = if is_table { cells(bytes).join("\n") } else { String::from_utf8(bytes).unwrap() };
        assert!(!text.to_lowercase().contains("okafor"), "{}", path.display());
    }
    let asking = ["--config", config.to_str().unwrap()];
    let report = |options: &[&str]| run("report", slice::from_ref(&bundle), &dir.path().join("report"), options);
    let ran = report(&asking);
    assert!(ran.code == 2 && ran.stderr.contains("give their --salt"), "{}", ran.stderr);
    assert_eq!(report(&[&asking[..], &masked[1..]].concat()).code, 0);
    let reported = files(&dir.path().join("report"));
    let audited = dir.path().join("audit");
    assert_eq!(run("audit", &["sample-data".into()], &audited, &[&asking[..], &masked].concat()).code, 0);
    assert!(reported[Path::new("report.json")] == files(&audited)[Path::new("report.json")]);
}

#[test]
fn bundles_are_compared_as_their_files_are() {
    let dir = tempfile::tempdir().unwrap();
    let months = ["08", "09"].map(|month| format!("sample-data/ledger-2026-{month}.csv"));
    let bundles = ["08", "09"].map(|month| dir.path().join(month));
    for (month, bundle) in months.iter().zip(&bundles) {
        assert_eq!(run("rollup", &[month.into()], bundle, &["--tz", "Europe/Berlin"]).code, 0);
    }
    let compared = |one: &Path, other: &Path, options: &[&str]| {
        let mut args: Vec<OsString> =
            vec!["compare".into(), one.into(), other.into(), "--format".into(), "json".into()];
        args.extend(options.iter().map(Into::into));
        let ran = creditscope(&args);
        (ran.code, ran.stdout, ran.stderr)
    };
    let accounts = |ran: &(i32, String, String)| {
        let view: Value = serde_json::from_str(&ran.1).unwrap_or_else(|_| panic!("{}", ran.2));
        view["accounts"].clone()
    };
    let zone = ["--tz", "Europe/Berlin"];
    let expected = accounts(&compared(months[0].as_ref(), months[1].as_ref(), &zone));
    assert_eq!(accounts(&compared(&bundles[0], &bundles[1], &[])), expected);
    assert_eq!(accounts(&compared(&bundles[0], months[1].as_ref(), &zone)), expected);
    let (code, _, said) = compared(&bundles[0], months[1].as_ref(), &[]);
    assert!(code == 2 && said.contains("give both the same --tz"), "{said}");
    let (code, _, said) = compared(&bundles[0], &bundles[1], &["--user", "theo"]);
    assert!(code == 2 && said.contains("holds no events to choose from"), "{said}");
}

#[test]
fn events_that_stand_in_two_bundles_are_found_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let [one, other] = ["one", "other"].map(|name| dir.path().join(name));
    let months: Vec<PathBuf> =
        ["08", "09", "10"].map(|month| format!("sample-data/ledger-2026-{month}.csv").into()).into();
    assert_eq!(run("rollup", &months[..2], &one, &[]).code, 0);
    assert_eq!(run("rollup", &months[1..], &other, &[]).code, 0);
    let ran = run("report", &[one, other], &dir.path().join("report"), &[]);
    assert_eq!(ran.code, 2);
    let inspected = inspected(&months[1], 0);
    let count = &inspected["files"][0]["accepted"];
    assert!(ran.stderr.contains(&format!("both hold {count} events of the workspace larkspur")), "{}", ran.stderr);
    assert!(ran.stderr.contains("audit the files of both together"), "{}", ran.stderr);
    assert!(!dir.path().join("report").exists());
}

#[test]
fn bundles_that_count_otherwise_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let [one, other] = ["one", "other"].map(|name| dir.path().join(name));
    let rollup = |month: &str, bundle: &Path, options: &[&str]| {
        assert_eq!(run("rollup", &[format!("sample-data/ledger-2026-{month}.csv").into()], bundle, options).code, 0);
    };
    rollup("08", &one, &[]);
    for (options, what) in [
        (&["--tz", "Europe/Berlin"][..], "their zones differ"),
        (&["--gap", "1h"], "their pauses between sessions differ"),
        (&["--meter", "message"], "their choices of events differ"),
    ] {
        rollup("09", &other, options);
        let ran = run("report", &[one.clone(), other.clone()], &dir.path().join("report"), &[]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(what), "{}", ran.stderr);
    }
}

#[test]
fn a_bundle_that_is_not_whole_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let bundle = dir.path().join("bundle");
    assert_eq!(run("rollup", &["sample-data".into()], &bundle, &[]).code, 0);
    let refused = |what: &str| {
        let ran = run("report", slice::from_ref(&bundle), &dir.path().join("report"), &[]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(what), "{}", ran.stderr);
        assert!(!dir.path().join("report").exists(), "no report is left");
    };
    let manifest = fs::read_to_string(bundle.join("manifest.json")).unwrap();
    let write = |text: &str| fs::write(bundle.join("manifest.json"), text).unwrap();
    write(&manifest.replace("creditscope.bundle/v1", "creditscope.bundle/v2"));
    refused("is a bundle of the form creditscope.bundle/v2");
    write("{}");
    refused("its manifest.json is not one of creditscope");
    write(&manifest.replace("\"zone\"", "\"zones\""));
    refused("its manifest.json is damaged");
    write(&manifest);
    let table = fs::read(bundle.join("by_user.parquet")).unwrap();
    fs::write(bundle.join("by_user.parquet"), &table[1..]).unwrap();
    refused("by_user.parquet is not as it was written");
    fs::remove_file(bundle.join("by_user.parquet")).unwrap();
    refused("by_user.parquet");
    fs::write(bundle.join("by_user.parquet"), &table).unwrap();
    assert_eq!(run("report", slice::from_ref(&bundle), &dir.path().join("report"), &[]).code, 0);
    let ran = run("report", &[dir.path().join("report")], &dir.path().join("other"), &[]);
    assert!(ran.stderr.contains("is a report, not a bundle"), "{}", ran.stderr);
    let ran = run("report", &["sample-data".into()], &dir.path().join("other"), &[]);
    assert!(ran.stderr.contains("is no bundle"), "{}", ran.stderr);
    let ran = run("report", slice::from_ref(&bundle), &bundle, &[]);
    assert_eq!(ran.code, 2, "a report does not replace the bundle it is made from");
}

/// Words of prompts that no feature, user or app is called.
const LEDGER: &str = "timestamp,workspace,user,app,session,feature,prompt,credits,event_id,status
2026-10-05T08:00:00Z,acme,ada,shop,s1,cart,Unmistakable zweihander prompt one,2,e1,success
2026-10-05T08:03:00Z,acme,ada,shop,s1,cart,the zweihander fails again,1,e2,success
2026-10-05T08:04:00Z,acme,ada,shop,s1,cart,quixotic zweihander row,about three,e3,success
2026-10-05T08:05:00Z,acme,ada,shop,s1,cart,xylophone surplus,1,e4,success,surplus
";

#[test]
fn a_bundle_holds_no_prompt() {
    let (dir, ledger) = file("ledger.csv", LEDGER);
    let bundle = dir.path().join("bundle");
    assert_eq!(run("rollup", slice::from_ref(&ledger), &bundle, &[]).code, 0);
    let written = files(&bundle);
    assert!(written.len() > 30);
    for (path, bytes) in written {
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if path.extension().is_some_and(|end| end == "parquet") {
            text += &format!("{:?}", cells(bytes));
        }
        for word in ["unmistakable", "zweihander", "quixotic", "xylophone"] {
            assert!(!text.to_lowercase().contains(word), "{} holds {word}", path.display());
        }
    }
    let ran = run("rollup", &[ledger], &dir.path().join("other"), &["--keep-prompts"]);
    assert_eq!((ran.code, ran.stderr.contains("a bundle never holds prompts")), (2, true), "{}", ran.stderr);
}

/// Every row of a Parquet file, in words.
fn cells(bytes: Vec<u8>) -> Vec<String> {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect()
}

#[test]
fn every_table_of_a_bundle_is_explained() {
    let dir = tempfile::tempdir().unwrap();
    let bundle = dir.path().join("bundle");
    assert_eq!(run("rollup", &["sample-data".into()], &bundle, &[]).code, 0);
    let text = fs::read_to_string("docs/bundle.md").unwrap();
    let names: Vec<String> =
        files(&bundle).keys().map(|path| path.file_stem().unwrap().to_string_lossy().into()).collect();
    assert!(names.len() > 35);
    for name in names {
        assert!(
            text.contains(&format!("`{name}`")) || text.contains(&format!("`{name}.json`")),
            "docs/bundle.md lacks {name}"
        );
    }
}

#[test]
fn apps_that_only_ids_tell_apart_are_not_added_by_their_name() {
    let dir = tempfile::tempdir().unwrap();
    let month = |month: u32, amounts: [u32; 2]| {
        let row = |(at, amount): (u32, u32)| format!("2026-{month:02}-0{at}T09:00:00Z,acme,shop,a{at},{amount}\n");
        let rows: Vec<String> = (1..).zip(amounts).map(row).collect();
        let path = dir.path().join(format!("{month}.csv"));
        fs::write(&path, format!("timestamp,workspace,app,app_id,credits\n{}", rows.concat())).unwrap();
        let bundle = dir.path().join(format!("b{month}"));
        assert_eq!(run("rollup", &[path], &bundle, &[]).code, 0);
        bundle
    };
    let bundles = [month(1, [100, 10]), month(2, [1, 50])];
    let ran = run("report", &bundles, &dir.path().join("report"), &[]);
    assert!(ran.code == 2 && ran.stderr.contains("several apps") && ran.stderr.contains("\"shop\""), "{}", ran.stderr);
}

#[test]
fn people_under_other_salts_or_aliases_are_not_added_up() {
    let dir = tempfile::tempdir().unwrap();
    let check = |options: [&[&str]; 2], expected: &str| {
        let mut bundles = Vec::new();
        for (month, options) in ["2026-08", "2026-09"].into_iter().zip(options) {
            let bundle = dir.path().join(format!("{month}-{}", expected.len()));
            let ledger = PathBuf::from(format!("sample-data/ledger-{month}.csv"));
            let ran = run("rollup", &[ledger], &bundle, options);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            bundles.push(bundle);
        }
        let ran = run("report", &bundles, &dir.path().join("report"), &[]);
        assert!(ran.code == 2 && ran.stderr.contains(expected), "{}", ran.stderr);
    };
    let text = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (one, other) = (text("one.salt", &"1".repeat(40)), text("other.salt", &"2".repeat(40)));
    check([&["--pseudonymize", "--salt", &one], &["--pseudonymize", "--salt", &other]], "their salts differ");
    let aliases = text("aliases.toml", "[users]\n\"Theo\" = [\"theo.lindqvist@example.com\"]\n");
    check([&["--aliases", &aliases], &[]], "different --aliases");
}
