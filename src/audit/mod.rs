//! What the rollups mean: findings, plans and prices. Plain values in and out: no frames, no files, no clock.
//!
//! - [`findings`]: one rule a file; each says what it found, what that rests on, and what to do.
//! - [`robust`] and [`excess`]: what is out of line, and where the excess comes from.
//! - [`plans`]: the plan catalogue.
pub mod excess;
pub mod finding;
pub mod findings;
pub mod plans;
pub mod robust;
