//! Sentences that several sources say of their files.

/// Of rows that were left out, after their number.
pub const TOTALS: &str = "rows are called a total and have no time: they were left out";

/// Of equal rows in a file that holds its header more than once, after their number.
pub const HEADERS: &str = "rows say the same as another one, and the header stands in the file again: if it holds several exports, they count twice";

/// Of a table that could be anybody's.
pub const UNSURE: &str = "taken for a ledger by the names of its time and amount only: if it is none, leave it out; if it is \
                          one, --source ledger says so";

/// Of two columns that could be one field, between their names.
pub const RIVALS: &str = "was read and not";

/// Of a map's zone, before the one that the user said.
pub const ZONE: &str = "so its times were not read in";

/// Of amounts that may be thousands, after their number.
pub const THOUSANDS: &str = "amounts such as 1.250 were read as decimals although no amount proves it: where they are thousands, say \
                             --decimal comma";

/// Of amounts with the sign of a currency, after their number.
pub const MONEY: &str = "amounts carry the sign of a currency, which was not converted";

/// Of amounts that are refunds by their sign.
pub const MOST_NEGATIVE: &str = "most amounts are negative and count as refunds: where negative is consumption, a map says so with \
                                 sign = \"negative\"";

/// Of rows that may be totals, after their number.
pub const UNPROVEN: &str =
    "rows are called a total, but their amounts are not the sum of other rows: they count as use, so check them";

/// Of rows that are totals, after their number.
pub const PROVEN: &str = "rows are totals of other rows, as their amounts prove: they were left out";

/// Whether a sentence on a file is one that may change a figure, so that whoever reads the figures must know it.
pub fn is_doubt(sentence: &str) -> bool {
    const DOUBTS: [&str; 9] = [UNSURE, HEADERS, RIVALS, ZONE, THOUSANDS, MONEY, MOST_NEGATIVE, UNPROVEN, PROVEN];
    DOUBTS.iter().any(|doubt| sentence.contains(doubt))
}

/// Of a source that holds no single events.
pub const DAY_TOTALS: &str = "day totals: they cannot be classified or put into sessions";

/// Of amounts that were rounded, after their number.
pub const ROUNDED: &str = "amounts had more than nine decimals and were rounded half to even";

/// Of rows whose user is an API key, for want of a better one, after their number.
pub const KEYS_AS_USERS: &str = "rows name an API key and no person: the key stands for the user";

/// Of an amount of a vendor that bills in dollars.
pub const FOREIGN: &str = "is in another currency than the US dollars that this vendor bills: was the file edited?";
