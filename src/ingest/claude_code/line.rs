//! One line of a transcript, and what it means.
use serde::Deserialize;
use serde_json::Value;

use crate::ingest::{batch::RowError, token_prices::Tokens};

/// The fields that matter, checked for their types only.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line {
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(rename = "sessionId", default)]
    pub(super) session: Option<String>,
    #[serde(default)]
    pub(super) timestamp: Option<String>,
    #[serde(default)]
    pub(super) uuid: Option<String>,
    #[serde(default)]
    pub(super) cwd: Option<String>,
    #[serde(rename = "isSidechain", default, deserialize_with = "flag")]
    pub(super) is_side_chain: bool,
    #[serde(rename = "agentId", default)]
    pub(super) agent: Option<String>,
    #[serde(default, deserialize_with = "flag")]
    is_meta: bool,
    #[serde(default, deserialize_with = "flag")]
    is_compact_summary: bool,
    #[serde(default)]
    message: Option<Value>,
}

/// A flag; null is no.
fn flag<'de, D: serde::Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    Ok(Option::<bool>::deserialize(value)?.unwrap_or_default())
}

/// What a line says.
pub(super) enum Meaning {
    /// A person asks for something.
    Prompt(String),
    /// The person stopped the assistant.
    Interruption,
    /// A hook of the program refused the prompt before.
    Refusal,
    /// A message of the assistant used tokens.
    Use(Use),
    /// A tool's result, a note of the program, a snapshot.
    Nothing,
}

/// A message's use.
pub(super) struct Use {
    /// The message's id; lines of one message share it.
    pub(super) message: String,
    pub(super) tokens: Tokens,
    pub(super) model: Option<String>,
    /// How many bytes of text and of calls this line holds of it.
    pub(super) length: usize,
}

/// Reads a line.
///
/// # Errors
/// A sentence, when it is no JSON object of the known shape.
pub(super) fn parse(text: &str) -> Result<Line, String> {
    // The parser's own message may quote what people wrote.
    serde_json::from_str(text).map_err(|err| {
        let what = if err.is_data() { "a field has another type than in transcripts" } else { "it is no JSON object" };
        format!("not a line of a transcript: {what} (column {})", err.column())
    })
}

/// Beginnings of user lines that the program wrote itself.
const PROGRAM_NOTES: [&str; 6] = [
    "<command-name>",
    "<command-message>",
    "<local-command-stdout>",
    "<local-command-stderr>",
    "<local-command-caveat>",
    "<bash-stdout>",
];
/// Beginnings of user lines by which a hook says that it let a prompt not through.
const REFUSALS: [&str; 2] = ["Operation stopped by hook", "UserPromptSubmit operation blocked by hook"];
const INTERRUPTION: &str = "[Request interrupted by user";

impl Line {
    /// Whether only a transcript has such a line.
    pub(super) fn is_of_a_session(&self) -> bool {
        let is_turn = matches!(self.kind.as_deref(), Some("user" | "assistant"));
        is_turn && self.session.is_some() && self.message.as_ref().is_some_and(|message| message.get("role").is_some())
    }

    /// What it says.
    ///
    /// # Errors
    /// When an assistant's line carries use that cannot be read.
    pub(super) fn meaning(&self) -> Result<Meaning, RowError> {
        let Some(message) = &self.message else { return Ok(Meaning::Nothing) };
        match self.kind.as_deref() {
            Some("user") => Ok(self.asked(message)),
            Some("assistant") => self.used(message),
            _ => Ok(Meaning::Nothing),
        }
    }

    fn asked(&self, message: &Value) -> Meaning {
        let Some(text) = message.get("content").and_then(typed_text) else { return Meaning::Nothing };
        let start = text.trim_start();
        if start.starts_with(INTERRUPTION) {
            return Meaning::Interruption;
        }
        if REFUSALS.iter().any(|refusal| start.starts_with(refusal)) {
            return Meaning::Refusal;
        }
        let is_program = self.is_meta || self.is_side_chain || self.is_compact_summary;
        if is_program || PROGRAM_NOTES.iter().any(|note| start.starts_with(note)) {
            return Meaning::Nothing;
        }
        Meaning::Prompt(text)
    }

