//! Dates as people write them: `2026/10/03`, `3 Oct 2026`, `Sat, October 3rd, 2026`, `03.10.2026`. Which part of
//! `03/04/2026` is the month is not decided here.
use chrono::{Datelike as _, NaiveDate};

/// What a cell says of its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// One day.
    Certain(NaiveDate),
    /// Day and month in one order or the other.
    Parts {
        /// The first number.
        first: u32,
        /// The second number.
        second: u32,
        /// The year.
        year: i32,
        /// Whether points stand between them, as where the day comes first.
        is_dotted: bool,
    },
    /// The day of the week is not that of the date.
    WrongWeekday,
}

/// The day of a text without its time of day.
pub(super) fn read(text: &str) -> Option<Written> {
    let mut weekdays = None;
    let mut parts: Vec<Part> = Vec::with_capacity(3);
    let is_mark = |c: char| matches!(c, '/' | '-' | '.' | ',' | ' ' | '\u{a0}' | '\u{202f}');
    for word in text.split(is_mark).filter(|word| !word.is_empty()) {
        if let Some(part) = number(word).or_else(|| month(word)) {
            parts.push(part);
        } else if let Some(days) = weekday(word).filter(|_| parts.is_empty() && weekdays.is_none()) {
            weekdays = Some(days);
        } else if !FILLERS.contains(&word.to_lowercase().as_str()) {
            return None;
        }
    }
    // `mar 3 mars 2026`: a word that can be both is a weekday where another month follows.
    if let [Part::Month(_), .., Part::Month(_), _] = parts.as_slice() {
        let first = text.split(is_mark).find(|word| !word.is_empty())?;
        weekdays = Some(weekday(first)?);
        parts.remove(0);
    }
    let written = match *parts.as_slice() {
        [Part::Number(year, 4), Part::Number(month, 1..=2), Part::Number(day, 1..=2)] if has_marks(text) => {
            day_of(year, month, day)?
        }
        [Part::Number(first, 1..=2), Part::Number(second, 1..=2), Part::Number(year, n @ (2 | 4))]
            if has_marks(text) =>
        {
            if n == 2 && (year < OLDEST || may_begin_with_year(text, first, year)) {
                return None;
            }
            let (year, is_dotted) = (full(year, n), text.contains('.') && !text.contains(['/', '-']));
            Written::Parts { first, second, year, is_dotted }
        }
        [Part::Number(day, 1..=2), Part::Month(month), Part::Number(year, n @ (2 | 4))]
        | [Part::Month(month), Part::Number(day, 1..=2), Part::Number(year, n @ (2 | 4))] => {
            day_of(full(year, n).unsigned_abs(), month, day)?
        }
        [Part::Number(year, 4), Part::Month(month), Part::Number(day, 1..=2)] => day_of(year, month, day)?,
        _ => return None,
    };
    match (weekdays, written) {
        (Some(days), Written::Certain(date)) if days >> date.weekday().num_days_from_monday() & 1 == 0 => {
            Some(Written::WrongWeekday)
        }
        _ => Some(written),
    }
}

#[derive(Debug, Clone, Copy)]
enum Part {
    /// A number and how many digits it has.
    Number(u32, usize),
    Month(u32),
}

/// No export is older than this year of the century.
const OLDEST: u32 = 15;

/// Whether the year of `25-10-26` may stand in front: dates with hyphens are written so, too.
fn may_begin_with_year(text: &str, first: u32, last: u32) -> bool {
    text.contains('-') && (OLDEST..=31).contains(&first) && (1..=31).contains(&last) && first != last
}

/// Years of two digits are of this century: no export is older.
fn full(year: u32, n_digits: usize) -> i32 {
    i32::try_from(year).unwrap_or(0) + if n_digits == 2 { 2000 } else { 0 }
}

fn day_of(year: u32, month: u32, day: u32) -> Option<Written> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).map(Written::Certain)
}

/// Whether numbers are held together by one of the marks of dates.
fn has_marks(text: &str) -> bool {
    ['/', '-', '.'].iter().any(|mark| text.matches(*mark).count() == 2)
}

/// `3`, `03`, `3rd`.
fn number(word: &str) -> Option<Part> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_ordinal = matches!(&word[digits.len()..], "" | "st" | "nd" | "rd" | "th");
    let is_number = is_ordinal && (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten().map(|number| Part::Number(number, digits.len()))
}

/// Words between the parts of a date.
const FILLERS: [&str; 6] = ["de", "of", "the", "del", "den", "at"];

