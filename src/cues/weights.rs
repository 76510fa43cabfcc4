//! What each cue says for each class, learned from labelled prompts. Data: `weights.toml`, written by training.
use std::{collections::BTreeMap, fmt::Write as _, sync::LazyLock};

use serde::Deserialize;
use wide::i16x8;

use crate::cues::scan;
use crate::model::action::Action;

/// Parts of a log-odds point in weights.
pub const PARTS: i32 = 256;
/// The version of the file format that this code reads.
pub const VERSION: u32 = 1;

const CLASSES: usize = Action::LABELS.len();
/// A row: a weight for each class, then the tag of its slot in the word table, 0 where that is empty.
pub(crate) type Lanes = i16x8;
const TAG: usize = 5;
const SLOT_BITS: u32 = 15;
const KNOWN_BITS: u32 = 17;

/// One weight for each of [`Action::LABELS`], in [`PARTS`].
pub type Row = [i16; CLASSES];

/// Weights of every cue, and how scores become probabilities.
#[derive(Debug, Clone)]
pub struct Weights {
    about: About,
    cues: Vec<Lanes>,
    grams: Vec<Lanes>,
    /// A bit for each used part of the hashes: most words of a text are settled by it.
    known: Box<[u64; 1 << (KNOWN_BITS - 6)]>,
    context: BTreeMap<String, Row>,
}

/// Where weights come from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The version of the file format.
    pub version: u32,
    /// The day of training.
    pub trained: String,
    /// How many labelled prompts they were learned from.
    pub prompts: usize,
    /// The accuracy under cross-validation by history, `best` against the label.
    pub accuracy: f64,
    /// The macro-F1 under cross-validation.
    pub macro_f1: f64,
    /// Divides scores before they become probabilities.
    pub temperature: f64,
    /// Below this probability the action is `unclassified`.
    pub threshold: f64,
    /// The sha-256 of each input file.
    pub inputs: Vec<String>,
    /// Under cross-validation, how many prompts of each class (a row) were taken for which (a column).
    #[serde(default)]
    pub confusion: [[u32; CLASSES]; CLASSES],
    /// How much errors of one history are correlated.
    #[serde(default)]
    pub correlation: f64,
}

/// Weights as a trainer gives them.
#[derive(Debug, Clone)]
pub struct Learned {
    /// Where they come from.
    pub about: About,
    /// A row for each named cue, in the order of [`scan::name`].
    pub cues: Vec<Row>,
    /// A row for each hashed word.
    pub grams: BTreeMap<u64, Row>,
    /// A row for each sign of the context.
    pub context: BTreeMap<String, Row>,
}

/// Why a text holds no weights.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// No TOML, or a key is missing or unknown.
    #[error("{0}")]
    Malformed(#[from] toml::de::Error),
    /// Of another version.
    #[error("weights of version {0}: this program reads version {VERSION}")]
    Version(u32),
    /// A line of the word table that is not `hash weight...`.
    #[error("word weights: expected a hash and {CLASSES} numbers, found {0:?}")]
    Gram(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: About,
    #[serde(default)]
    cues: BTreeMap<String, Row>,
    #[serde(default)]
    context: BTreeMap<String, Row>,
    #[serde(default)]
    words: String,
}

static BUILT_IN: LazyLock<Weights> =
    LazyLock::new(|| Weights::parse(include_str!("weights.toml")).expect("a test parses the weights of this crate"));

impl Weights {
    /// The weights of this crate.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Weights that say nothing.
    pub fn blank() -> Self {
        let cues = vec![Row::default(); scan::NAMED];
        Self::new(Learned { about: About::unknown(), cues, grams: BTreeMap::new(), context: BTreeMap::new() })
    }

    /// Reads the text of a weights file.
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        Ok(Self::new(Learned::parse(text)?))
    }

    /// Puts learned weights into tables. Of two words in one slot the one with the larger weights stays.
    pub fn new(learned: Learned) -> Self {
        let Learned { about, cues, grams, context } = learned;
        let mut table = vec![Lanes::default(); 1 << SLOT_BITS];
        let mut known = Box::new([0; _]);
        let mut by_size: Vec<_> = grams.into_iter().collect();
        by_size.sort_by_key(|&(hash, row)| (row.iter().map(|weight| weight.unsigned_abs()).max(), hash));
        for (hash, row) in by_size {
            let mut lanes = padded(row);
            lanes.as_mut_array()[TAG] = tag(hash);
            table[slot(hash)] = lanes;
            let (word, bit) = known_bit(hash);
            known[word] |= bit;
        }
        Self { about, cues: cues.into_iter().map(padded).collect(), grams: table, known, context }
    }

    /// Where they come from.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The row of a named cue, padded.
    pub(crate) fn cue(&self, index: usize) -> Lanes {
        self.cues[index]
    }

    /// The row of a hashed word, padded; `None` where nothing was learned.
    #[inline]
    pub(crate) fn gram(&self, hash: u64) -> Option<Lanes> {
        let (word, bit) = known_bit(hash);
        if self.known[word] & bit == 0 {
            return None;
        }
        let lanes = self.grams[slot(hash)];
        (lanes.to_array()[TAG] == tag(hash)).then_some(lanes)
    }

    /// The row of a sign of the context; zeros where nothing was learned.
    pub fn context(&self, name: &str) -> Row {
        self.context.get(name).copied().unwrap_or_default()
    }

    /// The row of a named cue.
    pub fn of_cue(&self, index: usize) -> Row {
        let lanes = self.cues[index].to_array();
        [lanes[0], lanes[1], lanes[2], lanes[3], lanes[4]]
    }
}

