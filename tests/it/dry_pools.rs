//! What is looked ahead at where data are not all there is: pools that ran dry, old exports, plans without a price.
use serde_json::Value;

use crate::command::{creditscope, file};

fn answer(args: &[&str]) -> Value {
    let ran = creditscope(args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Rows of five a day on days of four months, the rest of each month being refused where that is wanted.
fn months(days: u32, refused: bool) -> String {
    (6..=9).fold(String::from("timestamp,credits,status\n"), |mut rows, month| {
        let last = if month == 6 || month == 9 { 30 } else { 31 };
        for day in 1..=last {
            if day <= days {
                rows += &format!("2026-{month:02}-{day:02}T09:00:00Z,5,success\n");
            } else if refused {
                rows += &format!("2026-{month:02}-{day:02}T10:00:00Z,0,blocked\n");
            }
        }
        rows
    })
}

/// The forecast of message credits in Starter, which has a hundred.
#[track_caller]
fn forecast(text: &str, now: &str) -> (Value, String) {
    let (_dir, path) = file("pool.csv", text);
    let args = ["forecast", path.to_str().unwrap(), "--plan", "starter", "--now", now];
    let told = creditscope(&args).stdout;
    (answer(&[&args[..], &["--format", "json"]].concat())["forecast"]["message"].clone(), told)
}

fn chance(message: &Value) -> f64 {
    message["run_out_chance"].as_f64().unwrap()
}

#[test]
fn a_pool_that_ran_dry_each_month_is_not_probably_enough() {
    for refused in [false, true] {
        let (message, told) = forecast(&months(20, refused), "2026-09-11");
        assert!(chance(&message) > 0.9 && !told.contains("enough"), "{told}");
        let run_out = message["run_out"].as_str().unwrap();
        assert!(("2026-09-19".."2026-09-23").contains(&&run_out[..10]), "{run_out}");
        assert!(told.contains("had run dry on 32 days before"), "{told}");
        // what there is not cannot be used
        assert_eq!(message["consumption"]["p90"], "100");
    }
}

#[test]
fn what_a_team_needs_is_told_by_the_days_on_which_there_was_something() {
    let (_dir, path) = file("pool.csv", months(20, true));
    let fit =
        &answer(&["plan", path.to_str().unwrap(), "--plan", "starter", "--now", "2026-10-01", "--format", "json"]);
    let plans = fit["plan_fit"]["plans"].as_array().unwrap();
    let of = |id: &str| plans.iter().find(|plan| plan["id"] == id).unwrap();
    assert_eq!((&of("starter")["blocked_days"], &of("builder")["blocked_days"]), (&42.into(), &0.into()));
    assert_eq!(fit["plan_fit"]["recommended"], "builder");
}

#[test]
fn idle_days_with_credits_left_stay_idle() {
    let (_, told) = forecast(&months(12, false), "2026-09-11");
    assert!(!told.contains("run dry"), "{told}");
    // used up on the last day of each month
    let (_, told) = forecast(&months(31, false).replace(",5,", ",3.3,"), "2026-09-11");
    assert!(!told.contains("run dry"), "{told}");
    // what was bought was there to be used
    let bought = "2026-06-21T09:00:00Z,100,topup\n2026-07-21T09:00:00Z,100,topup\n2026-08-21T09:00:00Z,100,topup\n";
    let text = months(20, false).replace(",success", ",usage").replace("status", "entry") + bought;
    let (_, told) = forecast(&text, "2026-09-11");
    assert!(!told.contains("run dry"), "{told}");
}

#[test]
fn an_old_export_is_told_and_the_named_moment_obeyed() {
    let (_dir, path) = file("old.csv", months(31, false));
    let path = path.to_str().unwrap();
    let of = |now: &str| creditscope(&["forecast", path, "--plan", "builder", "--now", now]);
    let old = of("2026-10-25");
    assert!(old.stderr.contains("the data end on 30 Sep 2026, 24 days before 25 Oct 2026"), "{}", old.stderr);
    assert!(old.stdout.contains("As if nothing was used after 30 Sep 2026"), "{}", old.stdout);
    for recent in ["2026-10-01", "2026-10-04"] {
        let ran = of(recent);
        assert!(!ran.stderr.contains("the data end") && !ran.stdout.contains("As if"), "{}", ran.stdout);
    }
    let message = &answer(&["forecast", path, "--now", "2026-10-25", "--format", "json"])["forecast"]["message"];
    assert_eq!((&message["as_of"], &message["used"]), (&"2026-10-25T00:00:00Z".into(), &"0".into()));
}

#[test]
fn a_date_far_ahead_is_told_where_it_hides_the_rest() {
    let text = months(31, false) + "2062-09-30T09:00:00Z,5,success\n";
    let (_dir, path) = file("typo.csv", text);
    let ran = creditscope(&["forecast", path.to_str().unwrap()]);
    assert!(ran.stdout.contains("the last use is on 2062-09-30"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_plan_without_the_price_that_is_asked_for_is_named() {
    let plans = "profile = 'own'\ndated = '2026-10-01'\nprovider = 'base44'\n[[plan]]\nid = 'a'\nname = 'Alpha'\n\
                 message_credits = '300'\nprice_per_month = '20'\nprice_per_month_paid_yearly = '15'\nsource = 's'\n\
                 [[plan]]\nid = 'b'\nname = 'Beta'\nmessage_credits = '400'\nprice_per_month = '60'\nsource = 's'\n";
    let ((_dir, path), (_plans, plans)) = (file("pool.csv", months(31, false)), file("plans.toml", plans));
    let args = ["plan", path.to_str().unwrap(), "--plans", plans.to_str().unwrap(), "--now", "2026-10-01"];
    let yearly = creditscope(&[&args[..], &["--billing", "yearly"]].concat());
    let said = "not compared, for lack of a price when paid by the year: Beta";
    assert!(yearly.stderr.contains(said) && !yearly.stdout.contains("Beta"), "{}{}", yearly.stderr, yearly.stdout);
    let monthly = creditscope(&args);
    assert!(monthly.stdout.contains("Beta") && !monthly.stderr.contains("not compared"), "{}", monthly.stderr);
}