    fn used(&self, message: &Value) -> Result<Meaning, RowError> {
        let Some(usage) = message.get("usage").filter(|usage| usage.is_object()) else { return Ok(Meaning::Nothing) };
        let count = |of: &Value, name: &str| match of.get(name) {
            None | Some(Value::Null) => Ok(0),
            Some(value) => {
                let wrong = || RowError::cell(name, &value.to_string(), "not a count of tokens: a whole number from 0");
                value.as_u64().ok_or_else(wrong)
            }
        };
        let cache_write_1h = match usage.get("cache_creation") {
            Some(split) if split.is_object() => count(split, "ephemeral_1h_input_tokens")?,
            _ => 0,
        };
        let tokens = Tokens {
            input: count(usage, "input_tokens")?,
            cache_write: count(usage, "cache_creation_input_tokens")?,
            cache_write_1h,
            cache_read: count(usage, "cache_read_input_tokens")?,
            output: count(usage, "output_tokens")?,
        };
        let text = |name: &str| message.get(name).and_then(Value::as_str).map(str::to_owned);
        let id = text("id").or_else(|| self.uuid.clone());
        let id = id.ok_or_else(|| RowError::row("use without a message id: it cannot be counted once"))?;
        let model = text("model").filter(|model| !model.starts_with('<'));
        let length = message.get("content").map_or(0, written);
        Ok(Meaning::Use(Use { message: id, tokens, model, length }))
    }
}

/// How many bytes of text and of calls some content holds.
fn written(content: &Value) -> usize {
    let of_block = |block: &Value| {
        let text: usize =
            ["text", "thinking"].into_iter().filter_map(|name| block.get(name)?.as_str()).map(str::len).sum();
        block.get("input").map_or(text, |input| text + input.to_string().len())
    };
    match content {
        Value::String(text) => text.len(),
        Value::Array(blocks) => blocks.iter().map(of_block).sum(),
        _ => 0,
    }
}

/// The text that a person typed; `None` for a tool's result.
fn typed_text(content: &Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text.clone()),
        Value::Array(blocks) => {
            let kind = |block: &Value| block.get("type").and_then(Value::as_str).map(str::to_owned);
            if blocks.is_empty() || blocks.iter().any(|block| kind(block).as_deref() == Some("tool_result")) {
                return None;
            }
            let texts = blocks.iter().filter_map(|block| block.get("text").and_then(Value::as_str));
            Some(texts.collect::<Vec<_>>().join("\n"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        let got = match parse(json).map(|line| line.meaning()) {
            Err(cause) => cause,
            Ok(Err(error)) => format!("{}: {}", error.column, error.cause),
            Ok(Ok(Meaning::Prompt(text))) => format!("prompt {text}"),
            Ok(Ok(Meaning::Interruption)) => "interruption".to_owned(),
            Ok(Ok(Meaning::Refusal)) => "refusal".to_owned(),
            Ok(Ok(Meaning::Use(used))) => format!("{} {:?}", used.message, used.tokens),
            Ok(Ok(Meaning::Nothing)) => "nothing".to_owned(),
        };
        assert!(got.starts_with(expected), "{json}: {got}");
    }

    #[test]
    fn a_prompt_is_what_a_person_typed() {
        check(r#"{"type":"user","message":{"content":"Add a map"}}"#, "prompt Add a map");
        check(r#"{"type":"user","message":{"content":[{"type":"text","text":"Add"},{"type":"image"}]}}"#, "prompt Add");
        check(r#"{"type":"user","message":{"content":[{"type":"tool_result","content":"ok"}]}}"#, "nothing");
        check(r#"{"type":"user","message":{"content":"Operation stopped by hook: wait"}}"#, "refusal");
        check(r#"{"type":"user","isMeta":true,"message":{"content":"Caveat"}}"#, "nothing");
        check(r#"{"type":"user","isSidechain":true,"message":{"content":"Look for x"}}"#, "nothing");
        check(r#"{"type":"user","isCompactSummary":true,"message":{"content":"So far"}}"#, "nothing");
        check(r#"{"type":"user","message":{"content":"<command-name>/clear</command-name>"}}"#, "nothing");
        check(
            r#"{"type":"user","message":{"content":[{"type":"text","text":"[Request interrupted by user]"}]}}"#,
            "interruption",
        );
    }

    #[test]
    fn use_is_read_exactly_or_refused() {
        let usage = r#""usage":{"input_tokens":3,"output_tokens":5,"cache_read_input_tokens":7}"#;
        check(
            &format!(r#"{{"type":"assistant","message":{{"id":"m1",{usage}}}}}"#),
            "m1 Tokens { input: 3, cache_write: 0, cache_write_1h: 0, cache_read: 7, output: 5 }",
        );
        check(r#"{"type":"assistant","message":{"id":"m1","usage":{"input_tokens":-3}}}"#, "input_tokens: not a count");
        check(
            r#"{"type":"assistant","message":{"id":"m1","usage":{"input_tokens":1.5}}}"#,
            "input_tokens: not a count",
        );
        check(r#"{"type":"assistant","message":{"usage":{"input_tokens":1}}}"#, ": use without a message id");
        check("{]", "not a line of a transcript");
    }
}