impl About {
    /// Of weights that were just made and not measured.
    pub fn unknown() -> Self {
        Self {
            version: VERSION,
            trained: String::new(),
            prompts: 0,
            accuracy: 0.0,
            macro_f1: 0.0,
            temperature: 1.0,
            threshold: 0.0,
            inputs: Vec::new(),
            confusion: [[0; CLASSES]; CLASSES],
            correlation: 0.0,
        }
    }
}

impl Learned {
    /// The weights of this crate.
    ///
    /// # Errors
    /// Never: a test parses them.
    pub fn built_in() -> Result<Self, WeightsError> {
        Self::parse(include_str!("weights.toml"))
    }

    /// Reads the text of a weights file.
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let File { about, cues, context, words } = toml::from_str(text)?;
        if about.version != VERSION {
            return Err(WeightsError::Version(about.version));
        }
        let cues = (0..scan::NAMED).map(|index| cues.get(&scan::name(index)).copied().unwrap_or_default()).collect();
        let grams = words.lines().filter(|line| !line.trim().is_empty()).map(gram_line).collect::<Result<_, _>>()?;
        Ok(Self { about, cues, grams, context })
    }

    /// The text of a weights file.
    pub fn to_text(&self) -> String {
        let about = &self.about;
        let mut text = String::from(
            "# What each cue says for each class, in 1/256 log-odds points, in this order:\n\
             # generation, revision, fix, regeneration, other. Written by training; words stand as hashes.\n[about]\n",
        );
        let inputs: Vec<String> = about.inputs.iter().map(|hash| format!("\"{hash}\"")).collect();
        let _ =
            writeln!(text, "version = {}\ntrained = \"{}\"\nprompts = {}", about.version, about.trained, about.prompts);
        let _ = writeln!(text, "accuracy = {:.4}\nmacro_f1 = {:.4}", about.accuracy, about.macro_f1);
        let _ = writeln!(text, "temperature = {:.4}\nthreshold = {:.4}", about.temperature, about.threshold);
        let _ = writeln!(text, "inputs = [{}]", inputs.join(", "));
        let _ = writeln!(text, "confusion = {:?}\ncorrelation = {:.4}", about.confusion, about.correlation);
        let _ = writeln!(text, "\n[cues]");
        for (index, row) in self.cues.iter().enumerate().filter(|(_, row)| **row != Row::default()) {
            let _ = writeln!(text, "\"{}\" = {row:?}", scan::name(index));
        }
        let _ = writeln!(text, "\n[context]");
        for (name, row) in &self.context {
            let _ = writeln!(text, "\"{name}\" = {row:?}");
        }
        let mut words = String::new();
        for (hash, row) in self.grams.iter().filter(|(_, row)| **row != Row::default()) {
            let _ = write!(words, "{hash:016x}");
            for weight in row {
                let _ = write!(words, " {weight}");
            }
            words.push('\n');
        }
        // The words stand last, but outside of the tables, so they come first in the file's order of keys.
        text.replacen("[about]\n", &format!("words = \"\"\"\n{words}\"\"\"\n\n[about]\n"), 1)
    }
}

fn gram_line(line: &str) -> Result<(u64, Row), WeightsError> {
    let wrong = || WeightsError::Gram(line.to_owned());
    let mut parts = line.split_ascii_whitespace();
    let hash = parts.next().and_then(|hash| u64::from_str_radix(hash, 16).ok()).ok_or_else(wrong)?;
    let mut row = Row::default();
    for weight in &mut row {
        *weight = parts.next().and_then(|part| part.parse().ok()).ok_or_else(wrong)?;
    }
    if parts.next().is_some() { Err(wrong()) } else { Ok((hash, row)) }
}

fn padded(row: Row) -> Lanes {
    let mut lanes = [0; _];
    lanes[..CLASSES].copy_from_slice(&row);
    Lanes::new(lanes)
}

fn known_bit(hash: u64) -> (usize, u64) {
    let at = (hash >> 16) & ((1 << KNOWN_BITS) - 1);
    ((at >> 6) as usize, 1 << (at & 63))
}

fn slot(hash: u64) -> usize {
    (hash >> (64 - SLOT_BITS)) as usize
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "16 bits of the hash, the last of them set"
)]
fn tag(hash: u64) -> i16 {
    (hash as u16 as i16) | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_of_this_crate_are_read() {
        assert_eq!(Weights::parse(include_str!("weights.toml")).unwrap().about().version, VERSION);
    }

    #[test]
    fn wrong_weights_are_named() {
        let text = include_str!("weights.toml").replacen("version = 1", "version = 9", 1);
        assert!(Weights::parse(&text).unwrap_err().to_string().contains("version 9"));
        assert!(gram_line("zz 1 2 3 4 5").is_err());
        assert!(gram_line("00 1 2 3 4").is_err());
        assert_eq!(gram_line("00ff 1 -2 3 4 5").unwrap(), (255, [1, -2, 3, 4, 5]));
    }
}
