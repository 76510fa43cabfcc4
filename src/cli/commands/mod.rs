//! One command a file: settings in, output on standard output.
pub(super) mod ahead;
pub(super) mod audit;
pub(super) mod classify;
pub(super) mod compare;
pub(super) mod completions;
pub(super) mod config;
pub(super) mod convert;
pub(super) mod doctor;
pub(super) mod eval;
pub(super) mod explain;
pub(super) mod inspect;
pub(super) mod profiles;
mod publish;
pub(super) mod report;
pub(super) mod rollup;
pub(super) mod sources;
mod streams;
pub(super) mod template;
pub(super) mod train;
pub(super) mod verify;
pub(super) mod worker;

use std::io::{self, Write as _};

use anyhow::Context as _;

/// Says something beside the answer, on standard error.
#[expect(clippy::print_stderr, reason = "talk goes to standard error")]
fn remark(is_quiet: bool, sentences: &[String]) {
    for sentence in sentences.iter().filter(|_| !is_quiet) {
        eprintln!("{sentence}");
    }
}

/// Writes an answer for machines to standard output.
fn print_json(value: &serde_json::Value) -> anyhow::Result<()> {
    print(serde_json::to_string_pretty(value).context("writing JSON")? + "\n")
}

/// Writes an answer to standard output.
fn print(bytes: impl AsRef<[u8]>) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes.as_ref()).and_then(|()| out.flush()).context("writing to standard output")
}
