//! What a consumption event did: the classes that every report is cut by.
use std::{fmt, str::FromStr};

/// The class of an event, in the order reports show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Action {
    /// Asks for a thing that is not there yet.
    Generation,
    /// Changes a thing that is there.
    Revision,
    /// Reports a failure of what was built.
    Fix,
    /// Builds a built thing anew, reverts it, or sends the same request again.
    Regeneration,
    /// A question, discussion, plan, approval or operation.
    Other,
    /// The running app, not building.
    Runtime,
    /// Nothing speaks for any class.
    Unclassified,
}

impl Action {
    /// Every class, in order.
    pub const ALL: [Self; 7] = [
        Self::Generation,
        Self::Revision,
        Self::Fix,
        Self::Regeneration,
        Self::Other,
        Self::Runtime,
        Self::Unclassified,
    ];
    /// The words of [`Action::ALL`].
    pub const WORDS: &'static [&'static str] =
        &["generation", "revision", "fix", "regeneration", "other", "runtime", "unclassified"];
    /// The classes a prompt can have; labelled files use these words.
    pub const LABELS: [Self; 5] = [Self::Generation, Self::Revision, Self::Fix, Self::Regeneration, Self::Other];

    /// The word of files and reports.
    pub fn word(self) -> &'static str {
        Self::WORDS[self.index()]
    }

    /// The position in [`Action::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Work on what was built already: fix and regeneration. Revision is refinement, which is how building goes.
    pub const fn is_rework(self) -> bool {
        matches!(self, Self::Fix | Self::Regeneration)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A word that is no class.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown class {0:?}: use one of generation, revision, fix, regeneration, other, runtime, unclassified")]
pub struct UnknownAction(String);

impl FromStr for Action {
    type Err = UnknownAction;
    fn from_str(word: &str) -> Result<Self, UnknownAction> {
        let found = Self::ALL.into_iter().find(|action| action.word() == word);
        found.ok_or_else(|| UnknownAction(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_stands_at_its_index_under_its_word() {
        for (index, action) in Action::ALL.into_iter().enumerate() {
            assert_eq!(action.index(), index);
            assert_eq!(action.word().parse(), Ok(action));
        }
        assert!("edit".parse::<Action>().is_err());
    }
}
