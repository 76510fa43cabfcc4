//! The program as people use it: the binary run on files, and rules about the source.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test stops at what it does not expect")]
mod audit;
mod bad_input;
mod claims;
mod classify;
mod command;
mod inspect;
mod real_exports;
mod screens;
mod tidy;
