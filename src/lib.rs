//! Audits the credits that teams spend in AI app builders.
//!
//! The modules stand in the order in which data passes them; each depends only on those before it:
//!
//! - [`model`]: the words of the domain: amounts, instants, actions, events, dictionaries, problems.
//! - [`schema`]: every column of every frame, declared once.
//! - [`cues`]: a prompt becomes a few bytes of cues.
//! - [`ingest`]: files become events and located problems.
//! - [`timeline`]: events in one total order, without duplicates, in sessions.
//! - [`classify`]: ordered events become classes with a probability and a reason.
//! - [`rollup`]: small tables of plain values, one a cut: the waist of the pipeline.
//! - [`audit`]: what the small tables mean: plans and prices.
//! - [`report`]: values become bytes: HTML, JSON, CSV tables, SVG charts, text for a terminal.
//! - [`pipeline`]: joins the stages.
//! - [`cli`]: the command line.
pub mod audit;
pub mod classify;
pub mod cli;
pub mod cues;
pub mod ingest;
pub mod model;
pub mod pipeline;
pub mod report;
pub mod rollup;
pub mod schema;
pub mod timeline;
