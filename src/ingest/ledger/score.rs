//! How sure it is that a header is a ledger's.
use crate::ingest::{
    ledger::{CREDITS, TIMESTAMP},
    table::header::Header,
    value::words,
};

/// Of a table whose time and amount could be a ledger's, and nothing else tells.
pub(in crate::ingest) const UNSURE: f64 = 0.55;

/// Names of the amount column that no other kind of table uses.
const OWN_AMOUNTS: [&str; 2] = ["creditsused", "creditsconsumed"];

/// Names of columns that tell of building with an AI, or of this tool's own table: bank statements, invoices, expenses and
/// transcripts of records have dates and amounts (or credits), too, and none of these.
const OF_BUILDING: [&str; 23] = [
    "app",
    "appname",
    "appid",
    "session",
    "sessionid",
    "chatid",
    "conversationid",
    "threadid",
    "messageid",
    "feature",
    "prompt",
    "prompttext",
    "userprompt",
    "usermessage",
    "chatmessage",
    "instruction",
    "instructions",
    "meter",
    "credittype",
    "builder",
    "message",
    "request",
    "component",
];

/// Names of columns that tell of people: beside `credits` they tell of building, but expenses name people, too.
const OF_PEOPLE: [&str; 4] = ["user", "username", "useremail", "member"];

/// How sure it is that a header is a ledger's: `cost` and `amount` stand in bank statements too, so with those most
/// columns must be known and one must tell of building, or all be known and one tell of people or be called `timestamp`;
/// `credits` beside `debits` are a bank's, and where columns are unknown and none tells of building, they may be a
/// university's: a time sheet or a table of courses is taken for a ledger, but not for sure.
pub(in crate::ingest) fn score(header: &Header) -> f64 {
    if header.position(TIMESTAMP).is_none() || header.position(CREDITS).is_none() {
        return 0.0;
    }
    let share = header.known_share();
    let names: Vec<String> = header.cells().iter().map(|cell| words::normal(cell)).collect();
    let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
    let amount = words::normal(header.name(CREDITS));
    let (is_of_building, is_of_people) = (has(&OF_BUILDING), has(&OF_PEOPLE) || has(&["timestamp"]));
    let is_own = OWN_AMOUNTS.contains(&amount.as_str())
        || amount == "credits" && !has(&["debit", "debits"]) && (is_of_building || is_of_people || share > 0.5);
    let is_plain = OWN_AMOUNTS.contains(&amount.as_str()) || is_of_building || has(&["timestamp"]);
    if is_own && (is_plain || share >= 1.0) {
        0.6 + 0.4 * share
    } else if is_of_building && share >= 0.75 {
        share * 0.9
    } else if is_own || is_of_people && share >= 1.0 {
        UNSURE
    } else {
        0.4 * share
    }
}
