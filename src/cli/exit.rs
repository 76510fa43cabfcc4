//! How a run ends: the exit codes, in one place.
use std::{io, process::ExitCode};

/// The ends a run can come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Everything was done.
    Done,
    /// What was checked is not as it should be.
    Differs,
    /// It could not run: usage, no such file, unknown format, nothing accepted. There is no report.
    CouldNotRun,
    /// The report is written, but a gate of `--fail-on` tripped.
    Gate,
    /// The report is written, but the share of rejected rows exceeds `--max-rejects`.
    TooManyRejects,
    /// What was checked agrees, but a report could not be made again to prove its figures.
    Unproven,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Gate | Exit::Differs => Self::from(1),
            Exit::CouldNotRun => Self::from(2),
            Exit::TooManyRejects => Self::from(3),
            Exit::Unproven => Self::from(4),
        }
    }
}

/// Prints an error to standard error and turns the outcome into an exit code. A reader that closed the pipe early
/// (`| head`) got what it wanted.
#[expect(clippy::print_stderr, reason = "errors are talk")]
pub(super) fn report(outcome: anyhow::Result<Exit>) -> ExitCode {
    match outcome {
        Ok(exit) => exit.into(),
        Err(err) if is_broken_pipe(&err) => Exit::Done.into(),
        Err(err) => {
            eprintln!("error: {}", message(&err));
            Exit::CouldNotRun.into()
        }
    }
}

fn is_broken_pipe(err: &anyhow::Error) -> bool {
    let is = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|err| err.kind() == io::ErrorKind::BrokenPipe)
    };
    err.chain().any(is)
}

/// The chain of causes in one line; a cause that the text before contains already is left out.
fn message(err: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in err.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::{Context as _, anyhow};

    use super::*;

    #[test]
    fn a_message_says_each_thing_once() {
        let err = Err::<(), _>(anyhow!("no such file")).context("reading a.csv: no such file").context("auditing");
        assert_eq!(message(&err.unwrap_err()), "auditing: reading a.csv: no such file");
    }
}
