//! How the report was made.
use std::fmt::Write as _;

use crate::report::summary;

/// The section.
pub(super) fn section() -> String {
    let mut html = "<section id=method><h2>Method</h2>\n<dl class=method>\n".to_owned();
    for (term, text) in summary::METHOD {
        let _ = writeln!(html, "<dt>{term}<dd>{text}");
    }
    html.push_str("</dl>\n</section>\n");
    html
}
