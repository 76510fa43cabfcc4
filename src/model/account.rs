//! What an amount is counted in, and on which side of the books it stands.
use std::fmt;

use serde::{Deserialize, Serialize};

/// Declares a closed set of words: an enum with its words in one place.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every member, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word of files and reports.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The member of this word, if there is one.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.word() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }
    };
}

words! {
    /// Which of the builder's two meters ran; they are never added.
    Meter {
        /// Building: prompts.
        Message = "message",
        /// The running app: e-mail, language model, images.
        Integration = "integration",
    }
}

words! {
    /// What is counted.
    Unit {
        /// A builder's credits.
        Credits = "credits",
        /// Tokens, or input-token equivalents where the source tells its kinds apart.
        Tokens = "tokens",
        /// Dollars of the United States.
        Usd = "usd",
        /// Requests, possibly fractional.
        Requests = "requests",
    }
}

words! {
    /// How an amount came about.
    Basis {
        /// Charged.
        Billed = "billed",
        /// Covered by the plan: use all the same.
        Included = "included",
        /// At list price, before discounts.
        List = "list",
        /// Not charged, as a courtesy or because it failed.
        Waived = "waived",
    }
}

words! {
    /// Which kind of entry in the books.
    Entry {
        /// Consumption.
        Usage = "usage",
        /// Credits that came with the plan.
        Grant = "grant",
        /// Credits bought on top.
        Topup = "topup",
        /// Credits that lapsed.
        Expiry = "expiry",
        /// Consumption given back: a negative amount.
        Refund = "refund",
    }
}

words! {
    /// How the builder says that an action ended.
    Status {
        /// Not told.
        Unknown = "unknown",
        /// It worked.
        Success = "success",
        /// It failed.
        Failed = "failed",
        /// The user stopped it.
        Cancelled = "cancelled",
        /// The result was taken back.
        Reverted = "reverted",
        /// Refused, as a rule for want of credits.
        Blocked = "blocked",
        /// What it used cannot be read.
        Uncounted = "uncounted",
    }
}

words! {
    /// The builder's own word for an action.
    Kind {
        /// Not told, or a word that says nothing here.
        Unknown = "unknown",
        /// A building prompt of any class.
        Build = "build",
        /// Conversation without building.
        Discuss = "discuss",
        /// A plan without building.
        Plan = "plan",
        /// A command to the builder's program, or a note of it: nobody was asked anything.
        Command = "command",
        /// An edit by hand in the visual editor.
        VisualEdit = "visual_edit",
        /// A repair that the builder began itself.
        AutoFix = "auto_fix",
        /// A press of the builder's own error button.
        FixButton = "fix_button",
        /// A scheduled or triggered run of the app.
        Automation = "automation",
        /// A workflow run of the app.
        Workflow = "workflow",
        /// An agent of the running app.
        Agent = "agent",
        /// Named a generation by the export.
        Generation = "generation",
        /// Named a revision by the export.
        Revision = "revision",
        /// Named a fix by the export.
        Fix = "fix",
        /// Named a regeneration by the export.
        Regeneration = "regeneration",
    }
}

words! {
    /// Why an event cost nothing.
    ZeroCause {
        /// An edit by hand, which costs nothing.
        ManualEdit = "manual edit",
        /// The builder repaired its own error.
        AutomaticFix = "automatic fix",
        /// Covered by the plan.
        Included = "included",
        /// Waived.
        Waived = "waived",
        /// It failed or was cut short.
        Errored = "errored",
        /// Refused.
        Blocked = "blocked",
        /// No request.
        Command = "command",
        /// What it used is not known.
        Unknown = "unknown",
        /// Free by the builder's rules, or no cause is told.
        Free = "free",
    }
}

impl Entry {
    /// Consumption and its refunds; the rest fills or empties the pool without anybody using it.
    pub const fn is_use(self) -> bool {
        matches!(self, Self::Usage | Self::Refund)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        assert!(Kind::ALL.iter().all(|kind| Kind::from_word(kind.word()) == Some(*kind)));
        assert_eq!(Unit::from_word("usd"), Some(Unit::Usd));
        assert_eq!(Unit::from_word("eur"), None);
    }
}
