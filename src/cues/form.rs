//! The form of a prompt: question, list, code, a pasted error, a link, one of the builder's own buttons.
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::cues::lexicon::KEPT;

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

/// The form bits of a text.
pub fn read(text: &str) -> u32 {
    let trimmed = text.trim();
    let mut bits = button(trimmed);
    if trimmed.ends_with('?') {
        bits |= ASKS;
    }
    let bytes = trimmed.as_bytes();
    let head = &bytes[..bytes.len().min(BYTES)];
    if head.contains(&b'?') {
        bits |= QUESTION;
    }
    if starts_a_list(head) {
        bits |= LIST;
    }
    if let Some(automaton) = AUTOMATON.as_ref() {
        for found in automaton.find_iter(head) {
            bits |= SIGNS[found.pattern().as_usize()].1;
        }
    }
    bits
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
        assert_eq!(read(text), expected, "{text}");
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
    fn a_button_is_its_whole_text() {
        check("Fix all reported errors.", FIX_BUTTON);
        check("Fix all reported errors. And add a page for guests", 0);
        check("The app isn't starting. Please look", FIX_BUTTON);
    }
}
