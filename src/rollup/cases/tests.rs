//! Cases of short sessions.
