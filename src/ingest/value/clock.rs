//! Times of day as people write them, with or without an offset: `9:12`, `09:12:00.123`, `9:12 AM`, `09:12 GMT+2`.
use chrono::NaiveTime;

/// Where the time of day begins in a cell, with what stands between it and the date left out.
pub(super) fn split(cell: &str) -> (&str, Option<&str>) {
    let Some(colon) = cell.find(':') else { return (cell, None) };
    let digits = cell[..colon].len() - cell[..colon].trim_end_matches(|c: char| c.is_ascii_digit()).len();
    // An access log has `03/Oct/2026:09:12:00`.
    let (date, time) = if digits == 4 { (&cell[..colon], &cell[colon + 1..]) } else { cell.split_at(colon - digits) };
    let date = date.trim_end();
    let date =
        date.strip_suffix(['T', 't']).filter(|date| date.ends_with(|c: char| c.is_ascii_digit())).unwrap_or(date);
    (date.trim_end_matches([' ', ',']), Some(time))
}

/// A time of day, and the seconds east of Greenwich where it tells them.
pub(super) fn read(text: &str) -> Option<(NaiveTime, Option<i32>)> {
    let (hour, rest) = number(text)?;
    let (minute, mut rest) = two_digits(rest.strip_prefix(':')?)?;
    let (mut second, mut nanos) = (0, 0);
    if let Some(seconds) = rest.strip_prefix(':') {
        (second, rest) = two_digits(seconds)?;
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            let n_digits = fraction.len() - fraction.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let digit =
                |place| fraction.as_bytes().get(place).filter(|_| place < n_digits).map_or(0, |byte| byte - b'0');
            nanos = (n_digits > 0).then(|| (0..9).fold(0, |sum, place| sum * 10 + u32::from(digit(place))))?;
            rest = &fraction[n_digits..];
        }
    }
    let (hour, rest) = half_of_day(hour, rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']))?;
    let offset = offset(rest.trim())?;
    Some((NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)?, offset))
}

/// One or two digits.
fn number(text: &str) -> Option<(u32, &str)> {
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = (1..=2).contains(&n_digits).then(|| text[..n_digits].parse().ok()).flatten()?;
    Some((number, &text[n_digits..]))
}

fn two_digits(text: &str) -> Option<(u32, &str)> {
    number(text).filter(|(_, rest)| text.len() - rest.len() == 2)
}

/// The hour of the day, told from `AM` or `PM` behind it, if one is there.
fn half_of_day(hour: u32, rest: &str) -> Option<(u32, &str)> {
    const HALVES: [(&str, u32); 4] = [("a.m.", 0), ("p.m.", 12), ("am", 0), ("pm", 12)];
    for (word, first) in HALVES {
        let head = rest.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word));
        if head.is_some() {
            return (1..=12).contains(&hour).then(|| (hour % 12 + first, &rest[word.len()..]));
        }
    }
    Some((hour, rest))
}

/// Nothing, `Z`, `UTC`, `+0530`, `GMT+2`, each also with a name in parentheses behind it; `None` for anything else.
#[expect(clippy::option_option, reason = "no offset is as good an answer as one")]
fn offset(text: &str) -> Option<Option<i32>> {
    let text = text.split_once(" (").filter(|(_, name)| name.ends_with(')')).map_or(text, |(offset, _)| offset);
    let zero_offsets = ["UTC", "GMT", "Z", "z"];
    let named = zero_offsets.iter().find_map(|name| text.strip_prefix(name));
    let rest = named.unwrap_or(text);
    if rest.is_empty() {
        return Some(named.map(|_| 0));
    }
    let sign = match rest.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = rest[1..].replacen(':', "", 1);
    let is_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.as_str(), "0"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (is_digits && hours <= 15 && minutes < 60).then_some(Some(sign * (hours * 3600 + minutes * 60)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let got = read(text).map_or_else(
            || "none".to_owned(),
            |(time, offset)| format!("{time}{}", offset.map(|seconds| format!(" {seconds}")).unwrap_or_default()),
        );
        assert_eq!(got, expected, "{text:?}");
    }

    #[test]
    fn times_of_day_are_read() {
        check("9:12", "09:12:00");
        check("09:12:03.123", "09:12:03.123");
        check("09:12:03,1234567", "09:12:03.123456700");
        check("9:12 AM", "09:12:00");
        check("12:00am", "00:00:00");
        check("12:30 p.m.", "12:30:00");
        check("9:12:03 PM +0530", "21:12:03 19800");
        check("09:12Z", "09:12:00 0");
        check("09:12 UTC", "09:12:00 0");
        check("09:12:00 GMT+2", "09:12:00 7200");
        check("09:12:00 GMT-0330 (Newfoundland)", "09:12:00 -12600");
    }

    #[test]
    fn other_texts_are_none() {
        for text in
            ["9", "9:1", "25:00", "13:00 PM", "0:30 AM", "9:12:", "9:12:03.", "9:12 CEST", "9:12+", "9:12 +5:3:0", "x"]
        {
            check(text, "none");
        }
    }

    #[test]
    fn the_time_of_day_is_found() {
        assert_eq!(split("2026-10-03T09:12"), ("2026-10-03", Some("09:12")));
        assert_eq!(split("Oct 3, 2026, 9:12 AM"), ("Oct 3, 2026", Some("9:12 AM")));
        assert_eq!(split("03/Oct/2026:09:12:00 +0000"), ("03/Oct/2026", Some("09:12:00 +0000")));
        assert_eq!(split("3 Oct 2026"), ("3 Oct 2026", None));
    }
}
