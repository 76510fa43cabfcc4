//! How fast prompts become cues on one core: `cargo bench --bench cues` prints a line a kind of prompt.
//!
//! Prompts are read in runs of about a millisecond and the fastest run counts, which is the speed of a free
//! core. The prompts are a load, not a sample of how people write.
use std::{hint::black_box, io::Write as _, time::Instant as Clock};

mod load;

use creditscope::cues;
use load::SHORT;

/// Prompts of one run.
const RUN: usize = 1200;
/// How many runs the fastest is taken of.
const RUNS: usize = 500;

const FOREIGN: [&str; 4] = [
    "Añade una lista de facturas abiertas al tablero, las más nuevas primero",
    "le bouton de la page de paiement ne fait rien, toujours la même erreur",
    "mach die Überschrift kleiner und nimm unsere Farbe",
    "refaça a página de configurações do zero, ela deve ter abas",
];

fn measure(kind: &str, prompts: &[&str]) -> std::io::Result<()> {
    let fastest = (0..RUNS).map(|_| {
        let start = Clock::now();
        for prompt in prompts.iter().cycle().take(RUN) {
            black_box(cues::read(black_box(prompt)));
        }
        start.elapsed()
    });
    let fastest = fastest.min().unwrap_or_default().as_secs_f64();
    let bytes = prompts.iter().map(|prompt| prompt.len()).sum::<usize>() / prompts.len();
    #[expect(clippy::cast_precision_loss, reason = "a rate is for reading")]
    let each = fastest / RUN as f64;
    writeln!(std::io::stdout(), "{kind:<8}{bytes:>5} bytes{:>8.0} ns{:>7.2} M prompts/s", each * 1e9, 1e-6 / each)
}

fn main() -> std::io::Result<()> {
    let long = SHORT.join(". ").repeat(4);
    measure("short", &SHORT)?;
    measure("foreign", &FOREIGN)?;
    measure("long", &[&long])
}
