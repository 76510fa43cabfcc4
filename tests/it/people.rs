//! The comparison of people and the chargeback: whole runs over ledgers.
use std::fs;

use serde_json::Value;

use crate::command::{creditscope, json};

const HEADER: &str = "timestamp,user,app,session,feature,kind,credits\n";

/// The report on a ledger, with a configuration.
fn report(rows: &str, config: &str, options: &[&str]) -> (Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let [ledger, settings, report] = ["ledger.csv", "settings.toml", "report"].map(|name| folder.path().join(name));
    fs::write(&ledger, format!("{HEADER}{rows}")).unwrap();
    fs::write(&settings, config).unwrap();
    let args = ["audit".as_ref(), ledger.as_os_str(), "--config".as_ref(), settings.as_os_str(), "-o".as_ref()];
    let options: Vec<&std::ffi::OsStr> = options.iter().map(AsRef::as_ref).collect();
    let ran = creditscope(&[&args[..], &[report.as_os_str()], &options].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    (json(&report.join("report.json")), fs::read_to_string(report.join("report.html")).unwrap())
}

/// Sessions of six prompts; a fix costs `price`, all else 1; each third prompt is a fix.
fn sessions(user: &str, app: &str, count: usize, price: &str) -> String {
    (0..count * 6).fold(String::new(), |rows, n| {
        let (session, minute) = (n / 6, n % 6 * 5);
        let (kind, credits) = [("generation", "1"), ("revision", "1"), ("fix", price)][n % 3];
        let day = session % 28 + 1;
        rows + &format!(
            "2026-10-{day:02}T09:{minute:02}:00Z,{user},{app},{user} {session},{user} part {n},{kind},{credits}\n"
        )
    })
}

fn of<'r>(report: &'r Value, user: &str) -> &'r Value {
    report["comparison"].as_array().unwrap().iter().find(|row| row["user"] == user).unwrap()
}

#[test]
fn people_are_compared_at_the_same_mix_of_work_and_small_samples_say_so() {
    let rows = sessions("ada", "shop", 8, "3")
        + &sessions("ben", "shop", 8, "1")
        + &sessions("cleo", "shop", 12, "1")
        + &sessions("dan", "shop", 3, "1");
    let (report, page) = report(&rows, "", &[]);
    let ada = of(&report, "ada");
    // 48 prompts, 16 of them fixes at 3 that cost the others 1
    assert_eq!((ada["amount"].as_str(), ada["prompts"].as_u64()), (Some("80"), Some(48)));
    assert_eq!(ada["compared"], "80", "{ada}");
    assert!(ada["ratio"].as_f64().unwrap() > 1.0 && ada["ratio_low"].as_f64().unwrap() > 1.0, "{ada}");
    assert_eq!(
        ada["said"],
        "1.67 times what the same mix of work costs the others (1.67 to 1.67), 32 credits more: look at two or three \
         sessions together"
    );
    // where the others differ as much among themselves, ada is nothing particular
    let among = rows.replace("dan part", "part").replace(",dan,", ",eve,") + &sessions("dan", "shop", 3, "9");
    let (among, _) = self::report(&among, "", &[]);
    assert!(of(&among, "ada")["said"].as_str().unwrap().starts_with("cannot be told from chance"), "{among}");
    assert_eq!((ada["features_delivered"].as_f64(), ada["credits_per_feature"].as_str()), (Some(16.0), Some("5")));
    assert!((ada["rework_share"].as_f64().unwrap() - 0.3333).abs() < 1e-9 && ada["rework_low"].as_f64() < Some(0.3333));
    let cheap = ["ada", "ben", "cleo"].map(|user| sessions(user, "shop", 8, "2")).concat();
    let (cheap, _) = self::report(&(cheap + &sessions("eve", "shop", 8, "0.5")), "", &[]);
    let said = of(&cheap, "eve")["said"].as_str().unwrap();
    assert!(said.starts_with("0.62 times what") && said.ends_with("24 credits less: worth showing how"), "{said}");
    assert!(!of(&cheap, "ada")["said"].as_str().unwrap().contains("look at"), "{cheap}");
    let dan = of(&report, "dan");
    assert!(
        dan["ratio"].is_null() && dan["said"].as_str().unwrap().starts_with("too little to compare: 3 sessions"),
        "{dan}"
    );
    assert!(page.contains("<h2>People</h2>") && !page.contains("<h2>Chargeback</h2>"));
}

#[test]
fn equal_people_are_about_equal_and_few_people_are_not_held_against_each_other() {
    let four = |price: &str| {
        ["ben", "cleo", "dan"].map(|user| sessions(user, "shop", 8, "2")).concat() + &sessions("ada", "shop", 8, price)
    };
    let (equal, _) = report(&four("2"), "", &[]);
    assert!(of(&equal, "ada")["said"].as_str().unwrap().starts_with("about what the same mix"), "{equal}");
    // 2 % more is nothing to act on, however sure it is
    let (near, _) = report(&four("2.08"), "", &[]);
    for user in ["ada", "ben"] {
        assert!(of(&near, user)["said"].as_str().unwrap().starts_with("about what the same mix"), "{near}");
    }
    let (two, _) = report(&(sessions("ada", "shop", 8, "2") + &sessions("ben", "shop", 8, "9")), "", &[]);
    assert_eq!(of(&two, "ben")["said"], "too few to compare with: 1 other person, 3 are needed");
    let (alone, _) = report(&sessions("ada", "shop", 8, "2"), "", &[]);
    assert!(of(&alone, "ada")["said"].as_str().unwrap().starts_with("too few to compare with: 0 other people"));
}

