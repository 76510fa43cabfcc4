//! Words by which a row says that it adds up others, in several languages.
use crate::ingest::{
    batch::RowError,
    table::{cells::Cells, preamble::looks_like_date},
    value::words::is_normal,
};

/// Whether a row is a total: a word for it in front, and hardly anything else but numbers.
pub(in crate::ingest) fn is_total(record: Cells) -> bool {
    let mut filled = record.iter().map(str::trim).filter(|cell| !cell.is_empty());
    filled.next().is_some_and(is_total_word)
        && filled.all(|cell| !cell.contains(char::is_alphabetic) || cell.len() <= 3)
}

/// Whether a row that failed is a total: it failed for want of a value, or on the word itself, and no cell looks like a date.
/// `Suma` and `Total` are names of people and of firms, too.
pub(in crate::ingest) fn is_total_by(record: Cells, error: &RowError) -> bool {
    let is_no_value = error.value.is_empty() || is_total_word(&error.value);
    is_no_value && is_total(record) && !record.iter().any(looks_like_date)
}

/// Whether a cell is called a total, in one of several languages.
pub(in crate::ingest) fn is_total_word(cell: &str) -> bool {
    const LONGEST: usize = 24;
    // No word for a total has a digit in it, and most names do.
    if cell.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let cell = cell.trim_matches(|c: char| !c.is_alphanumeric());
    cell.len() <= LONGEST && TOTAL_WORDS.iter().any(|word| is_normal(cell, word))
}

/// Words for a total, as [`normal`] writes them.
const TOTAL_WORDS: [&str; 25] = [
    "total",
    "totals",
    "grandtotal",
    "subtotal",
    "sum",
    "summe",
    "gesamt",
    "insgesamt",
    "gesamtsumme",
    "endsumme",
    "zwischensumme",
    "suma",
    "somme",
    "soustotal",
    "totalgénéral",
    "totalgeneral",
    "totale",
    "totali",
    "totais",
    "totales",
    "totalgeral",
    "totaal",
    "razem",
    "итого",
    "σ",
];

#[cfg(test)]
mod tests {
    use csv::StringRecord;

    use super::*;

    #[track_caller]
    fn check(cells: &[&str], wrong: &str, expected: bool) {
        let record = StringRecord::from(cells.to_vec());
        assert_eq!(is_total_by(Cells::from(&record), &RowError::cell("x", wrong, "wrong")), expected, "{cells:?}");
    }

    #[test]
    fn a_total_has_no_date_and_fails_for_want_of_one() {
        check(&["Total", "", "123.4"], "", true);
        check(&["Summe", "", "1.234.567"], "Summe", true);
        check(&["Suma", "2026-10-03", "1,234"], "1,234", false);
        check(&["Suma", "3.10.2026", ""], "", false);
        check(&["Suma", "", "12x"], "12x", false);
        check(&["Ada", "", "12"], "", false);
    }
}
