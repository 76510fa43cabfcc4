//! Amount cells: `0.5`, `1.234,56`, `$0.01`, `~0.5`, `(1.20)`, `1e-3`.
//!
//! `1,234` is 1234 in one file and 1.234 in another. The mark is never guessed from one cell: a reading pass notes the
//! cells that leave no choice (`0,5`, `12.75`), and a file that turns out to have decimal commas is read again as such.
use serde::{Deserialize, Serialize};

use crate::model::{
    account::Unit,
    amount::{Amount, Plain},
    text::trimmed,
};

/// What separates the decimals in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Mark {
    /// Not known yet: cells that could be read both ways are refused.
    #[default]
    Unknown,
    /// `1,234.56`.
    Point,
    /// `1.234,56`.
    Comma,
    /// The file has decimal commas and cells such as `1.250`: those are refused.
    Contested,
}

/// Reads amount cells of one file and remembers what they told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decimals {
    /// The mark that is taken as given.
    pub mark: Mark,
    /// Cells that can only be read with a decimal point.
    pub point: u64,
    /// Cells that can only be read with a decimal comma.
    pub comma: u64,
    /// Cells such as `1.250`, read as decimals where no decimal comma speaks against it.
    pub three_digits: u64,
    /// Cells that can be read both ways.
    pub ambiguous: u64,
    /// Cells with more than nine decimals, rounded half to even.
    pub rounded: u64,
    /// Cells marked as approximate by a `~`.
    pub approximate: u64,
    /// Cells with a sign of a currency.
    pub money: u64,
}

impl Decimals {
    /// A reader for a file whose mark is known.
    pub fn with_mark(mark: Mark) -> Self {
        Self { mark, ..Self::default() }
    }

