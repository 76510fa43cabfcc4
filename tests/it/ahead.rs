//! Forecast, plans, estimates, budgets and gates, as people use them.
use std::path::Path;

use serde_json::Value;

use crate::command::{audit, creditscope, file, json};

const SAMPLES: &str = "sample-data";

fn answer(args: &[&str]) -> Value {
    let ran = creditscope(args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn amount(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn the_samples_run_out_before_the_reset_and_the_forecast_says_so() {
    let args = ["forecast", SAMPLES, "--plan", "builder", "--now", "2026-10-13", "--format", "json"];
    let message = &answer(&args)["forecast"]["message"];
    assert_eq!(message["reset"], "2026-11-01T00:00:00Z");
    let run_out = message["run_out"].as_str().unwrap();
    assert!(("2026-10-13".."2026-11-01").contains(&&run_out[..10]), "{run_out}");
    assert_eq!((&message["cause"], &message["refused"]), (&Value::Null, &Value::Null));
    let end = ["p10", "p25", "p50", "p75", "p90"].map(|name| amount(&message["cycle_end"][name]));
    assert!(end.is_sorted(), "{end:?}");
    let left = amount(&message["balance"]) + amount(&message["used"]);
    assert!((left - 250.0).abs() < 1e-6, "what is left and what was used are the plan: {left}");
}

#[test]
fn without_a_plan_consumption_is_told_and_no_run_out() {
    let message = &answer(&["forecast", SAMPLES, "--now", "2026-10-13", "--format", "json"])["forecast"]["message"];
    assert_eq!((&message["run_out"], &message["cycle_end_is"]), (&Value::Null, &"consumption".into()));
    assert!(message["cause"].as_str().unwrap().contains("--plan"));
    assert!(amount(&message["cycle_end"]["p50"]) >= amount(&message["used"]));
}

#[test]
fn what_comes_after_now_and_what_is_selected_change_no_forecast() {
    let of = |more: &[&str]| {
        let mut args = vec!["forecast", SAMPLES, "--plan", "builder", "--now", "2026-10-13", "--format", "json"];
        args.extend(more);
        answer(&args)["forecast"].clone()
    };
    assert_eq!(of(&[]), of(&["--to", "2026-10-12"]));
    assert_eq!(of(&[]), of(&["--user", "theo.lindqvist@example.com"]));
}

#[test]
fn a_reset_day_moves_the_cycle_and_a_cycle_selects_its_events() {
    let args = ["forecast", SAMPLES, "--reset-day", "15T14:30", "--now", "2026-10-20", "--format", "json"];
    let message = &answer(&args)["forecast"]["message"];
    let span = (&message["cycle_start"], &message["reset"]);
    assert_eq!(span, (&"2026-10-15T14:30:00Z".into(), &"2026-11-15T14:30:00Z".into()));
    let (_dir, report, _) = audit(&[Path::new(SAMPLES)], &["--cycle", "2026-09"]);
    let report = json(&report.join("report.json"));
    let totals = report["totals"].as_array().unwrap();
    let message = totals.iter().find(|row| row["provider"] == "base44" && row["meter"] == "message").unwrap();
    assert_eq!(message["amount"], "116");
    let ran = creditscope(&["forecast", SAMPLES, "--cycle", "2026-13"]);
    assert!(ran.code == 2 && ran.stderr.contains("--cycle \"2026-13\""), "{}", ran.stderr);
}

#[test]
fn too_little_history_is_refused() {
    let (_dir, path) = file("few.csv", "timestamp,credits\n2026-10-01T08:00:00Z,1\n2026-10-02T08:00:00Z,2\n");
    let message = &answer(&["forecast", path.to_str().unwrap(), "--format", "json"])["forecast"]["message"];
    assert!(message["refused"].as_str().unwrap().contains("14 are needed"));
    assert_eq!((&message["cycle_end"], &message["run_out"]), (&Value::Null, &Value::Null));
}

#[test]
fn plans_are_compared_and_the_dearest_blocks_least() {
    let fit = &answer(&["plan", SAMPLES, "--format", "json"])["plan_fit"];
    let plans = fit["plans"].as_array().unwrap();
    let ids: Vec<&str> = plans.iter().map(|plan| plan["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["free", "starter", "builder", "pro", "elite"]);
    let blocked: Vec<u64> = plans.iter().map(|plan| plan["blocked_days"].as_u64().unwrap()).collect();
    assert!(blocked.is_sorted_by(|smaller, larger| smaller >= larger), "{blocked:?}");
    assert!(plans.iter().any(|plan| plan["id"] == fit["recommended"]));
    assert!(creditscope(&["plan", "list"]).stdout.contains("builder"));
}

#[test]
fn an_estimate_needs_no_data_and_tells_whose_credits_it_counts() {
    let estimate = &answer(&["estimate", "saas-mvp", "--spec", "written", "--format", "json"])["estimate"];
    assert_eq!((&estimate["p10"], &estimate["p90"]), (&"125".into(), &"350".into()));
    // plans hold credits of the vendor, of which one is about ten of the article's
    assert_eq!((&estimate["counted_in"], &estimate["converted"]["p90"]), (&"article-2026-04".into(), &"35".into()));
    let plans = estimate["plans"].as_array().unwrap();
    let starter = plans.iter().find(|plan| plan["id"] == "starter").unwrap();
    assert_eq!((&starter["cycles_p90"], &estimate["fastest"]), (&1.into(), &"starter".into()));
    let same = &answer(&["estimate", "saas-mvp", "--profile", "article-2026-04", "--format", "json"])["estimate"];
    assert_eq!((&same["converted"], same["plans"].as_array().unwrap().len()), (&Value::Null, 0));
    let ran = creditscope(&["estimate", "moon"]);
    assert!(ran.code == 2 && ran.stderr.contains("use one of simple-tool"), "{}", ran.stderr);
}

#[test]
fn an_estimate_is_spread_over_months() {
    let enough = |months: &str| {
        let estimate = answer(&["estimate", "saas-mvp", "--spec", "none", "--months", months, "--format", "json"]);
        estimate["estimate"]["enough"].clone()
    };
    assert_eq!((enough("1"), enough("4")), ("starter".into(), "free".into()));
    assert_eq!(creditscope(&["estimate", "saas-mvp", "--months", "0"]).code, 2);
    // items of one team are dear or cheap together, and nobody waits for twelve months of a free plan
    let (_dir, scope) = file("long.txt", "100 feature\n100 rebuild\n");
    let long = &answer(&["estimate", "--scope", scope.to_str().unwrap(), "--format", "json"])["estimate"];
    let [low, high] = ["p10", "p90"].map(|end| amount(&long[end]));
    assert!(high / low > 1.15 && long["cheapest"] != "free", "{long}");
}

#[test]
fn an_estimate_goes_by_the_teams_own_past() {
    let (_dir, scope) = file("scope.txt", "3 feature\n5 revision\n");
    let of = |more: &[&str]| {
        let args = ["estimate", "--scope", scope.to_str().unwrap(), "--format", "json"];
        answer(&[&args[..], more].concat())["estimate"].clone()
    };
    let (plain, own) = (of(&[]), of(&["--history", SAMPLES]));
    assert!(amount(&own["p50"]) > amount(&plain["p50"]), "the sample's features were changed and repaired: {own}");
    assert!(own["steps"].to_string().contains("features of this team"), "{own}");
    assert!(amount(&own["p10"]) < amount(&own["p50"]) && amount(&own["p50"]) < amount(&own["p90"]));
    let project = answer(&["estimate", "saas-mvp", "--history", SAMPLES, "--format", "json"])["estimate"].clone();
    assert!(project["steps"].to_string().contains("the team's rework of"), "{project}");
    // four of the five apps of the samples took more than 99 credits so far
    assert!(project["steps"].to_string().contains("the 5 apps of this team took"), "{project}");
    let [low, high] = ["p10", "p90"].map(|end| amount(&project["converted"][end]));
    assert!(low < 40.0 && high > 130.0, "{project}");
    let (_dir, other) = file(
        "cursor.csv",
        "Date,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost\n",
    );
    let ran = creditscope(&["estimate", "saas-mvp", "--history", other.to_str().unwrap()]);
    assert!(ran.code == 2 && ran.stderr.contains("--history"), "{}", ran.stderr);
}

#[test]
fn a_gate_fails_the_run_and_the_report_is_written_all_the_same() {
    let now = ["--plan", "builder", "--now", "2026-10-13", "--fail-on", "run-out"];
    let (_dir, report, ran) = audit(&[Path::new(SAMPLES)], &now);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("failed on base44: message credits") && report.join("report.json").is_file());
    let (_dir, _, ran) = audit(&[Path::new(SAMPLES)], &[&now[..], &["--warn-only"]].concat());
    assert_eq!(ran.code, 0);
    let (_dir, _, ran) = audit(&[Path::new(SAMPLES)], &["--fail-on", "rework=1%"]);
    assert_eq!(ran.code, 1);
    let (_dir, report, ran) = audit(&[Path::new(SAMPLES)], &["--fail-on", "sunshine"]);
    assert!(ran.code == 2 && !report.exists(), "{}", ran.stderr);
}

#[test]
fn budgets_are_held_against_the_cycle() {
    let text = "[budget]\nall = \"1000\"\n[budget.user]\n\"theo.lindqvist@example.com\" = \"10\"\n";
    let (_config, path) = file("team.toml", text);
    let options = ["--config", path.to_str().unwrap(), "--now", "2026-10-31", "--fail-on", "budget"];
    let (_dir, report, ran) = audit(&[Path::new(SAMPLES)], &options);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let budgets = &json(&report.join("report.json"))["budgets"];
    assert_eq!((&budgets[0]["state"], &budgets[1]["state"]), (&"below_50".into(), &"at_100".into()));
    let page = std::fs::read_to_string(report.join("report.html")).unwrap();
    let section = page.split("<section id=budgets>").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(section.contains("user theo.lindqvist@example.com") && section.contains("used up"), "{section}");
    let (_dir, _, ran) = audit(&[Path::new(SAMPLES)], &[&options[..], &["--warn-only"]].concat());
    assert!(ran.code == 0 && ran.stderr.contains("budget of user theo.lindqvist@example.com"), "{}", ran.stderr);
}

#[test]
fn a_month_that_is_over_is_held_against_its_own_budget() {
    let (_config, path) = file("team.toml", "[budget]\nall = \"200\"\n");
    let check = |more: &[&str], code: i32, start: &str| {
        let options = [&["--config", path.to_str().unwrap(), "--fail-on", "budget"], more].concat();
        let (_dir, report, ran) = audit(&[Path::new(SAMPLES)], &options);
        assert_eq!(ran.code, code, "{more:?}: {}", ran.stderr);
        assert_eq!(json(&report.join("report.json"))["budgets"][0]["cycle_start"], start, "{more:?}");
    };
    check(&[], 1, "2026-10-01T00:00:00Z");
    check(&["--cycle", "2026-10"], 1, "2026-10-01T00:00:00Z");
    check(&["--cycle", "2026-09"], 0, "2026-09-01T00:00:00Z");
    check(&["--now", "2026-11-02"], 0, "2026-11-01T00:00:00Z");
}

/// Use of one credit a day in a month by a vendor.
fn month(provider: &str, month: u32) -> String {
    let days: Vec<String> = (1..=28).map(|day| format!("2026-{month:02}-{day:02}T09:00:00Z,{provider},1\n")).collect();
    days.concat()
}

#[test]
fn a_vendor_whose_export_ends_early_is_not_told_to_use_nothing() {
    let text = format!("timestamp,provider,credits\n{}{}", month("base44", 1), month("lovable", 6));
    let (_dir, path) = file("two.csv", &text);
    let path = path.to_str().unwrap();
    let message = &answer(&["forecast", path, "--format", "json"])["forecast"]["message"];
    let told = (&message["as_of"], &message["reset"], &message["used"]);
    assert_eq!(told, (&"2026-01-29T00:00:00Z".into(), &"2026-02-01T00:00:00Z".into(), &"28".into()));
    let ran = creditscope(&["forecast", path]);
    assert!(ran.stdout.contains("data end on 28 Jan 2026"), "{}", ran.stdout);
    let (_config, config) = file("team.toml", "[budget]\nall = 20\n");
    let (_out, _, ran) = audit(&[Path::new(path)], &["--config", config.to_str().unwrap(), "--fail-on", "budget"]);
    assert!(ran.code == 1 && ran.stderr.contains("28 of 20 credits used since 1 Jan 2026"), "{}", ran.stderr);
    let given = &answer(&["forecast", path, "--now", "2026-06-29", "--format", "json"])["forecast"]["message"];
    assert_eq!((&given["as_of"], &given["used"]), (&"2026-06-29T00:00:00Z".into(), &"0".into()));
}

#[test]
fn totals_of_days_are_not_drawn_as_use_at_midnight() {
    let rows = |days: u32, events: u32| -> String {
        let day = |day| format!("2026-05-{day:02},day,5\n");
        let event = |hour| format!("2026-05-03T{hour:02}:30:00Z,event,1\n");
        (1..=days).map(day).chain((8..8 + events).map(event)).collect()
    };
    let hours = |text: &str| {
        let (_dir, path) = file("days.csv", format!("timestamp,grain,credits\n{text}"));
        let (_out, report, ran) = audit(&[&path], &["--tz", "UTC"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        std::fs::read_to_string(report.join("charts/base44-message-credits-hours.svg")).ok()
    };
    assert_eq!(hours(&rows(9, 3)), None);
    let chart = hours(&rows(2, 8)).unwrap();
    assert!(chart.contains("10 more tell no hour") && !chart.contains("00:00 to 01:00"), "{chart}");
}

#[test]
fn use_that_comes_in_bursts_is_not_told_to_be_nothing() {
    // one day in twelve, and four days before the reset
    let days: String = (0..26).fold(String::from("timestamp,credits\n"), |rows, burst| {
        let (month, day) = (1 + burst * 12 / 28, 1 + burst * 12 % 28);
        rows + &format!("2026-{month:02}-{day:02}T09:00:00Z,{}\n", 40 + burst % 3 * 30)
    });
    let (_dir, path) = file("bursts.csv", days);
    let ran = creditscope(&["forecast", path.to_str().unwrap(), "--now", "2026-11-27"]);
    assert!(ran.stdout.contains("the use comes in bursts"), "{}", ran.stdout);
    assert!(
        !ran.stdout.contains("0 credits on average") && !ran.stdout.contains("0 credits expected"),
        "{}",
        ran.stdout
    );
    let args = ["forecast", path.to_str().unwrap(), "--now", "2026-11-27", "--format", "json"];
    let message = &answer(&args)["forecast"]["message"];
    assert!(amount(&message["consumption_mean"]) > amount(&message["consumption"]["p50"]), "{message}");
}

#[test]
fn use_that_stopped_is_not_forecast() {
    let text = format!("timestamp,provider,credits\n{}", month("base44", 1));
    let (_dir, path) = file("over.csv", text);
    let args = ["forecast", path.to_str().unwrap(), "--now", "2026-04-01", "--format", "json"];
    let message = &answer(&args)["forecast"]["message"];
    assert!(message["refused"].as_str().unwrap().contains("nothing was used in the last 62 days"), "{message}");
}

#[test]
fn a_cycle_that_runs_out_tells_what_upgrade_top_up_and_waiting_cost() {
    let fit = |plan: &str, more: &[&str]| {
        let args = ["plan", SAMPLES, "--plan", plan, "--now", "2026-10-13", "--format", "json"];
        answer(&[&args[..], more].concat())["plan_fit"].clone()
    };
    let unpriced = &fit("builder", &[])["shortfalls"][0];
    let ways = |shortfall: &Value| {
        let ways = shortfall["ways"].as_array().unwrap().iter();
        ways.map(|way| (way["way"].as_str().unwrap().to_owned(), way["cost"].clone())).collect::<Vec<_>>()
    };
    let named = |kind: &str, cost: Value| (kind.to_owned(), cost);
    assert_eq!(
        ways(unpriced),
        [named("wait", "0".into()), named("top-up", Value::Null), named("upgrade", "50".into())]
    );
    assert!(unpriced["ways"][0]["days_lost"].as_u64().unwrap() > 5, "{unpriced}");
    assert!(unpriced["stops"].as_str().unwrap().contains("the apps stay up"));
    // below the break-even price topping up is cheaper, above it the upgrade
    let even = amount(&unpriced["break_even_price"]);
    for (price, cheaper) in [(even - 0.01, "A top-up is cheaper"), (even + 0.01, "Pro is cheaper")] {
        let priced = &fit("builder", &["--topup-price", &format!("{price:.4}")])["shortfalls"][0];
        assert!(priced["advice"].as_str().unwrap().starts_with(cheaper), "{priced}");
    }
    assert!(fit("elite", &[])["shortfalls"].as_array().unwrap().is_empty());
}

#[test]
fn free_plans_have_no_top_ups_and_what_stops_is_told() {
    let ran = creditscope(&["plan", SAMPLES, "--plan", "free", "--now", "2026-10-13"]);
    assert!(ran.stdout.contains("not possible, Free has no top-ups"), "{}", ran.stdout);
    let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("building stops until the next day or the reset"), "{text}");
}

#[test]
fn top_ups_make_message_credits_last_and_no_integration_credits() {
    let fit = &answer(&["plan", SAMPLES, "--topup-price", "0.05", "--format", "json"])["plan_fit"];
    for plan in fit["plans"].as_array().unwrap() {
        let dry = plan["overrun_integration"].as_f64().unwrap();
        assert!(!plan["holds"].as_bool().unwrap() || dry <= 0.1, "{plan}");
    }
}

/// A ledger of three people, 30 credits each and month, and a catalogue whose plan grants 40 to each seat.
fn three_people() -> (tempfile::TempDir, std::path::PathBuf, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..90).fold("timestamp,user,credits\n".to_owned(), |rows, n| {
        let (month, day, user) = (1 + n / 30, 1 + n % 28, ["ada", "bo", "cy"][n % 3]);
        rows + &format!("2026-{month:02}-{day:02}T09:00:00Z,{user},3\n")
    });
    let (ledger, plans) = (folder.path().join("team.csv"), folder.path().join("plans.toml"));
    std::fs::write(&ledger, rows).unwrap();
    let head = "profile = \"own\"\ndated = \"2026-01-01\"\nprovider = \"base44\"\n";
    let plan = |id: &str, sharing: &str| {
        format!(
            "[[plan]]\nid = \"{id}\"\nname = \"{id}\"\nmessage_credits = \"40\"\nprice_per_month = \"10\"\nper_seat = true\n\
             sharing = \"{sharing}\"\nsource = \"own\"\n"
        )
    };
    std::fs::write(&plans, format!("{head}{}{}", plan("pooled", "pool"), plan("own", "seats"))).unwrap();
    (folder, ledger, plans)
}

#[test]
fn seats_share_a_pool_or_have_credits_of_their_own() {
    let (_folder, ledger, plans) = three_people();
    let missing = |seats: &str| {
        let args = [
            "plan",
            ledger.to_str().unwrap(),
            "--plans",
            plans.to_str().unwrap(),
            "--seats",
            seats,
            "--format",
            "json",
        ];
        let fit = answer(&args)["plan_fit"].clone();
        let plan = |at: usize| fit["plans"][at]["missing"].as_str().unwrap().to_owned();
        (plan(0), plan(1), fit["would_change"].to_string().contains("3 people used message credits"))
    };
    // 90 credits a month of 30 each: two pooled seats hold 80, and of two own ones the third person has none
    assert_eq!(missing("3"), ("0".to_owned(), "0".to_owned(), false));
    assert_eq!(missing("2"), ("30".to_owned(), "90".to_owned(), true));
}

#[test]
fn caps_hold_members_back() {
    let (folder, ledger, plans) = three_people();
    let config = folder.path().join("team.toml");
    std::fs::write(&config, "[member_cap]\nada = 12\nnobody = 1\n").unwrap();
    let args = ["plan", ledger.to_str().unwrap(), "--plans", plans.to_str().unwrap(), "--seats", "3", "--config"];
    let fit = &answer(&[&args[..], &[config.to_str().unwrap(), "--format", "json"]].concat())["plan_fit"];
    let of = |key: &str| fit["plans"][0][key].as_str().unwrap().to_owned();
    assert_eq!(
        (of("capped"), of("missing")),
        ("54".to_owned(), "0".to_owned()),
        "18 of 30 credits of one, three months"
    );
    assert!(fit["recommended"].is_string() && fit["plans"][0]["overrun_probability"].as_f64().unwrap() < 0.5, "{fit}");
    let (_dir, report, _) = audit(&[&ledger], &["--config", config.to_str().unwrap()]);
    let notes = json(&report.join("report.json"))["input"].to_string()
        + &std::fs::read_to_string(report.join("report.html")).unwrap();
    assert!(notes.contains("[member_cap]") && notes.contains("nobody"), "names that meet nothing are told");
    std::fs::write(&config, "[member_cap]\nada = -1\n").unwrap();
    let ran = creditscope(&[&args[..], &[config.to_str().unwrap()]].concat());
    assert!(ran.code == 2 && ran.stderr.contains("the cap of member ada"), "{}", ran.stderr);
    std::fs::write(&config, "[member_cap]\n\"ada\" = 10\n\"ADA\" = 20\n").unwrap();
    let ran = creditscope(&[&args[..], &[config.to_str().unwrap()]].concat());
    assert!(ran.code == 2 && ran.stderr.contains("names one member twice"), "{}", ran.stderr);
}

/// A ledger of so many credits on each day from June on, up to the day before `until`, and rows of its own.
fn daily(folder: &Path, each: u32, until: &str, more: &str) -> std::path::PathBuf {
    let first: chrono::NaiveDate = "2026-06-01".parse().unwrap();
    let days = first.iter_days().take_while(|day| day.to_string().as_str() < until);
    let rows = days.fold(String::new(), |rows, day| rows + &format!("{day}T09:00:00Z,{each},usage\n"));
    let path = folder.join("daily.csv");
    std::fs::write(&path, format!("timestamp,credits,entry\n{rows}{more}")).unwrap();
    path
}

/// What `forecast` tells of the balance on the morning of a day.
#[track_caller]
fn check_balance(ledger: &Path, options: &[&str], now: &str, expected: &str) {
    let args = ["forecast", ledger.to_str().unwrap(), "--format", "json", "--now", now];
    let message = &answer(&[&args[..], options].concat())["forecast"]["message"];
    assert_eq!(message["balance"], expected, "{options:?} {message}");
}

#[test]
fn a_plan_changed_inside_a_cycle_raises_the_limit_and_keeps_what_was_used() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = daily(folder.path(), 9, "2026-09-20", "");
    let before = |told: &'static str| ["--plan", "builder", "--plan-before", told];
    // 19 days of 9 credits are 171; of Starter, 100 were used up on the 12th, when 99 were used and 9 asked for
    check_balance(&ledger, &["--plan", "builder"], "2026-09-20", "79");
    check_balance(&ledger, &before("starter@2026-09-10"), "2026-09-20", "79");
    check_balance(&ledger, &before("starter@2026-09-15T12:00"), "2026-09-20", "114");
    check_balance(&ledger, &before("pro@2026-09-10"), "2026-09-20", "329");
    check_balance(&ledger, &before("starter@2026-05-10"), "2026-09-20", "79");
    let config = folder.path().join("team.toml");
    std::fs::write(&config, "plan = \"builder\"\nplan_before = [\"starter@2026-09-15T12:00\"]\n").unwrap();
    check_balance(&ledger, &["--config", config.to_str().unwrap()], "2026-09-20", "114");
    for (wrong, said) in
        [("starter", "starter@2026-09-12"), ("gold@2026-09-12", "unknown plan"), ("pro@x", "write a day")]
    {
        let ran = creditscope(&["forecast", ledger.to_str().unwrap(), "--plan", "builder", "--plan-before", wrong]);
        assert!(ran.code == 2 && ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[test]
fn grants_of_the_ledger_are_the_plan_or_a_gift_by_their_size() {
    let folder = tempfile::tempdir().unwrap();
    let of = |more: &str, plan: &str, expected: &str| {
        check_balance(&daily(folder.path(), 3, "2026-09-20", more), &["--plan", plan], "2026-09-20", expected);
    };
    of("", "starter", "43");
    of("2026-09-01T10:00:00Z,60,grant\n", "starter", "103");
    of("2026-09-01T10:00:00Z,100,grant\n", "starter", "43");
    of("2026-09-12T10:00:00Z,150,grant\n", "builder", "193");
    of("2026-09-12T10:00:00Z,40,grant\n", "builder", "233");
}

#[test]
fn a_plan_that_gives_by_the_day_gives_no_more_than_the_days_that_are_left() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = daily(folder.path(), 1, "2026-09-02", "");
    check_balance(&ledger, &["--plan", "free"], "2026-09-02", "24");
    let ledger = daily(folder.path(), 0, "2026-09-29", "2026-09-29T09:00:00Z,2,usage\n");
    check_balance(&ledger, &["--plan", "free"], "2026-09-29T12:00:00Z", "8");
}

#[test]
fn the_page_shows_cost_and_risk_by_plan() {
    let (_dir, report, _) = audit(&[Path::new(SAMPLES)], &["--plan", "builder", "--now", "2026-10-13"]);
    let page = std::fs::read_to_string(report.join("report.html")).unwrap();
    assert!(page.contains("Upgrade, top up or wait") && page.contains("chance of running dry"));
    let chart = std::fs::read_to_string(report.join("charts/plans.svg")).unwrap();
    assert!(chart.contains("pays up to, credits") && chart.contains("Builder"), "{chart}");
}
