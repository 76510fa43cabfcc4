//! `rollup` and `report`: the two halves of `audit`, byte for byte.
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    slice,
};

use serde_json::Value;

use crate::command::{Ran, creditscope, file, shared};

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
        assert!(count("totals") > 4 && count("by_session") > 20 && count("chains") > 10 && count("findings") > 2);
    }
    check(&[&ledgers[..3], &ledgers[3..]], &["--user", "ada", "--user", "ben", "--tz", "Asia/Kolkata"], &[]);
    check(&[&ledgers[..1], &ledgers[1..]], &["--action", "fix"], &["--now", "2026-10-20T12:00:00Z"]);
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