    /// The amount of a cell.
    ///
    /// # Errors
    /// A sentence: what is wrong and what to try.
    pub fn read(&mut self, cell: &str) -> Result<Amount, String> {
        let cell = trimmed(cell);
        if let Some(amount) = self.bare(cell) {
            return Ok(amount);
        }
        let (negative, body) = self.stripped(cell);
        if !body.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')) {
            return Err("not a decimal number".to_owned());
        }
        let plain = self.plain(body)?;
        let text = plain.as_deref().unwrap_or(body);
        let read = Amount::parse(text).map_err(|err| err.to_string())?;
        self.rounded += u64::from(read.inexact);
        let nanos = read.amount.nanos();
        Ok(Amount::from_nanos(if negative { -nanos } else { nanos }))
    }

    /// The amount of `12.5`, as nearly all cells have it, where nothing can be told from it but a decimal point.
    fn bare(&mut self, cell: &str) -> Option<Amount> {
        let Plain { amount, whole, decimals } = Plain::read(cell)?;
        let is_below_one = whole == 1 && matches!(cell.as_bytes(), [b'0', ..] | [b'-', b'0', ..]);
        let could_group = decimals == Some(3) && whole <= 3 && !is_below_one;
        let is_known = decimals.is_none() || matches!(self.mark, Mark::Unknown | Mark::Point);
        if could_group || !is_known || decimals == Some(0) {
            return None;
        }
        self.point += u64::from(decimals.is_some());
        Some(amount)
    }

    /// Whether a cell is below zero, whatever its mark; `None` where it is zero or no number.
    pub fn is_negative(cell: &str) -> Option<bool> {
        if is_bare(cell) {
            return cell.bytes().any(|byte| matches!(byte, b'1'..=b'9')).then_some(false);
        }
        let (negative, body) = Self::default().stripped(trimmed(cell));
        let is_number = body.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
        let digits = body.split(['e', 'E']).next().unwrap_or_default();
        (is_number && digits.contains(|c: char| matches!(c, '1'..='9'))).then_some(negative)
    }

    /// Takes off what stands around the digits; true for a negative amount in parentheses or with a sign.
    fn stripped<'c>(&mut self, cell: &'c str) -> (bool, &'c str) {
        let mut body = cell;
        let mut negative = false;
        if let Some(inner) = body.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            (negative, body) = (true, inner.trim());
        }
        loop {
            let before = body;
            if let Some(rest) = body.strip_prefix('~').or_else(|| body.strip_prefix('≈')) {
                self.approximate += 1;
                body = rest;
            }
            if let Some(rest) = body.strip_prefix('+').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
                body = rest;
            }
            if let Some(rest) = body.strip_prefix(['-', '−']).filter(|_| !negative) {
                (negative, body) = (true, rest);
            }
            if let Some(rest) = body.strip_suffix(['-', '−']).filter(|rest| !negative && rest.ends_with(is_digit)) {
                (negative, body) = (true, rest);
            }
            if let Some((word, rest)) = without_unit(body) {
                self.money += u64::from(!UNIT_WORDS.contains(&word));
                body = rest;
            }
            body = body.trim_matches([' ', '\u{a0}']);
            if body == before {
                return (negative, body);
            }
        }
    }

    /// The cell with a decimal point and without grouping; `None` where it is so already.
    fn plain(&mut self, body: &str) -> Result<Option<String>, String> {
        let points = body.bytes().filter(|&byte| byte == b'.').count();
        if body.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+'))
            && points <= 1
        {
            return self.pointed(body, points);
        }
        let allowed = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
        if !body.chars().all(allowed) {
            return Err("not a decimal number".to_owned());
        }
        let (last_point, last_comma) = (body.rfind('.'), body.rfind(','));
        let mark = match (last_point, last_comma) {
            (Some(point), Some(comma)) if point > comma => self.proof(Mark::Point),
            (Some(_), Some(_)) => self.proof(Mark::Comma),
            (None, Some(comma)) => self.comma_only(body, comma)?,
            (Some(_), None) if points > 1 => self.proof(Mark::Comma),
            _ => self.mark,
        };
        let is_known = |mark: Mark| matches!(mark, Mark::Point | Mark::Comma);
        let contradicts = is_known(self.mark) && is_known(mark) && mark != self.mark;
        if contradicts {
            return Err("mixes decimal points and decimal commas in one column".to_owned());
        }
        ungrouped(body, mark).map(Some)
    }

    /// A cell of digits with at most one point.
    fn pointed(&mut self, body: &str, points: usize) -> Result<Option<String>, String> {
        let Some(at) = body.find('.').filter(|_| points == 1) else { return Ok(None) };
        let (whole, part) = (&body[..at], &body[at + 1..]);
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let could_group = part.len() == 3 && is_digits(part) && (1..=3).contains(&whole.len()) && whole != "0";
        match (self.mark, could_group) {
            (Mark::Contested, true) => Err(AMBIGUOUS.to_owned()),
            (Mark::Comma, true) => Ok(Some(format!("{whole}{part}"))),
            (Mark::Comma, false) => Err("mixes decimal points and decimal commas in one column".to_owned()),
            (_, true) => {
                self.three_digits += 1;
                Ok(None)
            }
            (_, false) => {
                self.point += 1;
                Ok(None)
            }
        }
    }

    /// A cell with commas and no point: grouping, decimals, or both readings.
    fn comma_only(&mut self, body: &str, last: usize) -> Result<Mark, String> {
        let (whole, part) = (&body[..last], &body[last + 1..]);
        let several = whole.contains(',');
        let could_group = part.len() == 3 && !whole.is_empty() && whole != "0" && (several || whole.len() <= 3);
        match (could_group, several, self.mark) {
            (true, true, _) => Ok(self.proof(Mark::Point)),
            (true, false, Mark::Unknown | Mark::Contested) => {
                self.ambiguous += 1;
                Err(AMBIGUOUS.to_owned())
            }
            (true, false, mark) => Ok(mark),
            (false, true, _) => Err("not a decimal number".to_owned()),
            (false, false, _) => Ok(self.proof(Mark::Comma)),
        }
    }

    fn proof(&mut self, mark: Mark) -> Mark {
        match mark {
            Mark::Point => self.point += 1,
            Mark::Comma => self.comma += 1,
            Mark::Unknown | Mark::Contested => (),
        }
        mark
    }
}

/// Signs and codes of currencies, the longer ones first.
pub(in crate::ingest) const CURRENCIES: [&str; 10] = ["US$", "USD", "EUR", "GBP", "CHF", "$", "€", "£", "¥", "₹"];

/// Whether a cell says that its amount is in another currency than US dollars.
pub(in crate::ingest) fn is_foreign(cell: &str) -> bool {
    let is_foreign = |word: &&str| !word.contains(['$', 'S']) && cell.contains(*word);
    !is_bare(cell) && CURRENCIES.iter().any(is_foreign)
}

/// Words that say the unit once more.
const UNIT_WORDS: [&str; 6] = ["credits", "credit", "tokens", "token", "requests", "request"];

/// The unit that a cell names behind its digits.
pub(in crate::ingest) fn unit_told(cell: &str) -> Option<Unit> {
    let word = (!is_bare(cell)).then(|| UNIT_WORDS.iter().find(|word| strip_word(cell, word).is_some()))??;
    [Unit::Credits, Unit::Tokens, Unit::Requests]
        .into_iter()
        .find(|unit| unit.word().starts_with(word.trim_end_matches('s')))
}

