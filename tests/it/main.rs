//! The integration tests, one file a feature.
mod classify;
