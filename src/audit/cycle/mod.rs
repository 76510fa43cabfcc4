//! Cycles and pools: when credits come, in which order they are used, when they lapse. All amounts exact.
//!
//! - [`resets`]: the day and instant of each month at which a cycle begins.
//! - [`rules`]: what comes with a plan, how long it keeps, what is used first.
//! - [`pool`]: a pool replayed by these rules.
#[cfg(test)]
pub(in crate::audit) mod naive;
pub mod pool;
pub mod resets;
pub mod rules;
#[cfg(test)]
mod tests;
