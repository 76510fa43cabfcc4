//! Audits the credits that teams spend in AI app builders.
//!
//! The modules stand in the order in which data passes them; each depends only on those before it:
//!
//! - [`model`]: the words of the domain: amounts, instants, actions, events, dictionaries, problems.
//! - [`timeline`]: events in one total order, without duplicates, in sessions.
//! - [`rollup`]: small tables of plain values, one a cut: the waist of the pipeline.
//! - [`report`]: values become bytes: HTML, JSON, CSV tables, SVG charts, text for a terminal.
pub mod model;
pub mod report;
pub mod rollup;
pub mod timeline;
