//! What the rollups mean: plans and prices, cycles, forecasts. Plain values in and out: no frames, no files, no clock.
pub mod cycle;
pub mod forecast;
pub mod plans;
pub mod usage;