/// A skewed cost: most are small, some are ten times as much.
fn skewed(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let share = (*state >> 33) as f64 / (1_u64 << 31) as f64;
    (share * share * 3.0).exp()
}

#[test]
fn of_many_equal_people_nobody_is_told_apart() {
    for seed in 1..4_u64 {
        let mut state = seed;
        let mut rows = String::new();
        for user in 0..40 {
            for prompt in 0..30 {
                let (day, minute, credits) = (prompt / 5 + 1, prompt % 5 * 5, skewed(&mut state));
                rows += &format!(
                    "2026-10-{day:02}T09:{minute:02}:00Z,u{user},shop,u{user} {day},u{user} {prompt},revision,{credits:.2}\n"
                );
            }
        }
        let (report, _) = report(&rows, "", &[]);
        let said = report["comparison"].as_array().unwrap().iter().map(|row| row["said"].as_str().unwrap());
        let named: Vec<&str> = said.filter(|said| said.contains("look at") || said.contains("worth showing")).collect();
        assert!(named.is_empty(), "{named:#?}");
    }
}

#[test]
fn rare_classes_are_no_yardstick_of_their_own() {
    // only ada regenerates, at 50 each: what that should cost nobody tells
    let dear = (0..8).fold(String::new(), |rows, n| {
        rows + &format!("2026-10-{:02}T09:40:00Z,ada,shop,ada {n},ada part {n},regeneration,50\n", n + 1)
    });
    let rows = ["ada", "ben", "cleo", "dan"].map(|user| sessions(user, "shop", 8, "2")).concat();
    let (report, _) = report(&(rows + &dear), "", &[]);
    let ada = of(&report, "ada");
    assert_eq!(
        (ada["compared"].as_str(), ada["expected"].as_str(), ada["ratio"].as_f64()),
        (Some("64"), Some("64"), Some(1.0))
    );
}

#[test]
fn a_feature_that_several_worked_on_is_split() {
    let rows = ["ada", "ben", "cleo", "dan"]
        .map(|user| format!("2026-10-01T09:00:00Z,{user},shop,{user} 1,checkout,generation,5\n"));
    let (report, page) = report(&rows.concat(), "", &[]);
    let ada = of(&report, "ada");
    assert_eq!((ada["features_delivered"].as_f64(), ada["credits_per_feature"].as_str()), (Some(0.25), Some("20")));
    assert!(page.contains("20 credits (0.25 features)") && page.contains("Cost a feature"));
}

const CENTERS: &str = "[[cost_center]]\nname = \"Client A\"\napps = [\"Shop\"]\n\n\
                       [[cost_center]]\nname = \"Inside\"\nusers = [\"ben\", \"ada\"]\n";

