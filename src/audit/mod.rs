//! What the rollups mean: findings, plans and prices, cycles, forecasts, and which plan fits. Plain values in and out: no
//! frames, no files, no clock.
//!
//! - [`findings`]: one rule a file; each says what it found, what that rests on, and what to do.
//! - [`robust`] and [`excess`]: what is out of line, and where the excess comes from.
//! - [`cycle`]: when credits come, in which order they are used, when they lapse.
//! - [`usage`]: what a meter used, by the minute.
//! - [`forecast`]: what the cycle will have used by its end, and when the pool runs out.
//! - [`outlook`]: each meter's current cycle under a plan.
//! - [`compare`]: why one workload cost more than another; [`habits`]: what became of earlier findings.
//! - [`policy`]: a profile's bands, budgets and rules, as checks.
//! - [`people`]: people's work against what it costs the others; [`chargeback`]: who pays for what.
//! - [`workspaces`]: workspaces beside each other, worst first.
//! - [`scope`]: what a list of features took and takes to finish.
//! - [`budget`]: limits for a cycle; [`estimate`]: what a build will take.
//! - [`plans`], [`fit`]: the plan catalogue, and which plan fits; [`shortfall`]: upgrade, top up or wait; [`less_rework`]: how much use that would spare.
pub mod budget;
pub mod chargeback;
pub mod compare;
pub mod cycle;
mod delivered;
mod dice;
pub mod estimate;
pub mod excess;
mod exchange;
pub mod finding;
pub mod findings;
pub mod fit;
pub mod forecast;
pub mod habits;
pub mod less_rework;
mod moments;
pub mod outlook;
pub mod people;
pub mod plans;
pub mod policy;
pub mod reconcile;
pub mod robust;
pub mod scope;
pub mod shortfall;
pub mod usage;
pub mod workspaces;
