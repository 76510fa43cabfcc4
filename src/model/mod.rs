//! The words of the domain. No frames, no files, no formatting for people.
pub mod account;
pub mod action;
pub mod amount;
pub mod cues;
pub mod decision;
pub mod digest;
pub mod event;
pub mod instant;
pub mod names;
pub mod price;
pub mod problem;
pub mod text;
pub mod wire;
pub mod written;
pub mod zone;
