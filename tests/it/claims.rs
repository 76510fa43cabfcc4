//! What README and the samples' README claim is tried here.
use std::fs;

use crate::command::creditscope;

/// The command lines of a README's blocks that begin with a program's name.
fn commands(readme: &str, program: &str) -> Vec<String> {
    let lines = readme.lines().map(|line| line.trim().trim_start_matches("$ "));
    lines.filter(|line| line.starts_with(program)).map(str::to_owned).collect()
}

/// The lines of a block of the README that begins with a line.
fn block(readme: &str, first: &str) -> String {
    let lines = readme.lines().skip_while(|line| line.strip_prefix("    ") != Some(first));
    let lines: Vec<&str> =
        lines.map_while(|line| if line.is_empty() { Some("") } else { line.strip_prefix("    ") }).collect();
    assert!(lines.len() > 3, "no block begins with {first}");
    lines.join("\n")
}

#[test]
fn the_configuration_and_the_scope_of_the_readme_are_read() {
    let readme = fs::read_to_string("README.md").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = dir.path().join(name).display().to_string();
        fs::write(&path, text).unwrap();
        path
    };
    let first = readme.lines().find(|line| line.starts_with("    plan = ")).unwrap().trim();
    let config = write("settings.toml", block(&readme, first));
    let first = readme.lines().find(|line| line.starts_with("    app = \"shop\"")).unwrap().trim();
    let scope = write("scope.toml", block(&readme, first));
    let report = dir.path().join("report").display().to_string();
    let ran = creditscope(&["audit", "sample-data", "--config", &config, "--scope", &scope, "-o", &report]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for expected in [
        "the cost centre \"Client A\": nothing in the files is called user \"ben@example.com\", app \"shop\", app \"crm\"",
        "budgets: nothing in the files is called user \"ada@example.com\"",
    ] {
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    }
    assert!(ran.stdout.contains("Cost centres: Client A 0 credits, nobody in particular"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Scope: 1 of 2 features done; nothing was used on the app \"shop\""), "{}", ran.stdout);
}

#[test]
fn a_budget_gate_without_budgets_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let report = dir.path().join("report").display().to_string();
    let ran = creditscope(&["audit", "sample-data", "--fail-on", "budget", "-o", &report]);
    assert!(ran.code == 0 && ran.stderr.contains("no budget is set in [budget] of creditscope.toml"), "{}", ran.stderr);
}

#[test]
fn the_commands_of_the_readme_run() {
    let readme = fs::read_to_string("README.md").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut ran = 0;
    let table: Vec<&str> = readme.lines().skip_while(|line| *line != "    DATE,REP,PRICE,COMMENT").collect();
    let table: Vec<&str> = table.iter().map_while(|line| line.strip_prefix("    ")).collect();
    fs::write(dir.path().join("sales.csv"), table.join("\n")).unwrap();
    for line in commands(&readme, "creditscope ") {
        let line = line.split(['#', '>', '|']).next().unwrap().trim().to_owned();
        let is_of_others = ["labelled.jsonl", "exports", "ledger.csv", "~"].iter().any(|name| line.contains(name));
        if is_of_others {
            continue;
        }
        let in_dir = |arg: &str| match arg {
            "audit-report" | "bundle" | "sales-report" | "sales.csv" | "sales.toml" | "focus.csv" => {
                dir.path().join(arg).display().to_string()
            }
            _ => arg.to_owned(),
        };
        let args: Vec<String> = line.split_whitespace().skip(1).map(in_dir).collect();
        let outcome = creditscope(&args);
        assert_eq!(outcome.code, 0, "{line}: {}", outcome.stderr);
        ran += 1;
    }
    assert!(ran >= 3, "only {ran} commands of the README were tried");
}

#[test]
fn the_readme_begins_with_the_two_commands() {
    let readme = fs::read_to_string("README.md").unwrap();
    let first: Vec<String> = commands(&readme, "cargo ").into_iter().take(2).collect();
    assert_eq!(first, ["cargo run --release -- audit sample-data -o audit-report", "cargo test"]);
    let ci = fs::read_to_string(".ci/run").unwrap();
    assert!(ci.lines().any(|line| line == first[1]), "CI runs exactly the README's test command");
}

#[test]
fn the_examples_of_the_help_name_real_commands_and_options() {
    let help = creditscope(&["--help"]).stdout;
    for command in [
        "audit",
        "forecast",
        "plan",
        "estimate",
        "compare",
        "inspect",
        "classify",
        "convert",
        "eval",
        "train",
        "verify",
        "template",
        "sources",
        "completions",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{command} is not in {help}");
        let of_command = creditscope(&[command, "--help"]);
        assert_eq!(of_command.code, 0);
        let options: Vec<&str> = of_command.stdout.split_whitespace().filter(|word| word.starts_with("--")).collect();
        let declared: Vec<&str> = of_command
            .stdout
            .lines()
            .map(str::trim_start)
            .filter(|line| line.starts_with('-'))
            .flat_map(|line| line.split_whitespace().filter(|word| word.starts_with("--")))
            .collect();
        for option in options {
            let option = option.trim_end_matches([',', '.', ':', ')', '\'']);
            assert!(declared.iter().any(|known| known.trim_end_matches(',') == option), "{command}: {option}");
        }
    }
}

#[test]
fn the_help_as_a_person_sees_it() {
    insta::assert_snapshot!("help", creditscope(&["--help"]).stdout);
    insta::assert_snapshot!("help_of_audit", creditscope(&["audit", "--help"]).stdout);
}

#[test]
fn completions_are_written_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = creditscope(&["completions", shell]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains("creditscope") && ran.stdout.contains("inspect"), "{shell}");
    }
}

#[test]
fn the_template_is_a_ledger_that_can_be_filled() {
    let header = creditscope(&["template"]).stdout;
    let row = header.trim_end().split(',').map(|column| match column {
        "timestamp" => "2026-10-01T08:00:00Z",
        "credits" => "1.5",
        _ => "",
    });
    let text = format!("{header}{}\n", row.collect::<Vec<_>>().join(","));
    let ran = crate::command::with_input(&["inspect", "-"], &text);
    assert!(ran.stdout.contains("1 header + 1 accepted") && !ran.stdout.contains("kept out"), "{}", ran.stdout);
    let explained = creditscope(&["template", "--explain"]).stdout;
    for column in header.trim_end().split(',') {
        let line = explained.lines().find(|line| line.split_whitespace().next() == Some(column));
        assert!(line.is_some_and(|line| line.split_whitespace().count() > 2), "{column} is not explained");
    }
}
