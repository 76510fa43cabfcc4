//! The end of a text: a file may have been cut there.
use crate::ingest::{batch::Batch, table::header::Header};

/// Says where a text may have been cut: its last line has no end, and too few cells, or a last cell that is read.
pub(in crate::ingest) fn tell_cut(text: &str, header: &Header, batch: &mut Batch) {
    if text.ends_with(['\n', '\r']) {
        return;
    }
    let is_in_last_line = |byte: u64| {
        let rest = usize::try_from(byte).ok().and_then(|byte| text.get(byte..));
        rest.is_some_and(|rest| !rest.contains(['\n', '\r']))
    };
    if let Some(last) = batch.problems.last_mut().filter(|last| last.problem.byte.is_some_and(is_in_last_line)) {
        last.problem.cause += CUT_ROW;
    } else if !text.ends_with(char::from(header.dialect.quote)) && header.is_read(header.width() - 1) {
        batch.remark(CUT_CELL);
    }
}

const CUT_ROW: &str = "; it is the last line and has no line end, so the file may have been cut there";
const CUT_CELL: &str = "the last line has no line end: if the file was cut there, its last cell may lack something";
