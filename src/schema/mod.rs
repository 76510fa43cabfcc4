//! Every column of every frame, declared once: its name, its type, its meaning. Elsewhere a column is a constant of
//! this module; naming one by a string is a clippy error.
pub mod metrics;
pub mod stage;
pub mod tables;

use std::fmt;

use anyhow::{Context as _, bail};
use polars::prelude::{Column, DataFrame, DataType, Expr, LazyFrame, col};

/// What a column holds; decides its polars type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The number of a dictionary entry, a session or an action; 0 is none where there can be none.
    Id,
    /// How many.
    Count,
    /// An amount of one event, in 1e-9 units.
    Amount,
    /// A sum of amounts, in 1e-9 units.
    Total,
    /// Nanoseconds since 1970 in UTC.
    Instant,
}

/// A column: its name and what it holds.
#[derive(Debug, Clone, Copy)]
pub struct Col {
    name: &'static str,
    kind: Kind,
}

/// The columns of one frame, in order.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The frame's name in messages.
    pub name: &'static str,
    /// Its columns.
    pub cols: &'static [Col],
}

impl Kind {
    /// The polars type.
    pub const fn dtype(self) -> DataType {
        match self {
            Self::Id => DataType::UInt32,
            Self::Count => DataType::UInt64,
            Self::Amount | Self::Instant => DataType::Int64,
            Self::Total => DataType::Int128,
        }
    }
}

impl Col {
    /// Declares a column.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Its values.
    #[expect(clippy::disallowed_methods, reason = "the one door from names to expressions")]
    pub fn expr(self) -> Expr {
        col(self.name)
    }

    /// Gives an expression this column's name.
    #[expect(clippy::disallowed_methods, reason = "the one door from names to expressions")]
    pub fn named(self, expr: Expr) -> Expr {
        expr.alias(self.name)
    }

    /// This column of a frame.
    #[expect(clippy::disallowed_methods, reason = "the one door from names to columns")]
    pub fn of(self, frame: &DataFrame) -> anyhow::Result<&Column> {
        frame.column(self.name).with_context(|| format!("reading {self}"))
    }
}

impl fmt::Display for Col {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Table {
    /// Keeps exactly this table's columns, in order.
    ///
    /// # Errors
    /// When a column is absent or holds another type; nothing is cast.
    pub fn conform(self, mut frame: LazyFrame) -> anyhow::Result<LazyFrame> {
        let schema = frame.collect_schema().with_context(|| format!("planning {}", self.name))?;
        for column in self.cols {
            let found = schema.get(column.name);
            let found = found.with_context(|| format!("{} has no column {column}", self.name))?;
            let wanted = column.kind.dtype();
            if *found != wanted {
                bail!("{}: column {column} holds {found}, not {wanted}", self.name);
            }
        }
        Ok(frame.select(self.cols.iter().map(|column| column.expr()).collect::<Vec<_>>()))
    }
}
