//! Names from data, made safe for where they are shown. A control character would steer a terminal, break an SVG, or
//! turn a line round; each becomes `�`, so that it is seen and nothing else moves.
use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// One line of visible text. Blanks at its ends and lines within it become single spaces.
pub fn line(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let mut before = None;
        let mut letters = word.chars().peekable();
        let mut shown = String::with_capacity(word.len());
        while let Some(c) = letters.next() {
            // the mark that keeps two letters of one word apart, as Persian has it
            let is_between = c == '\u{200c}' && before.is_some_and(char::is_alphabetic);
            let stays = is_between && letters.peek().is_some_and(|next| next.is_alphabetic());
            shown.push(if stays { c } else { visible(c) });
            before = Some(c);
        }
        shown
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Visible text for HTML and for attributes in double quotes.
pub fn html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in line(text).chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

/// A text that no spreadsheet takes for a formula, its full-width forms included.
pub fn defused(text: &str) -> String {
    let begins = ['=', '+', '-', '@', '\t', '\r', '\n', '\'', '＝', '＋', '－', '＠'];
    if text.starts_with(begins) { format!("'{text}") } else { text.to_owned() }
}

/// A cell that no spreadsheet runs; a negative number stays one.
pub fn guarded(value: &str) -> String {
    let is_number = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    };
    if value.strip_prefix(['-', '+']).is_some_and(is_number) { value.to_owned() } else { defused(value) }
}

/// A name for a file: small letters, digits and dashes, at least one.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => slug.push(c),
            c if c.is_ascii() => {
                if !slug.ends_with('-') {
                    slug.push('-');
                }
            }
            c => {
                let _ = write!(slug, "{:x}", u32::from(c));
            }
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "unnamed".to_owned() } else { slug.to_owned() }
}

/// How many columns of a terminal a text takes.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// One line of at most so many columns of a terminal, with `…` where something is left out.
pub fn cut(text: &str, width: usize) -> String {
    let text = line(text);
    if columns(&text) <= width { text } else { shorten(&text, width) }
}

/// Cut to so many columns of a terminal, and filled with spaces.
pub fn fit(text: &str, width: usize) -> String {
    let mut shown = cut(text, width);
    shown.push_str(&" ".repeat(width.saturating_sub(columns(&shown))));
    shown
}

fn shorten(text: &str, width: usize) -> String {
    let (mut shown, mut used) = (String::new(), 0);
    for c in text.chars() {
        let next = used + c.width().unwrap_or(0);
        if next + 1 > width {
            break;
        }
        used = next;
        shown.push(c);
    }
    shown.push('…');
    shown
}

/// The character itself, or `�` for one that is no visible mark.
fn visible(c: char) -> char {
    match c {
        // direction overrides and isolates, zero-width marks, tags, and what XML forbids; the joiner of emoji stays
        '\u{61c}'
        | '\u{200b}'..='\u{200c}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{fffe}'..='\u{ffff}'
        | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_direction_marks_become_visible() {
        assert_eq!(line("a\u{1b}[31mb\u{7}\n c\u{202e}d\0"), "a�[31mb� c�d�");
        assert_eq!(line("علی\u{200c}رضا \u{200c}a\u{200c}"), "علی\u{200c}رضا �a�");
        assert_eq!(line("  Zoë\tμ 田中 👩‍💻 "), "Zoë μ 田中 👩‍💻");
    }

    #[test]
    fn markup_is_text_in_html() {
        assert_eq!(html("<script>'\"&"), "&lt;script&gt;&#39;&quot;&amp;");
    }

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!(fit("田中さん", 6), "田中… ");
        assert_eq!(fit("abc", 5), "abc  ");
        assert_eq!(fit("abcdef", 4), "abc…");
    }

    #[test]
    fn a_slug_names_a_file() {
        assert_eq!(["Base44", "../a b", "ö", "--"].map(slug), ["base44", "a-b", "f6", "unnamed"]);
    }

    #[test]
    fn numbers_stay_and_formulas_do_not() {
        assert_eq!(["-1.5", "+2", "1"].map(guarded), ["-1.5", "+2", "1"]);
        assert_eq!(["-", "-1+cmd()", "=1", "'x"].map(guarded), ["'-", "'-1+cmd()", "'=1", "''x"]);
    }
}
