//! Progress on standard error, only where a person watches.
use std::{io::IsTerminal as _, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

/// A line that says what is being done; nothing where standard error is no terminal or `--quiet` is given.
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    pub(super) fn new(is_quiet: bool) -> Self {
        let is_watched = std::io::stderr().is_terminal() && !is_quiet;
        Self(is_watched.then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}  {elapsed}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        }))
    }

    /// Says what is being done now.
    pub(super) fn say(&self, what: &str) {
        if let Some(bar) = &self.0 {
            bar.set_message(what.to_owned());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
