//! The form of a prompt: question, list, code, a pasted error, a link, one of the builder's own buttons.
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use wide::u8x16;

use crate::cues::{lexicon::KEPT, words::Words};

/// Holds a question mark.
pub const QUESTION: u32 = 1 << FIRST;
/// Ends with a question mark.
pub const ASKS: u32 = 1 << (FIRST + 1);
/// Has lines that begin with a bullet or a number.
pub const LIST: u32 = 1 << (FIRST + 2);
/// Holds source code.
pub const CODE: u32 = 1 << (FIRST + 3);
/// Holds the output of a failure: a stack trace, a compiler's or a browser's error.
pub const ERROR_PASTE: u32 = 1 << (FIRST + 4);
/// Holds a link.
pub const LINK: u32 = 1 << (FIRST + 5);
/// Comes from the builder's error button.
pub const FIX_BUTTON: u32 = 1 << (FIRST + 6);
/// Comes from the builder's visual editor or set-up button.
pub const EDIT_BUTTON: u32 = 1 << (FIRST + 7);

/// The names of the bits, from the first on.
pub const FORMS: [&str; 8] =
    ["question mark", "asks", "list", "code", "error paste", "link", "fix button", "edit button"];

const FIRST: usize = KEPT;
const _: () = assert!(FIRST + FORMS.len() == 32);

/// How many bytes are looked at.
const BYTES: usize = 1024;

/// What builders send when their error button is pressed.
const FIX_BUTTONS: [&str; 8] = [
    "fix all reported errors",
    "i see this error with the app",
    "the nextjs app server is having trouble",
    "the app isn't starting",
    "try fixing this error:",
    "the `npm install` command failed",
    "fix the following errors",
    "please fix the following error",
];
/// What builders send from the visual editor or a set-up button.
const EDIT_BUTTONS: [&str; 3] =
    ["make the following changes:\n\n", "set up firebase backend", "set up a firebase backend"];
/// A button's text with more than this after it was typed on.
const BUTTON_TAIL: usize = 12;

const SIGNS: [(&str, u32); 80] = [
    ("http://", LINK),
    ("https://", LINK),
    ("www.", LINK),
    ("\n- ", LIST),
    ("\n* ", LIST),
    ("\n• ", LIST),
    ("\n1. ", LIST),
    ("\n1) ", LIST),
    ("\n2. ", LIST),
    ("\n2) ", LIST),
    ("\n  - ", LIST),
    ("```", CODE),
    ("</", CODE),
    ("=> {", CODE),
    (");\n", CODE),
    ("{\n", CODE),
    ("};", CODE),
    ("import {", CODE),
    ("function(", CODE),
    ("const ", CODE),
    ("error:", ERROR_PASTE),
    ("exception:", ERROR_PASTE),
    ("exception in", ERROR_PASTE),
    ("traceback", ERROR_PASTE),
    ("\n    at ", ERROR_PASTE),
    (" at async ", ERROR_PASTE),
    ("npm err", ERROR_PASTE),
    ("npm error", ERROR_PASTE),
    ("typeerror", ERROR_PASTE),
    ("referenceerror", ERROR_PASTE),
    ("syntaxerror", ERROR_PASTE),
    ("uncaught ", ERROR_PASTE),
    ("unhandled ", ERROR_PASTE),
    ("failed to compile", ERROR_PASTE),
    ("failed to load", ERROR_PASTE),
    ("module not found", ERROR_PASTE),
    ("cannot find module", ERROR_PASTE),
    ("is not a function", ERROR_PASTE),
    ("is not defined", ERROR_PASTE),
    ("cannot read propert", ERROR_PASTE),
    ("status code", ERROR_PASTE),
    ("exit code", ERROR_PASTE),
    ("exited with code", ERROR_PASTE),
    ("stack trace", ERROR_PASTE),
    ("error[", ERROR_PASTE),
    ("error ts", ERROR_PASTE),
    ("error code", ERROR_PASTE),
    ("fatal:", ERROR_PASTE),
    ("econnrefused", ERROR_PASTE),
    ("permission denied", ERROR_PASTE),
    ("permission-denied", ERROR_PASTE),
    ("hydration failed", ERROR_PASTE),
    ("api error", ERROR_PASTE),
    ("runtime error", ERROR_PASTE),
    ("went wrong", ERROR_PASTE),
    ("failed to create", ERROR_PASTE),
    ("failed to fetch", ERROR_PASTE),
    ("failed to register", ERROR_PASTE),
    ("error loading", ERROR_PASTE),
    ("error occurred", ERROR_PASTE),
    ("encountered a ", ERROR_PASTE),
    ("warning: ", ERROR_PASTE),
    ("⨯", ERROR_PASTE),
    ("erro:", ERROR_PASTE),
    ("erro detectado", ERROR_PASTE),
    ("erreur :", ERROR_PASTE),
    ("erreur:", ERROR_PASTE),
    ("fehler:", ERROR_PASTE),
    ("error id", ERROR_PASTE),
    (" error - ", ERROR_PASTE),
    ("error 4", ERROR_PASTE),
    ("error 5", ERROR_PASTE),
    ("could not load", ERROR_PASTE),
    ("could not resolve", ERROR_PASTE),
    ("is deprecated", ERROR_PASTE),
    ("unexpected token", ERROR_PASTE),
    ("unexpected response", ERROR_PASTE),
    ("is invalid", ERROR_PASTE),
    ("is not valid", ERROR_PASTE),
    ("refused to", ERROR_PASTE),
];

static AUTOMATON: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let patterns = SIGNS.iter().map(|(pattern, _)| pattern);
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest).kind(Some(AhoCorasickKind::DFA));
    builder.build(patterns).ok()
});