/// Whether nothing stands around the digits, as in nearly all cells.
fn is_bare(body: &str) -> bool {
    body.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && body.ends_with(is_digit)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// A currency or the word of a unit before or behind digits, and what is left without it.
fn without_unit(body: &str) -> Option<(&'static str, &str)> {
    let before = CURRENCIES.iter().find_map(|word| Some((*word, body.strip_prefix(word)?)));
    let behind = || CURRENCIES.iter().chain(&UNIT_WORDS).find_map(|word| Some((*word, strip_word(body, word)?)));
    before.or_else(behind)
}

/// A text without a word at its end, in any case.
fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let at = text.len().checked_sub(word.len())?;
    let end = text.get(at..)?;
    end.eq_ignore_ascii_case(word).then(|| &text[..at])
}

const AMBIGUOUS: &str = "can be read as thousands or as decimals: say which with --decimal point or --decimal comma";

/// Takes the grouping out; groups must be of three digits.
fn ungrouped(body: &str, mark: Mark) -> Result<String, String> {
    let mark = if mark == Mark::Comma { ',' } else { '.' };
    let (whole, part) = body.rsplit_once(mark).unwrap_or((body, ""));
    let separators: Vec<char> = whole.chars().filter(|c| !c.is_ascii_digit()).collect();
    let groups: Vec<&str> = whole.split(|c: char| !c.is_ascii_digit()).collect();
    let well_grouped = groups.iter().enumerate().all(|(index, group)| match index {
        0 => groups.len() == 1 || (1..=3).contains(&group.len()),
        _ => group.len() == 3,
    });
    if !well_grouped
        || !separators.windows(2).all(|pair| pair[0] == pair[1])
        || !part.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Err("not a decimal number: digits are grouped by threes".to_owned());
    }
    Ok(format!("{}.{part}", groups.concat()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check_with(mark: Mark, cell: &str, expected: &str) {
        let got = Decimals::with_mark(mark).read(cell);
        let got = got.map_or_else(|cause| cause, |amount| amount.to_string());
        assert_eq!(got, expected, "{cell:?} with {mark:?}");
    }

    #[track_caller]
    fn check(cell: &str, expected: &str) {
        check_with(Mark::Unknown, cell, expected);
    }

    #[test]
    fn cells_are_read_exactly() {
        check("0.5", "0.5");
        check(" ~0.5 ", "0.5");
        check("$0.01", "0.01");
        check("-$1.20", "-1.2");
        check("(1.20)", "-1.2");
        check("−1.2", "-1.2");
        check("1e-3", "0.001");
        check("1,234.56", "1234.56");
        check("1.234,56", "1234.56");
        check("1 234,56", "1234.56");
        check("1'234.50", "1234.5");
        check("1.234.567", "1234567");
        check("1,234,567", "1234567");
        check("0,5", "0.5");
        check("1,2", "1.2");
        check(",5", "0.5");
        check("12 €", "12");
        check("+1.5", "1.5");
        check("-+1.5", "-1.5");
        check("1.20-", "-1.2");
        check("US$ 5", "5");
        check("USD 1,234.50", "1234.5");
        check("5 EUR", "5");
        check("5 credits", "5");
        check("-$0.5 Credits", "-0.5");
        check("1.2E+3", "1200");
    }

    #[test]
    fn what_can_be_read_two_ways_is_refused_until_the_file_tells() {
        check("1,234", AMBIGUOUS);
        check_with(Mark::Contested, "1.250", AMBIGUOUS);
        check_with(Mark::Contested, "0,5", "0.5");
        check_with(Mark::Comma, "1.2e3", "mixes decimal points and decimal commas in one column");
        check_with(Mark::Point, "1,234", "1234");
        check_with(Mark::Comma, "1,234", "1.234");
        check_with(Mark::Comma, "1.234", "1234");
        check("1.234", "1.234");
        check_with(Mark::Comma, "1.5", "mixes decimal points and decimal commas in one column");
        check_with(Mark::Point, "0,5", "mixes decimal points and decimal commas in one column");
    }

    #[test]
    fn what_is_no_number_is_never_zero() {
        for cell in
            ["", "-", "n/a", "abc", "1.2.3x", "$", "()", "NaN", "--1", "1;2", "-1-", "credits", "5 apples", "$ $"]
        {
            check(cell, "not a decimal number");
        }
        check("12,34,567", "not a decimal number: digits are grouped by threes");
        check("1,23,45", "not a decimal number");
    }

    proptest! {
        #[test]
        fn plain_cells_are_read_as_marked_ones(
            cell in "-?[0-9]{1,10}(\\.[0-9]{0,11})?",
            mark in prop::sample::select(vec![Mark::Unknown, Mark::Point, Mark::Comma, Mark::Contested]),
        ) {
            let (mut plain, mut marked) = (Decimals::with_mark(mark), Decimals::with_mark(mark));
            prop_assert_eq!(plain.read(&cell), marked.read(&format!("~{cell}")));
            prop_assert_eq!(Decimals::is_negative(&cell), Decimals::is_negative(&format!("~{cell}")));
            prop_assert_eq!(Decimals { approximate: 1, ..plain }, marked);
        }
    }
}
