//! What the rollups mean: plans and prices. Plain values in and out: no frames, no files, no clock.
pub mod plans;
pub mod reconcile;
