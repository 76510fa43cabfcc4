//! Sentences that several sources say of their files.

/// Of a source that holds no single events.
pub const DAY_TOTALS: &str = "day totals: they cannot be classified or put into sessions";

/// Of amounts that were rounded, after their number.
pub const ROUNDED: &str = "amounts had more than nine decimals and were rounded half to even";

/// Of rows whose user is an API key, for want of a better one, after their number.
pub const KEYS_AS_USERS: &str = "rows name an API key and no person: the key stands for the user";

/// Of an amount of a vendor that bills in dollars.
pub const FOREIGN: &str = "is in another currency than the US dollars that this vendor bills: was the file edited?";