/// The form bits of a text without blanks around it, and of its words.
pub fn read(text: &str, words: &Words) -> u32 {
    let mut bits = button(text);
    if text.ends_with('?') {
        bits |= ASKS;
    }
    let head = &text.as_bytes()[..text.len().min(BYTES)];
    if starts_a_list(head) {
        bits |= LIST;
    }
    let (is_question, has_rare) = look(words.lower());
    if is_question {
        bits |= QUESTION;
    }
    if (has_rare || may_have_signs(words))
        && let Some(automaton) = AUTOMATON.as_ref()
    {
        for found in automaton.find_iter(head) {
            bits |= SIGNS[found.pattern().as_usize()].1;
        }
    }
    bits
}

/// Bytes of which signs hold one, or else a word of [`STARTS`] or [`END`].
const RARE: [u8; 5] = [b'\n', b'<', b'{', b'`', b'}'];

/// Whether a text holds a question mark, and whether a rare byte.
fn look(lower: &[u8]) -> (bool, bool) {
    let (mut questions, mut rare) = (u8x16::ZERO, u8x16::ZERO);
    for bytes in lower.as_chunks::<16>().0 {
        let bytes = u8x16::from(*bytes);
        questions |= bytes.simd_eq(u8x16::splat(b'?'));
        for byte in RARE {
            rare |= bytes.simd_eq(u8x16::splat(byte));
        }
    }
    (questions.any(), rare.any())
}

/// Whether words begin or end as those of signs do: only such prompts are read by the automaton.
fn may_have_signs(words: &Words) -> bool {
    let starts = &*STARTS;
    (0..words.count()).fold(false, |may, index| {
        let last = words.last_four(index);
        let is_exception = last == u32::from_le_bytes(*b"tion") && words.word(index).ends_with(b"exception");
        may | starts.has(words.first_four(index)) | (last == u32::from_le_bytes(*b"rror")) | is_exception
    })
}

/// Signs without a rare byte hold a word that begins so, or that ends with `error` or `exception`.
static STARTS: LazyLock<Starts> = LazyLock::new(|| {
    Starts::new(&[
        b"http", b"www ", b"func", b"cons", b"erro", b"npm ", b"exce", b"trac", b"asyn", b"unca", b"unha", b"fail",
        b"modu", b"defi", b"prop", b"code", b"fata", b"econ", b"perm", b"hydr", b"went", b"enco", b"warn", b"erre",
        b"fehl", b"reso", b"load", b"depr", b"unex", b"inva", b"vali", b"refu",
    ])
});

/// The first four bytes of words (a shorter one has its space), each in a slot of its own.
struct Starts {
    factor: u32,
    slots: [u32; 1 << Self::BITS],
}

impl Starts {
    const BITS: u32 = 10;

    fn new(starts: &[&[u8; 4]]) -> Self {
        let mut factor = 0x9e37_79b1_u32;
        'factor: loop {
            let mut all = Self { factor, slots: [0; _] };
            for start in starts.iter().map(|start| u32::from_le_bytes(**start)) {
                let slot = all.slot(start);
                if all.slots[slot] != 0 {
                    factor = factor.wrapping_mul(5);
                    continue 'factor;
                }
                all.slots[slot] = start;
            }
            return all;
        }
    }

    fn slot(&self, start: u32) -> usize {
        (start.wrapping_mul(self.factor) >> (32 - Self::BITS)) as usize
    }

    fn has(&self, start: u32) -> bool {
        self.slots[self.slot(start)] == start
    }
}

/// Whether a text comes from one of the builder's buttons.
pub fn is_button(text: &str) -> bool {
    button(text.trim()) != 0
}

fn starts_a_list(head: &[u8]) -> bool {
    matches!(head, [b'-' | b'*', b' ', ..] | [b'1', b'.' | b')', b' ', ..])
}

fn button(text: &str) -> u32 {
    let Some(first) = text.bytes().next() else { return 0 };
    // Most prompts begin with another letter than any button's text.
    let begins = |start: &str| {
        start.as_bytes().first() == Some(&first.to_ascii_lowercase())
            && text.as_bytes().get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start.as_bytes()))
    };
    if begins(FIX_BUTTONS[0]) {
        return if text.len() <= FIX_BUTTONS[0].len() + BUTTON_TAIL { FIX_BUTTON } else { 0 };
    }
    if FIX_BUTTONS.iter().any(|start| begins(start)) {
        FIX_BUTTON
    } else if EDIT_BUTTONS.iter().any(|start| begins(start)) {
        EDIT_BUTTON
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: u32) {
        assert_eq!(read(text.trim(), &Words::of(text.trim())), expected, "{text}");
    }

    #[test]
    fn forms_are_recognised() {
        check("add a page", 0);
        check("what is this? tell me", QUESTION);
        check("what is this? ", QUESTION | ASKS);
        check("do:\n- one\n- two", LIST);
        check("see https://example.org", LINK);
        check("TypeError: x is not a function", ERROR_PASTE);
    }

    #[test]
    fn each_sign_is_found() {
        for (sign, bits) in SIGNS {
            for text in [format!("so {sign}"), format!("SO {}", sign.to_uppercase())] {
                assert_eq!(read(&text, &Words::of(&text)) & bits, bits, "{text:?}");
            }
        }
        assert!(!may_have_signs(&Words::of("add a page for guests")));
        check("IllegalStateException: no guests", ERROR_PASTE);
        check("AxiosError: no guests", ERROR_PASTE);
    }

    #[test]
    fn a_button_is_its_whole_text() {
        check("Fix all reported errors.", FIX_BUTTON);
        check("Fix all reported errors. And add a page for guests", 0);
        check("The app isn't starting. Please look", FIX_BUTTON);
    }
}