#[test]
fn cost_centers_add_up_and_share_what_lapsed() {
    let rows = sessions("ada", "shop", 4, "1.5") + &sessions("ada", "tool", 2, "1") + &sessions("cleo", "tool", 1, "1");
    let (whole, page) = report(&rows, CENTERS, &["--plan", "starter", "--now", "2026-11-02T00:00:00Z"]);
    let rows: Vec<String> = whole["chargeback"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {} {} {}", row["cost_center"], row["amount"], row["unused"], row["beyond_plan"]))
        .collect();
    // 100 credits, 46 used: 54 lapse, in the proportion of 28, 12 and 6
    assert_eq!(
        rows,
        [
            "\"Client A\" \"28\" \"32.869565217\" \"0\"",
            "\"Inside\" \"12\" \"14.086956522\" \"0\"",
            "null \"6\" \"7.043478261\" \"0\""
        ]
    );
    assert!(page.contains("<h2>Chargeback</h2>") && page.contains("Client A"));
    assert!(page.contains("follow the use of each in each cycle"));
    assert!(page.contains("32.87 credits") && !page.contains("32.869565217"));
    let (part, _) = report(&sessions("ada", "shop", 4, "1.5"), CENTERS, &["--plan", "starter", "--user", "ada"]);
    assert_eq!(part["chargeback"][0]["unused"], Value::Null, "what lapsed belongs to the whole");
}

/// Cost centres X and Y by app, with what they used, what lapsed and what went beyond the plan.
#[track_caller]
fn check_charged(rows: &str, options: &[&str], expected: &[&str]) {
    const APPS: &str = "[[cost_center]]\nname = \"X\"\napps = [\"X\"]\n[[cost_center]]\nname = \"Y\"\napps = [\"Y\"]\n";
    let (report, _) = report(rows, APPS, &[&["--plan", "starter"], options].concat());
    let row = |row: &Value| {
        let text = |key: &str| row[key].as_str().unwrap_or("-").to_owned();
        format!(
            "{}: {} used, {} unused, {} beyond",
            text("cost_center"),
            text("amount"),
            text("unused"),
            text("beyond_plan")
        )
    };
    assert_eq!(report["chargeback"].as_array().unwrap().iter().map(row).collect::<Vec<_>>(), expected);
}

/// Uses of an app on the first days of a month, of so much each.
fn uses(month: u32, app: &str, count: usize, credits: &str) -> String {
    (1..=count).fold(String::new(), |rows, day| {
        rows + &format!("2026-{month:02}-{day:02}T09:00:00Z,ann,{app},s{month}{day},part,generation,{credits}\n")
    })
}

#[test]
fn each_cycle_is_settled_with_those_who_used_it() {
    // starter holds 100: X leaves 50 of August, Y takes 150 in September
    let two = uses(8, "X", 10, "5") + &uses(9, "Y", 15, "10");
    let now = ["--now", "2026-10-02T00:00:00Z"];
    check_charged(&two, &now, &["X: 50 used, 50 unused, 0 beyond", "Y: 150 used, 0 unused, 50 beyond"]);
    check_charged(&two, &["--cycle", "2026-08"], &["X: 50 used, 50 unused, 0 beyond", "Y: 0 used, 0 unused, 0 beyond"]);
    check_charged(
        &two,
        &["--from", "2026-08-05"],
        &["X: 30 used, 0 unused, 0 beyond", "Y: 150 used, 0 unused, 50 beyond"],
    );
    // a cycle that nobody used is nobody's
    let gap = uses(7, "X", 10, "5") + &uses(9, "X", 10, "10");
    check_charged(
        &gap,
        &now,
        &["X: 150 used, 50 unused, 0 beyond", "Y: 0 used, 0 unused, 0 beyond", "-: 0 used, 100 unused, 0 beyond"],
    );
    // 130 used and 10 given back: 20 beyond; in the next month 60 and 10 given back: 50 unused
    let back = uses(8, "X", 13, "10") + &uses(9, "Y", 6, "10");
    let refund = |month: u32| {
        format!("2026-{month:02}-20T09:00:00Z,ann,{},r,part,generation,-10\n", if month == 8 { "X" } else { "Y" })
    };
    check_charged(
        &(back + &refund(8) + &refund(9)),
        &now,
        &["X: 120 used, 0 unused, 20 beyond", "Y: 50 used, 50 unused, 0 beyond"],
    );
}

#[test]
fn credits_that_rolled_over_are_the_plans() {
    let folder = tempfile::tempdir().unwrap();
    let plans = folder.path().join("plans.toml");
    let built_in = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/plans.toml")).unwrap();
    let rolling =
        built_in.replace("id = \"starter\"\n", "id = \"starter\"\nrollover = \"cycles\"\nrollover_length = 1\n");
    fs::write(&plans, rolling).unwrap();
    let rows = uses(8, "X", 10, "5") + &uses(9, "Y", 14, "10");
    let options = ["--plans", plans.to_str().unwrap(), "--now", "2026-10-02T00:00:00Z"];
    check_charged(&rows, &options, &["X: 50 used, 0 unused, 0 beyond", "Y: 140 used, 0 unused, 0 beyond"]);
}

#[test]
fn what_the_ledger_books_of_the_plan_counts() {
    let folder = tempfile::tempdir().unwrap();
    let [settings, report] = ["settings.toml", "report"].map(|name| folder.path().join(name));
    fs::write(&settings, CENTERS).unwrap();
    let args = ["audit", "sample-data", "--plan", "builder", "--config", settings.to_str().unwrap()];
    let ran = creditscope(&[&args[..], &["-o", report.to_str().unwrap()]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report = json(&report.join("report.json"));
    let charged = report["chargeback"].as_array().unwrap().iter().filter(|row| row["unit"] == "credits");
    let unused: Vec<f64> = charged.filter_map(|row| row["unused"].as_str()?.parse().ok()).collect();
    // July has no grant; the ledger books the expiry of 146.9 in August and of 134 in September
    assert!((unused.iter().sum::<f64>() - 280.9).abs() < 1e-6, "{unused:?}");
}

#[test]
fn a_wrong_cost_center_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.toml");
    for (text, expected) in [
        ("[[cost_center]]\nname = \"a\"\n", "the cost center \"a\" pays for nothing"),
        ("[[cost_center]]\nusers = [\"a\"]\n", "has no name"),
        ("[[cost_center]]\nname = \"a\"\nperson = [\"x\"]\n", "unknown field `person`"),
    ] {
        fs::write(&settings, text).unwrap();
        let ran = creditscope(&["audit".as_ref(), "sample-data".as_ref(), "--config".as_ref(), settings.as_os_str()]);
        assert!(ran.code == 2 && ran.stderr.contains(expected), "{}", ran.stderr);
    }
}
