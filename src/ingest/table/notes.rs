//! Sentences that several sources say of their files.

/// Of a source that holds no single events.
pub const DAY_TOTALS: &str = "day totals: they cannot be classified or put into sessions";

/// Of rows whose user is an API key, for want of a better one; their number stands before it.
pub const KEYS_AS_USERS: &str = "rows name an API key and no person: the key stands for the user";

/// Of amounts that were rounded; their number stands before it.
pub const ROUNDED: &str = "amounts had more than nine decimals and were rounded half to even";
