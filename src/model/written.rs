//! An amount of a configuration as it was written: as text, which is exact, or as a number.
use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// The digits that were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written(String);

impl Written {
    /// The digits.
    pub fn text(&self) -> &str {
        &self.0
    }
}

struct Visitor;

impl de::Visitor<'_> for Visitor {
    type Value = Written;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a number, such as 200 or \"12.5\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Written, E> {
        Ok(Written(text.to_owned()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Written, E> {
        Ok(Written(number.to_string()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Written, E> {
        Ok(Written(number.to_string()))
    }

    // the shortest digits that are read as this number, which are those that were written
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Written, E> {
        Ok(Written(number.to_string()))
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Limit {
        limit: Written,
    }

    #[track_caller]
    fn check(written: &str, expected: &str) {
        let read: Result<Limit, _> = toml::from_str(&format!("limit = {written}"));
        match read {
            Ok(Limit { limit }) => assert_eq!(limit.text(), expected),
            Err(err) => assert!(err.to_string().contains(expected), "{err}"),
        }
    }

    #[test]
    fn numbers_and_texts_are_read_as_they_were_written() {
        check("200", "200");
        check("12.5", "12.5");
        check("0.1", "0.1");
        check("\"0.125\"", "0.125");
        check("-3", "-3");
        check("true", "expected a number, such as 200");
        check("{}", "expected a number, such as 200");
    }
}
