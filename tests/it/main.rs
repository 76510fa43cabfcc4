//! The program as people use it: the binary run on files, and rules about the source.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::float_cmp,
    reason = "a test stops at what it does not expect, and says what it skips"
)]
mod about;
mod ahead;
mod audit;
mod bad_input;
mod bundles;
mod chains;
mod claims;
mod classify;
mod command;
mod compare;
mod convert;
mod corrections;
mod dry_pools;
mod explain;
mod feature_map;
mod findings;
mod focus;
mod formats;
mod identity;
mod inspect;
mod json_input;
mod maps;
mod masked;
mod metamorphic;
mod naughty;
mod overlaps;
mod packed_input;
mod parquet_input;
mod people;
mod pictures;
mod policy;
mod pollution;
mod proposals;
mod pseudonyms;
mod real_exports;
mod real_transcripts;
mod reconcile;
mod rejects;
mod schema;
mod scope;
mod screens;
mod teams;
mod tidy;
mod transcripts;
mod twins;
mod verified;
mod workbook;
mod workbook_input;
mod workers;
mod zones;
