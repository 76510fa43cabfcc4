//! `creditscope sources`: what can be read.
use crate::{
    cli::{commands::print, exit::Exit},
    ingest::source::Source,
};

pub(crate) fn run() -> anyhow::Result<Exit> {
    let width = Source::all().iter().map(|source| source.name.len()).max().unwrap_or(0);
    let line = |source: &Source| format!("{:<width$}  {}\n", source.name, source.about);
    print(Source::all().iter().map(line).collect::<String>())?;
    Ok(Exit::Done)
}
