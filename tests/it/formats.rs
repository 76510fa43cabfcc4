//! What every command prints for machines, and its help for people in a hurry.
use serde_json::Value;

use crate::command::creditscope;

/// Every command as `--help` lists it.
fn commands() -> Vec<String> {
    let help = creditscope(&["--help"]).stdout;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

#[test]
fn every_command_but_the_scripts_for_shells_has_a_format() {
    let commands = commands();
    assert!(commands.len() > 15, "{commands:?}");
    // workers speak to engines only
    for command in commands.iter().filter(|command| !["help", "completions", "worker"].contains(&command.as_str())) {
        let help = creditscope(&[command, "--help"]).stdout;
        assert!(help.contains("--format <FORMAT>"), "{command}: {help}");
    }
    assert!(creditscope(&["plan", "list", "--help"]).stdout.contains("--format <FORMAT>"));
}

#[track_caller]
fn document(args: &[&str], schema: &str) -> Value {
    let ran = creditscope(args);
    let value: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|err| panic!("{args:?}: {err}: {}", ran.stderr));
    assert_eq!((ran.code, value["schema"].as_str()), (0, Some(schema)), "{args:?}");
    value
}

#[test]
fn lists_are_json_too() {
    let sources = document(&["sources", "--format", "json"], "creditscope.sources/v1");
    assert!(sources["sources"].as_array().unwrap().iter().any(|source| source["name"] == "cursor"));
    let columns = document(&["template", "--format", "json"], "creditscope.template/v1");
    let header = creditscope(&["template"]).stdout;
    let by_hand = columns["columns"].as_array().unwrap().iter().filter(|column| column["by_hand"] == true);
    let by_hand: Vec<&str> = by_hand.map(|column| column["column"].as_str().unwrap()).collect();
    assert_eq!(by_hand.join(","), header.trim_end());
    let plans = document(&["plan", "list", "--format", "json"], "creditscope.plans/v1");
    let text = creditscope(&["plan", "list"]).stdout;
    for plan in plans["plans"]["plans"].as_array().unwrap() {
        assert!(text.contains(plan["id"].as_str().unwrap()), "{plan}");
    }
    document(&["doctor", "--format", "json"], "creditscope.doctor/v1");
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("bundle").display().to_string();
    let told = document(&["rollup", "sample-data", "-o", &bundle, "--format", "json"], "creditscope.rollup/v1");
    assert!(told["events"].as_u64() > Some(500) && told["bundle"] == bundle.as_str(), "{told}");
}

#[test]
fn the_short_help_of_a_command_fits_a_screen() {
    for command in ["audit", "inspect", "classify", "convert", "forecast", "plan", "compare", "rollup", "report"] {
        let (short, long) = (creditscope(&[command, "-h"]).stdout, creditscope(&[command, "--help"]).stdout);
        assert!(short.lines().count() <= 62, "{command}: {} lines", short.lines().count());
        assert!(
            short.contains("see more with '--help'") && long.contains("How files are read:") || command == "report",
            "{command}"
        );
        assert!(long.lines().count() > short.lines().count(), "{command}");
    }
}

#[test]
fn a_day_is_a_day_however_it_is_written() {
    let until = |day: &str| {
        let (_dir, report, ran) = crate::command::audit(&["sample-data".as_ref()], &["--to", day]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        crate::command::json(&report.join("report.json"))["totals"].to_string()
    };
    assert_eq!(until("2026-10-06"), until("6 Oct 2026"));
}
