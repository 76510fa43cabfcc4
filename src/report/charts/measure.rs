//! How wide a text will be. An SVG is laid out where its fonts are not known, so the estimate is that of `DejaVu` Sans, the
//! widest of the common typefaces: what fits by it fits by the others.
use unicode_width::UnicodeWidthChar as _;

/// The width of a text at a size, in pixels, rather too wide than too narrow.
pub(super) fn width(text: &str, size: i32) -> i32 {
    let thousandths: i32 = text.chars().map(advance).sum();
    (thousandths * size + 999) / 1_000
}

/// The width of a bold text.
pub(super) fn bold_width(text: &str, size: i32) -> i32 {
    width(text, size) * 112 / 100
}

/// The text, cut to a width with `…` where something is left out.
pub(super) fn fit(text: &str, size: i32, most: i32) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let mut shown = String::new();
    for c in text.chars() {
        shown.push(c);
        if width(&shown, size) + width("…", size) > most {
            shown.pop();
            break;
        }
    }
    shown.push('…');
    shown
}

/// The text in lines of a width, broken between words; a longer word is cut.
pub(super) fn wrap(text: &str, most: i32, width: impl Fn(&str) -> i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let joined = lines.last().map(|line| format!("{line} {word}"));
        match (lines.last_mut(), joined) {
            (Some(line), Some(joined)) if width(&joined) <= most => *line = joined,
            _ if width(word) <= most => lines.push(word.to_owned()),
            _ => lines.push(cut(word, most, &width)),
        }
    }
    lines
}

/// A word, cut to a width with `…`.
fn cut(word: &str, most: i32, width: impl Fn(&str) -> i32) -> String {
    let mut shown = String::new();
    for c in word.chars() {
        shown.push(c);
        if width(&format!("{shown}…")) > most {
            shown.pop();
            break;
        }
    }
    shown + "…"
}

/// The advance of a character, in thousandths of the size.
fn advance(c: char) -> i32 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 345,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '/' => 425,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 1_000,
        'a'..='z' | '0'..='9' => 640,
        '<' | '>' | '=' | '+' | '~' | '#' => 840,
        ' '..='~' => 780,
        c => match c.width().unwrap_or(0) {
            0 => 0,
            1 => 800,
            _ => 1_050,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_to_its_room() {
        let cut = fit("wilhelmina.featherstonehaugh@example.org", 12, 120);
        assert!(cut.ends_with('…') && width(&cut, 12) <= 120, "{cut}");
        assert_eq!(fit("short", 12, 120), "short");
    }

    #[test]
    fn lines_break_between_words() {
        let chars = |text: &str| i32::try_from(text.chars().count()).unwrap();
        assert_eq!(wrap("aa bb cc", 5, chars), ["aa bb", "cc"]);
        assert_eq!(wrap("aa a-long-word", 5, chars), ["aa", "a-lo…"]);
    }
}
