//! The `creditscope` command.
use std::process::ExitCode;

fn main() -> ExitCode {
    creditscope::cli::run()
}
