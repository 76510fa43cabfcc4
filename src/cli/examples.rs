//! What stands below the help of each command: how it is used.

pub(super) const EXAMPLES: &str = "\
Examples:
  creditscope audit sample-data -o audit-report     a whole report of a folder of exports
  creditscope inspect export.csv                    what a file is, and where each of its rows went
  creditscope classify ledger.csv --format jsonl    one line an event: class, probability, reason
  creditscope template > ledger.csv                 an empty ledger, for a builder without an export

Exit codes: 0 done; 1 something that --fail-on names, report written; 2 could not run, no report; 3 more rows rejected than --max-rejects allows, report written.";

pub(super) const AUDIT_EXAMPLES: &str = "\
Examples:
  creditscope audit sample-data -o audit-report
  creditscope audit 'exports/*.csv' --from 2026-10-01 --to 2026-10-31 -o october
  creditscope audit ledger.csv --plan builder --tz Europe/Berlin -o audit-report
  creditscope audit ledger.csv --scope scope.toml --features features.toml -o audit-report
  cat ledger.csv | creditscope audit - -o audit-report";

pub(super) const ROLLUP_EXAMPLES: &str = "\
Examples:
  creditscope rollup sample-data -o bundle
  creditscope rollup clients/acme --tz Europe/Berlin -o bundles/acme

A bundle holds sums, names and dates, digests of events, rejected rows without their prompts, and no prompt.";

pub(super) const REPORT_EXAMPLES: &str = "\
Examples:
  creditscope report bundle -o audit-report
  creditscope report bundles/acme bundles/globex --plan builder -o all-clients
  creditscope report 2026-08 2026-09 2026-10 -o quarter

Bundles that share no workspace give what audit gives of all their files. Months of one workspace add up, and the report
says what is not exact where they meet; an event that stands in two bundles is found, and nothing is written.";

pub(super) const FORECAST_EXAMPLES: &str = "\
Examples:
  creditscope forecast sample-data --plan builder --now 2026-10-13
  creditscope forecast ledger.csv --plan pro --reset-day 15T14:30 --format json";

pub(super) const PLAN_EXAMPLES: &str = "\
Examples:
  creditscope plan sample-data
  creditscope plan ledger.csv --topup-price 0.30 --risk 80%
  creditscope plan sample-data --plan builder --now 2026-10-13
  creditscope plan list";

pub(super) const PROFILES_EXAMPLES: &str = "\
Examples:
  creditscope profiles
  creditscope audit ledger.csv --profile article-2026-04 -o audit-report";

pub(super) const CONFIG_EXAMPLES: &str = "\
Examples:
  creditscope config
  creditscope config --example > creditscope.toml
  creditscope config --config team.toml --format json";

pub(super) const DOCTOR_EXAMPLES: &str = "\
Examples:
  creditscope doctor
  creditscope doctor exports/october.csv";

pub(super) const ESTIMATE_EXAMPLES: &str = "\
Examples:
  creditscope estimate saas-mvp --spec written
  creditscope estimate --scope scope.txt --rework 35% --format json
  creditscope estimate internal-tool --history sample-data --months 3

Budgets of projects count in the credits of an article; the answer says what they are in those of the profile, which plans hold.";

pub(super) const INSPECT_EXAMPLES: &str = "\
Examples:
  creditscope inspect export.csv
  creditscope inspect october.csv.gz year.zip
  creditscope inspect usage.xlsx --sheet October --tz Europe/Berlin
  creditscope inspect exports --format json
  creditscope inspect exports --write-aliases people.toml";

pub(super) const CLASSIFY_EXAMPLES: &str = "\
Examples:
  creditscope classify ledger.csv
  creditscope classify ledger.csv --format csv > classes.csv
  creditscope classify ledger.csv --labels classes.csv --rules rules.csv
  creditscope classify ~/.claude/projects --format jsonl

To correct classes, change the column action in classes.csv and give the file back with --labels, here and in audit.
A rule is a line of pattern,field,class: `hotfix*,prompt,fix`, `ci-*,user,other`; * stands for anything.";

pub(super) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  creditscope explain ev-0018 ledger.csv
  creditscope explain ledger.csv:19 ledger.csv --format json

The event is named as `creditscope classify` names it: by its id, or by file and line.";

pub(super) const EVAL_EXAMPLES: &str = "\
Examples:
  creditscope eval labelled.jsonl
  creditscope eval labelled.jsonl more.jsonl --cross-validate
  creditscope eval labelled.jsonl --format json

Each line is an object with history, seq, timestamp, text and label.";

pub(super) const TRAIN_EXAMPLES: &str = "\
Examples:
  creditscope train labelled.jsonl more.jsonl -o weights.toml --dated 2026-10-01
  creditscope train --from corrections.jsonl -o ours.toml --dated 2026-10-01
  creditscope audit ledger.csv --weights ours.toml -o audit-report

Each line is an object with history, seq, timestamp, text and label.";

pub(super) const VERIFY_EXAMPLES: &str = "\
Examples:
  creditscope verify audit-report
  creditscope verify audit-report --format json
  creditscope verify audit-report --quick

Run it in the folder in which the report was made: inputs are looked for under the names they had. Where they and the
program are as they were, the report is made again and compared byte by byte. Exit code 1 where anything differs or a file stands
in the folder that the manifest does not name; 4 where all digests agree, but the report could not be made again, so that nothing
proves its figures (inputs are not here or came through a pipe, or names are masked and no --salt is given).";

pub(super) const TEMPLATE_EXAMPLES: &str = "\
Examples:
  creditscope template > ledger.csv
  creditscope template --explain
  creditscope template --format json";

pub(super) const SOURCES_EXAMPLES: &str = "\
Examples:
  creditscope sources
  creditscope sources --format json";

pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  creditscope completions bash > ~/.local/share/bash-completion/completions/creditscope
  creditscope completions zsh > ~/.zfunc/_creditscope";

pub(super) const WORKER_EXAMPLES: &str = "\
Rows come in on standard input and go out on standard output, both as Arrow IPC streams. ingest
takes the columns path and, where the engine opened the files, content; all others take what a
worker wrote: kind, path, workspace, payload.

Examples:
  creditscope worker ingest < paths.arrow > read.arrow
  creditscope worker agree -o agreed < read.arrow
  creditscope worker meet --agreed agreed < read.arrow > met.arrow
  creditscope worker judge --agreed agreed < met.arrow > judged.arrow
  creditscope worker rollup --agreed agreed < by-workspace.arrow > parts.arrow
  creditscope worker gather exports --agreed agreed -o bundle < accounts-and-parts.arrow

The Python package in spark/ does this on Apache Spark and on engines that speak Spark Connect.";
