//! Audits the credits that teams spend in AI app builders.
//!
//! The modules stand in the order in which data passes them; each depends only on those before it:
//!
//! - [`model`]: the words of the domain: amounts, instants, actions, events, dictionaries, problems.
//! - [`cues`]: the text of a prompt becomes cues.
//! - [`timeline`]: events in one total order, without duplicates, in sessions.
//! - [`classify`]: ordered events get their class, how sure it is, and why.
//! - [`rollup`]: small tables of plain values, one a cut: the waist of the pipeline.
pub mod classify;
pub mod cues;
pub mod model;
pub mod rollup;
pub mod timeline;
