//! Words by which a row says that it adds up others, in several languages.
use crate::ingest::{table::cells::Cells, value::words::is_normal};

/// Whether a row is a total: a word for it in front, and hardly anything else but numbers.
pub(in crate::ingest) fn is_total(record: Cells) -> bool {
    let mut filled = record.iter().map(str::trim).filter(|cell| !cell.is_empty());
    filled.next().is_some_and(is_total_word)
        && filled.all(|cell| !cell.contains(char::is_alphabetic) || cell.len() <= 3)
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