/// The months in six languages, each as it is written out.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jänner", "enero", "janvier", "janeiro", "gennaio"],
    &["february", "februar", "febrero", "février", "fevrier", "fevereiro", "febbraio"],
    &["march", "märz", "maerz", "mrz", "marzo", "mars", "março"],
    &["april", "abril", "avril", "aprile"],
    &["may", "mai", "mayo", "maio", "maggio"],
    &["june", "juni", "junio", "juin", "junho", "giugno"],
    &["july", "juli", "julio", "juillet", "julho", "luglio"],
    &["august", "agosto", "août", "aout"],
    &["september", "septiembre", "septembre", "setembro", "settembre"],
    &["october", "oktober", "octubre", "octobre", "outubro", "ottobre"],
    &["november", "noviembre", "novembre", "novembro"],
    &["december", "dezember", "diciembre", "décembre", "decembre", "dezembro", "dicembre"],
];

/// The days of the week in six languages, from Monday on.
const WEEKDAYS: [&[&str]; 7] = [
    &["monday", "montag", "lunes", "lundi", "segunda", "lunedì"],
    &["tuesday", "dienstag", "martes", "mardi", "terça", "martedì"],
    &["wednesday", "mittwoch", "miércoles", "mercredi", "quarta", "mercoledì"],
    &["thursday", "donnerstag", "jueves", "jeudi", "quinta", "giovedì"],
    &["friday", "freitag", "viernes", "vendredi", "sexta", "venerdì"],
    &["saturday", "samstag", "sonnabend", "sábado", "samedi", "sabato"],
    &["sunday", "sonntag", "domingo", "dimanche", "domenica"],
];

/// A month's name, or three or more of its first letters where they leave no choice.
fn month(word: &str) -> Option<Part> {
    let word = word.to_lowercase();
    let is_meant = |names: &&[&str]| word.chars().count() >= 3 && names.iter().any(|name| name.starts_with(&word));
    let mut meant = (1..).zip(&MONTHS).filter(|(_, names)| is_meant(names)).map(|(number, _)| number);
    let first = meant.next()?;
    meant.next().is_none().then_some(Part::Month(first))
}

/// The days that a name, or two or more of its first letters, can mean: a bit each, Monday the lowest.
fn weekday(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    let is_meant = |names: &[&str]| word.chars().count() >= 2 && names.iter().any(|name| name.starts_with(&word));
    let days = (0..).zip(&WEEKDAYS).fold(0, |days, (bit, names)| days | u8::from(is_meant(names)) << bit);
    (days > 0).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let got = match read(text) {
            Some(Written::Certain(date)) => date.to_string(),
            Some(Written::Parts { first, second, year, is_dotted }) => {
                format!("{first} {second} {year}{}", if is_dotted { " dotted" } else { "" })
            }
            Some(Written::WrongWeekday) => "wrong weekday".to_owned(),
            None => "none".to_owned(),
        };
        assert_eq!(got, expected, "{text:?}");
    }

    #[test]
    fn months_have_names_in_six_languages() {
        for text in [
            "2026-10-03",
            "2026/10/03",
            "2026.10.3",
            "3 Oct 2026",
            "Oct 3, 2026",
            "3-Oct-26",
            "October 3rd, 2026",
            "Saturday, 3 October 2026",
            "Sat Oct 03 2026",
            "3. Oktober 2026",
            "Sa., 3. Okt. 2026",
            "3 de octubre de 2026",
            "samedi 3 octobre 2026",
            "3 out 2026",
            "03/Oct/2026",
            "2026 Oct 3",
            "3 OTT 2026",
        ] {
            check(text, "2026-10-03");
        }
        check("3 mars 2026", "2026-03-03");
        check("mar 3 mars 2026", "2026-03-03");
        check("Mar 3 2026", "2026-03-03");
        check("3 juin 2026", "2026-06-03");
    }

    #[test]
    fn the_order_of_day_and_month_is_not_decided_here() {
        check("03/04/2026", "3 4 2026");
        check("3-4-26", "3 4 2026");
        check("03.04.2026", "3 4 2026 dotted");
        check("Tue 03/04/2026", "3 4 2026");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "yesterday",
            "2026",
            "12",
            "20261003",
            "2026-13-01",
            "2026-02-30",
            "3 ju 2026",
            "3 jui 2026",
            "Oct 2026",
            "5/29",
            "05/29/226",
            "+5/29/26",
            "5/29/26 noon",
            "1 2 2026",
            "3 Oct 2026 4",
            "Oct Oct 2026",
            "12 04.2026",
        ] {
            check(text, "none");
        }
        check("Sunday, 3 October 2026", "wrong weekday");
    }
}
