//! Rows above a header: lines of a title, a period or a remark, unless they hold a date and an amount.
use crate::ingest::table::cells::Cells;

/// Whether a row above the header may be data: it is as wide, with a date and an amount in it.
pub(super) fn reads_as_row(record: Cells, width: usize) -> bool {
    let is_amount = |cell: &str| {
        let digits = cell.trim();
        digits.bytes().any(|byte| byte.is_ascii_digit())
            && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-'))
            && !looks_like_date(digits)
    };
    record.len() == width && record.iter().any(looks_like_date) && record.iter().any(is_amount)
}

/// Whether a cell is three numbers with equal signs between them, which are not groups of thousands, or begins so.
pub(super) fn looks_like_date(cell: &str) -> bool {
    let day = cell.trim().split([' ', 'T']).next().unwrap_or_default();
    ['-', '/', '.'].into_iter().any(|sign| {
        let parts: Vec<&str> = day.split(sign).collect();
        let are_numbers = parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        parts.len() == 3 && are_numbers && parts[1].len() <= 2 && parts[2].len() != 3
    })
}

#[cfg(test)]
mod tests {
    use csv::StringRecord;

    use super::*;

    #[test]
    fn titles_and_periods_are_no_data() {
        let check = |cells: [&str; 3]| reads_as_row(Cells::from(&StringRecord::from(cells.to_vec())), 3);
        assert!(check(["2026-09-01", "ann", "50"]) && check(["ann", "1.9.2026 10:00", "0,5"]));
        assert!(!check(["Export", "", ""]) && !check(["From", "2026-09-01", "2026-09-30"]));
        assert!(!check(["Rows", "1.234.567", "12"]));
        assert!(!reads_as_row(Cells::from(&StringRecord::from(vec!["2026-09-01", "50"])), 3), "another width");
    }
}
