//! How long each stage of an audit takes on a ledger made here: `cargo bench` prints a line a stage.
//!
//! `ROWS=1000000 cargo bench` sets the size; `LEDGER=events.csv cargo bench` takes a file instead. `checked` is parsing and
//! checking what lies in memory; `rows` reads and digests the file and tells overlaps besides, as `inspect` does it; both
//! the fastest of five times (`ONLY=rows` stops there). `ingest` reads the prompts too. The rows are a load, not a sample of how people write.
use std::{
    fmt::Write as _,
    io::Write as _,
    path::PathBuf,
    time::{Duration, Instant as Clock},
};

mod load;

use creditscope::{
    audit::{
        estimate::Projects,
        outlook::Planning,
        plans::{Catalogue, DEFAULT_PROFILE},
    },
    classify::{
        self,
        corrections::{Corrected, Corrections},
        links,
    },
    cues::weights::Weights,
    ingest::{
        self, Keep,
        prompts::Prompts,
        table::evidence::Pooled,
        value::{decimal::Mark, order::DateOrder},
    },
    model::zone::Zone,
    pipeline::{Events, Settings, Terms, audit},
    report,
    rollup::{Prices, Selection},
    timeline::{Gap, Timeline},
};

/// So often rows are read.
const RUNS: usize = 5;

/// Runs a stage, prints what it took and returns what it made.
fn timed<T>(stage: &str, rows: usize, work: impl FnOnce() -> T) -> T {
    let start = Clock::now();
    let made = work();
    say(stage, rows, start.elapsed());
    made
}

#[expect(clippy::cast_precision_loss, reason = "a rate is for reading")]
fn say(stage: &str, rows: usize, took: Duration) {
    let rate = rows as f64 / took.as_secs_f64() / 1e6;
    let _ = writeln!(std::io::stdout(), "{stage:<10} {:>9.1} ms  {rate:>7.2} M rows/s", took.as_secs_f64() * 1e3);
}

/// A ledger of so many rows, 97 users on 4 apps each, in order of time.
fn ledger(rows: usize) -> String {
    let mut text = String::from("event_id,timestamp,workspace,user,app,feature,prompt,credits\n");
    for n in 0..rows {
        let (day, hour, minute, second) = (1 + n * 28 / rows, n * 7 % 24, n / 60 % 60, n % 60);
        let (user, app, feature) = (n * n % 97, n % 4, n % 13);
        let prompt = load::SHORT[n * 31 % load::SHORT.len()];
        let _ = writeln!(
            text,
            "e{n},2026-09-{day:02}T{hour:02}:{minute:02}:{second:02}Z,acme,user{user}@example.com,app{user}-{app},\
             feature {feature},\"{prompt}\",{}.{}",
            n % 3,
            1 + n % 9
        );
    }
    text
}

fn settings(path: PathBuf) -> anyhow::Result<Settings> {
    Ok(Settings {
        paths: vec![path],
        ingest: ingest::Settings {
            source: None,
            zone: None,
            unit: None,
            map: None,
            map_must_fit: false,
            date_order: DateOrder::Undeclared,
            pooled: Pooled::default(),
            decimal_mark: Mark::Unknown,
            ledger_provider: "base44".to_owned(),
            sheet: None,
            max_size: None,
            keep: Keep::Nothing,
            aliases: ingest::identity::Aliases::default(),
            prompts: Prompts::default(),
        },
        corrections: Corrections::default(),
        features: None,
        pseudonyms: None,
        gap: Gap::default(),
        zone: Zone::utc(),
        selection: Selection::default(),
        terms: Terms {
            prices: Prices::new(),
            now: None,
            profile: DEFAULT_PROFILE.to_owned(),
            projects: Projects::new([])?,
            scope: None,
            centers: Vec::new(),
            budgets: Vec::new(),
            planning: Planning::without_plan(Catalogue::built_in(DEFAULT_PROFILE)?, Zone::utc()),
            max_rows: 10_000,
            charts: creditscope::report::charts::Forms::Svg,
            typed: Vec::new(),
        },
        files: Vec::new(),
        typed: Vec::new(),
    })
}

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = if let Ok(path) = std::env::var("LEDGER") {
        PathBuf::from(path)
    } else {
        let rows = std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(200_000);
        let path = folder.path().join("ledger.csv");
        std::fs::write(&path, ledger(rows))?;
        path
    };
    let bytes = std::fs::read(&path)?;
    let rows = memchr::memchr_iter(b'\n', &bytes).count() - 1;
    let settings = settings(path)?;
    let mut plain = settings.ingest.clone();
    plain.prompts.are_skipped = true;
    let fastest = |work: &dyn Fn() -> anyhow::Result<()>| -> anyhow::Result<Duration> {
        let mut fastest = Duration::MAX;
        for _ in 0..RUNS {
            let start = Clock::now();
            work()?;
            fastest = fastest.min(start.elapsed());
        }
        Ok(fastest)
    };
    let checked = fastest(&|| {
        let accepted: u64 = ingest::parse(&bytes, &plain).into_iter().sum::<Result<u64, _>>()?;
        anyhow::ensure!(accepted == rows as u64, "{accepted} of {rows} rows were accepted");
        Ok(())
    })?;
    say("checked", rows, checked);
    drop(bytes);
    say("rows", rows, fastest(&|| ingest::ingest(&settings.paths, &plain, &|_| ()).map(|_| ()))?);
    if std::env::var("ONLY").is_ok_and(|stage| stage == "rows") {
        return Ok(());
    }
    let whole = Clock::now();
    let mut input = timed("ingest", rows, || ingest::ingest(&settings.paths, &settings.ingest, &|_| ()))?;
    let events = std::mem::take(&mut input.events);
    let timeline = timed("timeline", rows, || Timeline::order(events, &input.names, settings.gap));
    let mut decisions = timed("classify", rows, || classify::classify(&timeline, &input.names, Weights::built_in()));
    let inferred = timed("links", rows, || links::link(&timeline, &mut decisions, &mut input.names));
    let (corrected, request) = (Corrected::default(), settings.request());
    let events = Events { input, timeline, decisions, inferred, corrected, request, notes: Vec::new(), mask: None };
    let waist = timed("rollup", rows, || audit::roll_up(&events, &settings, false))?;
    let audit = timed("ahead", rows, || audit::of(waist, events.request.terms))?;
    let files = timed("report", rows, || audit.with_report(report::render))?;
    say("all", rows, whole.elapsed());
    anyhow::ensure!(files.iter().any(|file| file.path == "report.html"), "the report has no page");
    Ok(())
}
