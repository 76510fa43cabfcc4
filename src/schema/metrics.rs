//! What is computed over groups of events; each measure has one definition.
use polars::prelude::{DataType, Expr, len};

use crate::schema::{
    Col, Kind,
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

/// The first event.
pub fn first() -> Expr {
    group::FIRST.named(fact::AT.expr().min())
}

/// The last event.
pub fn last() -> Expr {
    group::LAST.named(fact::AT.expr().max())
}

/// How many sessions; 0 stands for none and is not counted.
pub fn sessions() -> Expr {
    distinct(group::SESSIONS, fact::SESSION)
}

/// How many users; 0 stands for none and is not counted.
pub fn users() -> Expr {
    distinct(group::USERS, fact::USER)
}

fn distinct(name: Col, ids: Col) -> Expr {
    let known = ids.expr().filter(ids.expr().gt(polars::prelude::lit(0_u32)));
    name.named(known.n_unique().cast(Kind::Count.dtype()))
}
