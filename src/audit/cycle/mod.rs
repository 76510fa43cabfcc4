//! Cycles and pools: when credits come, in which order they are used, when they lapse. All amounts exact.
//!
//! - [`resets`]: the day and instant of each month at which a cycle begins.
pub mod resets;
