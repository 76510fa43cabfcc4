//! What is computed over groups of events; each measure has one definition.
use polars::prelude::{DataType, Expr, len};

use crate::schema::{
    Kind,
    tables::{fact, group},
};

/// How many events.
pub fn events() -> Expr {
    group::EVENTS.named(len().cast(Kind::Count.dtype()))
}

/// What the events cost, in 1e-9 units; 128 bits because polars' 64-bit `sum` wraps silently.
pub fn total() -> Expr {
    group::TOTAL.named(fact::AMOUNT.expr().cast(DataType::Int128).sum())
}
