//! Sentences that several sources say of their files.

/// Of a source that holds no single events.
pub const DAY_TOTALS: &str = "day totals: they cannot be classified or put into sessions";

/// Of rows whose user is an API key, for want of a better one.
pub fn keys_as_users(rows: u64) -> Option<String> {
    (rows > 0).then(|| format!("{rows} rows name an API key and no person: the key stands for the user"))
}
