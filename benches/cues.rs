//! How fast prompts become cues, and cues decisions: `cargo bench --bench cues` prints a line a kind of prompt.
//!
//! The fastest of many runs counts, which is the speed of free cores. `short`, `foreign` and `long` read a few prompts
//! again and again on one core; `distinct` are thousands of short ones, no two alike, in histories of some hundred,
//! read, and read and decided on, by one thread and by two. The prompts are a load, not a sample of how people write.
use std::{hint::black_box, io::Write as _, time::Instant as Clock};

mod load;

use anyhow::Context as _;
use creditscope::{
    classify::{
        self,
        labelled::{Laid, Row, lay_out},
    },
    cues::{self, weights::Weights},
    model::{action::Action, instant::Instant},
};
use load::SHORT;
use rayon::prelude::*;

/// Prompts of one run.
const RUN: usize = 1200;
/// How many runs the fastest is taken of.
const RUNS: usize = 500;
/// Prompts of one history.
const HISTORY: usize = 128;

/// Short requests in other languages.
const FOREIGN: [&str; 4] = [
    "Añade una lista de facturas abiertas al tablero, las más nuevas primero",
    "le bouton de la page de paiement ne fait rien, toujours la même erreur",
    "mach die Überschrift kleiner und nimm unsere Farbe",
    "refaça a página de configurações do zero, ela deve ter abas",
];

/// What requests are about, for prompts that differ.
const THINGS: [&str; 24] = [
    "invoices",
    "customers",
    "orders",
    "bookings",
    "recipes",
    "messages",
    "tickets",
    "projects",
    "lessons",
    "guests",
    "products",
    "payments",
    "drivers",
    "events",
    "photos",
    "reviews",
    "teams",
    "tasks",
    "members",
    "suppliers",
    "contracts",
    "vehicles",
    "reports",
    "donations",
];
/// Where on the app.
const PLACES: [&str; 16] = [
    "dashboard",
    "checkout page",
    "header",
    "settings page",
    "sidebar",
    "start page",
    "profile",
    "calendar",
    "footer",
    "export",
    "login screen",
    "search bar",
    "mobile menu",
    "admin area",
    "map view",
    "detail page",
];

/// Short requests, each another one as far as the words reach: 2,304 of them.
fn distinct() -> Vec<String> {
    let mut all = Vec::new();
    for (thing, place) in THINGS.iter().flat_map(|thing| PLACES.iter().map(move |place| (thing, place))) {
        all.extend([
            format!("Add a list of open {thing} to the {place}, newest first"),
            format!("the {thing} on the {place} do nothing when I tap them, still the same error"),
            format!("make the {place} smaller and use our brand colour for {thing}"),
            format!("Rebuild the {place} from scratch, it should have {thing} as tabs"),
            format!("what does the {place} do with archived {thing}?"),
            format!("move the {thing} above the {place} and keep the rest as it is"),
        ]);
    }
    all
}

/// Prints how long each prompt took in the fastest run.
fn measure(kind: &str, bytes: usize, prompts: usize, run: impl Fn()) -> std::io::Result<()> {
    let fastest = (0..RUNS).map(|_| {
        let start = Clock::now();
        run();
        start.elapsed()
    });
    let fastest = fastest.min().unwrap_or_default().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate is for reading")]
    let each = fastest / prompts as f64;
    writeln!(std::io::stdout(), "{kind:<32}{bytes:>5} bytes{:>7.0} ns{:>7.2} M prompts/s", each * 1e9, 1e-6 / each)
}

fn mean(prompts: &[impl AsRef<str>]) -> usize {
    prompts.iter().map(|prompt| prompt.as_ref().len()).sum::<usize>() / prompts.len()
}

fn again(kind: &str, prompts: &[&str]) -> std::io::Result<()> {
    measure(kind, mean(prompts), RUN, || {
        for prompt in prompts.iter().cycle().take(RUN) {
            black_box(cues::read(black_box(prompt)));
        }
    })
}

/// Histories of prompts five minutes apart.
fn histories(prompts: &[String]) -> Laid {
    let row = |(index, text): (usize, &String)| Row {
        history: (index / HISTORY).to_string(),
        seq: index as u64,
        at: Instant::from_nanos(i64::try_from(index).unwrap_or(0) * 300_000_000_000),
        text: text.clone(),
        label: Action::Other,
        language: None,
        is_sure: None,
        is_button: None,
    };
    lay_out(&prompts.iter().enumerate().map(row).collect::<Vec<_>>(), Weights::built_in())
}

fn main() -> anyhow::Result<()> {
    let long = SHORT.join(". ").repeat(4);
    again("short", &SHORT)?;
    again("foreign", &FOREIGN)?;
    again("long", &[&long])?;
    let prompts = distinct();
    let Laid { timeline, names } = histories(&prompts);
    for threads in 1..=2 {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().context("starting threads")?;
        let read = || {
            prompts.par_chunks(HISTORY).for_each(|some| {
                for text in some {
                    black_box(cues::read(text));
                }
            });
        };
        let decide = || black_box(classify::classify(&timeline, &names, Weights::built_in()));
        let kind = |what: &str| format!("distinct, {what}, {threads} thread{}", if threads == 1 { "" } else { "s" });
        measure(&kind("cues"), mean(&prompts), prompts.len(), || pool.install(read))?;
        measure(&kind("cues and decisions"), mean(&prompts), prompts.len(), || {
            pool.install(|| {
                read();
                decide();
            });
        })?;
    }
    Ok(())
}
