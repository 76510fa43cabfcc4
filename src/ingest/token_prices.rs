//! Relative prices of token kinds, from a dated data file: they turn four counts into one amount, input-token
//! equivalents, so that cache reads (most of the count, little of the price) do not drown the rest.
use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::model::amount::{Amount, Total};

/// Prices of one provider's token kinds, as multiples of the price of an input token.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// When the source was read.
    pub dated: String,
    /// Where the figures are from.
    pub source: String,
    providers: Vec<String>,
    input: String,
    cache_write_5m: String,
    cache_write_1h: String,
    cache_read: String,
    output: String,
}

/// Counts of tokens by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Fresh input.
    pub input: u64,
    /// Written to the cache, all lifetimes.
    pub cache_write: u64,
    /// Of these, kept for an hour.
    pub cache_write_1h: u64,
    /// Read from the cache.
    pub cache_read: u64,
    /// Output.
    pub output: u64,
}

static TABLE: LazyLock<BTreeMap<String, Weights>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/token-prices.toml")).expect("a test reads the built-in table")
});

/// The relative prices of a provider.
///
/// # Panics
/// Never for the providers of the built-in table, which a test names.
pub fn of(provider: &str) -> &'static Weights {
    TABLE.get(provider).expect("sources name providers of the built-in table")
}

/// Whether a provider's tokens are audited as input-token equivalents.
pub fn weighted(provider: &str) -> bool {
    TABLE.values().any(|weights| weights.providers.iter().any(|name| name == provider))
}

impl Tokens {
    /// The counts of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            cache_write: self.cache_write.saturating_add(other.cache_write),
            cache_write_1h: self.cache_write_1h.saturating_add(other.cache_write_1h),
            cache_read: self.cache_read.saturating_add(other.cache_read),
            output: self.output.saturating_add(other.output),
        }
    }
}

impl Weights {
    /// What the counts are worth in input tokens; `None` beyond the range of amounts.
    pub fn equivalents(&self, tokens: Tokens) -> Option<Amount> {
        let Tokens { input, cache_write, cache_write_1h, cache_read, output } = tokens;
        let parts = [
            (input, &self.input),
            (cache_write.saturating_sub(cache_write_1h), &self.cache_write_5m),
            (cache_write_1h.min(cache_write), &self.cache_write_1h),
            (cache_read, &self.cache_read),
            (output, &self.output),
        ];
        let mut sum = Total::ZERO;
        for (count, weight) in parts {
            let weight: Amount = weight.parse().ok()?;
            sum += Total::from_nanos(i128::from(count) * i128::from(weight.nanos()));
        }
        i64::try_from(sum.nanos()).ok().map(Amount::from_nanos)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_reads() {
        for (provider, weights) in &*TABLE {
            let one = Tokens { input: 1, cache_write: 2, cache_write_1h: 1, cache_read: 1, output: 1 };
            assert!(weights.equivalents(one).is_some_and(|amount| !amount.is_zero()), "{provider}");
            assert!(!weights.dated.is_empty() && !weights.source.is_empty(), "{provider}");
        }
    }

    #[test]
    fn providers_with_weighted_tokens_are_named() {
        assert!(["anthropic", "claude-code", "codex"].into_iter().all(weighted));
        assert!(!weighted("cursor"));
    }

    #[test]
    fn kinds_are_weighted_exactly() {
        let tokens = Tokens { input: 356, cache_write: 1000, cache_write_1h: 100, cache_read: 10_000, output: 20 };
        let amount = of("anthropic").equivalents(tokens).unwrap();
        assert_eq!(amount.to_string(), "2781"); // 356 + 900 * 1.25 + 100 * 2 + 10,000 * 0.1 + 20 * 5
    }
}
