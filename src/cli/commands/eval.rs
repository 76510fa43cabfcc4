//! stub
use crate::cli::{args::EvalArgs, exit::Exit};
pub(crate) fn run(_args: &EvalArgs) -> anyhow::Result<Exit> {
    Ok(Exit::Done)
}
