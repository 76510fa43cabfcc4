//! `creditscope sources`: what can be read.
use crate::{
    cli::{commands::print, exit::Exit},
    ingest::source::Source,
};

pub(crate) fn run() -> anyhow::Result<Exit> {
    let line = |source: &Source| format!("{:<12} {}\n", source.name, source.about);
    print(Source::all().iter().map(line).collect::<String>())?;
    Ok(Exit::Done)
}
