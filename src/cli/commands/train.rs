//! stub
use crate::cli::{args::TrainArgs, exit::Exit};
pub(crate) fn run(_args: &TrainArgs) -> anyhow::Result<Exit> {
    Ok(Exit::Done)
}
