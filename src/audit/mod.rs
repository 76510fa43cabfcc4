//! What the rollups mean: plans and prices, cycles, forecasts, and which plan fits. Plain values in and out: no frames, no
//! files, no clock.
//!
//! - [`cycle`]: when credits come, in which order they are used, when they lapse.
//! - [`usage`]: what a meter used, by the minute.
//! - [`forecast`]: what the cycle will have used by its end, and when the pool runs out.
//! - [`outlook`]: each meter's current cycle under a plan.
//! - [`plans`], [`fit`]: the plan catalogue, and which plan fits; [`less_rework`]: how much use that would spare.
pub mod cycle;
pub mod fit;
pub mod forecast;
pub mod less_rework;
pub mod outlook;
pub mod plans;
pub mod reconcile;
pub mod usage;
