//! Frames that have passed a stage: the type says which columns they have.
use anyhow::Context as _;
use polars::prelude::{DataFrame, IntoLazy as _, LazyFrame};

use crate::schema::{Table, tables::fact};

/// Classified events, in the columns of [`fact::TABLE`].
#[derive(Clone)]
pub struct Facts(DataFrame);

impl Facts {
    /// The table it holds.
    pub const TABLE: Table = fact::TABLE;

    /// Checks a frame.
    ///
    /// # Errors
    /// When a column is absent or of another type.
    pub fn new(frame: DataFrame) -> anyhow::Result<Self> {
        let checked = Self::TABLE.conform(frame.lazy())?;
        checked.collect().with_context(|| format!("computing {}", Self::TABLE.name)).map(Self)
    }

    /// The events, to be planned on.
    pub fn lazy(&self) -> LazyFrame {
        self.0.clone().lazy()
    }
}

#[cfg(test)]
mod tests {
    use polars::df;

    use super::*;
    use crate::schema::{metrics, tables::group};

    fn frame() -> DataFrame {
        let ids = [1_u32, 0, 1];
        df!("account" => ids, "action" => ids, "user" => ids, "app" => ids, "feature" => ids, "session" => ids,
            "model" => ids, "day" => ids, "hour" => ids, "at" => [3_i64, 1, 2], "amount" => [i64::MAX, i64::MAX, 1],
            "junk" => ids)
        .unwrap()
    }

    #[test]
    fn keeps_declared_columns_in_order() {
        let facts = Facts::new(frame()).unwrap().lazy().collect().unwrap();
        let names: Vec<_> = Facts::TABLE.cols.iter().map(|column| column.name()).collect();
        assert_eq!(facts.get_column_names(), names);
    }

    #[test]
    fn names_the_missing_column_and_the_wrong_type() {
        let without = frame().drop("user").unwrap();
        assert_eq!(Facts::new(without).err().unwrap().to_string(), "classified events has no column user");
        let mut wrong = frame();
        wrong.replace("amount", polars::prelude::Column::new("amount".into(), [1.0, 2.0, 3.0])).unwrap();
        assert_eq!(Facts::new(wrong).err().unwrap().to_string(), "classified events: column amount holds f64, not i64");
    }

    #[test]
    fn sums_do_not_wrap() {
        let facts = Facts::new(frame()).unwrap().lazy();
        let got = facts.select([metrics::total(), metrics::events()]).collect().unwrap();
        let total = group::TOTAL.of(&got).unwrap().i128().unwrap().get(0);
        assert_eq!(total, Some(i128::from(i64::MAX) * 2 + 1));
        assert_eq!(group::EVENTS.of(&got).unwrap().u64().unwrap().get(0), Some(3));
    }
}
