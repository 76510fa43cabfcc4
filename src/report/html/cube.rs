//! The cubes of the accounts as the page embeds them, and the form that filters them. Cells are text: numbers in base 36,
//! each cell told by what differs from the one before; all of it is packed (RFC 1951), as browsers unpack it, so that a
//! hundred thousand events fit the page.
use std::{collections::BTreeMap, fmt::Write as _};

use flate2::{Compression, write::DeflateEncoder};
use serde::Serialize;

use crate::{
    model::{action::Action, amount::Total},
    report::{Report, Sheet, clean, html::policy, kept::Kept, words},
    rollup::cube::{Cell, Cube, Detail},
};

/// Decimals of an amount.
const DECIMALS: u32 = 9;

#[derive(Serialize)]
struct V1Cubes<'a> {
    actions: &'static [&'static str],
    rework: Vec<usize>,
    outside: Vec<usize>,
    most: usize,
    /// Names that cannot be shown as they are, and how they are shown.
    shown: BTreeMap<&'a str, String>,
    accounts: Vec<V1Cube<'a>>,
}

#[derive(Serialize)]
struct V1Cube<'a> {
    id: &'a str,
    name: String,
    meter: &'static str,
    unit: &'static str,
    detail: &'static str,
    /// Dollars for units, both in 1e-9.
    price: Option<[String; 2]>,
    /// Amounts of the cells are in units of ten to minus this.
    decimals: u32,
    users: &'a [String],
    /// Workspace, name, id.
    apps: Vec<[Option<&'a str>; 3]>,
    features: &'a [(u32, String)],
    /// The name, or for a session that pauses delimit its local start.
    sessions: Vec<(Option<&'a str>, Option<String>)>,
    cells: String,
    /// The prompts that were kept, in order.
    prompts: Vec<V1Prompt<'a>>,
}

/// Session, local day, class, user, feature, local time, amount, and what it says.
type V1Prompt<'a> = (usize, i32, usize, Option<&'a str>, Option<&'a str>, String, String, String);

/// So many letters of a prompt are shown.
const LONGEST: usize = 600;

/// The block of data; empty where no account has cells.
pub(super) fn data(report: &Report, sheets: &[Sheet], most: usize) -> anyhow::Result<String> {
    if sheets.iter().all(|sheet| sheet.account.cube.detail == Detail::Nothing) {
        return Ok(String::new());
    }
    let places = |is: fn(Action) -> bool| Action::ALL.into_iter().filter(|a| is(*a)).map(Action::index).collect();
    let names = sheets.iter().flat_map(|sheet| {
        let Cube { users, apps, features, sessions, .. } = &sheet.account.cube;
        let names = users.iter().chain(features.iter().map(|(_, name)| name));
        let apps = apps.iter().flat_map(|app| [&app.workspace, &app.label, &app.id]).flatten();
        names.chain(apps).chain(sessions.iter().filter_map(|session| session.name.as_ref()))
    });
    let cubes = V1Cubes {
        actions: Action::WORDS,
        rework: places(Action::is_rework),
        outside: places(|action| matches!(action, Action::Runtime | Action::Unclassified)),
        most,
        shown: names.map(|name| (name.as_str(), clean::line(name))).filter(|(name, shown)| name != shown).collect(),
        accounts: sheets.iter().map(|sheet| cube(report, sheet)).collect(),
    };
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::new(9));
    serde_json::to_writer(&mut deflate, &cubes)?;
    let packed = policy::base64(&deflate.finish()?);
    Ok(format!("<script type=\"application/octet-stream\" id=cube>{packed}</script>\n"))
}

fn cube<'a>(report: &'a Report, sheet: &'a Sheet) -> V1Cube<'a> {
    let account = sheet.account;
    let Cube { detail, users, apps, features, sessions, cells } = &account.cube;
    let decimals = cells.iter().map(|cell| needed(cell.tally.amount)).max().unwrap_or(0);
    let start = |session: &'a crate::rollup::cube::Session| {
        let local = || report.zone.local(session.first).format("%Y-%m-%d %H:%M:%S").to_string();
        (session.name.as_deref(), session.name.is_none().then(local))
    };
    let prompt = |kept: &'a Kept| {
        let session = sessions.iter().position(|session| *session == kept.session)? + 1;
        let at = report.zone.local(kept.at);
        let text = clean::line(&kept.text);
        let shown: String = text.chars().take(LONGEST).collect();
        let more = if shown.len() < text.len() { "…" } else { "" };
        Some((
            session,
            report.zone.day(kept.at).epoch_days(),
            kept.action.index(),
            kept.user.as_deref(),
            kept.feature.as_deref(),
            at.format("%H:%M:%S").to_string(),
            kept.amount.to_string(),
            shown + more,
        ))
    };
    V1Cube {
        id: &sheet.slug,
        name: clean::line(&words::account(&account.account)),
        meter: account.account.meter.word(),
        unit: account.account.unit.word(),
        detail: match detail {
            Detail::Sessions => "sessions",
            Detail::Days => "days",
            Detail::Nothing => "nothing",
        },
        price: account.price.map(|price| [price.dollars().nanos().to_string(), price.units().nanos().to_string()]),
        decimals,
        users,
        apps: apps.iter().map(|app| [&app.workspace, &app.label, &app.id].map(Option::as_deref)).collect(),
        features,
        sessions: sessions.iter().map(start).collect(),
        cells: encoded(cells, decimals),
        prompts: report.prompts.iter().filter(|kept| kept.account == account.account).filter_map(prompt).collect(),
    }
}

/// How many decimals an amount has.
fn needed(amount: Total) -> u32 {
    let is_exact = |decimals: &u32| amount.nanos() % 10_i128.pow(DECIMALS - decimals) == 0;
    (0..DECIMALS).find(is_exact).unwrap_or(DECIMALS)
}

fn encoded(cells: &[Cell], decimals: u32) -> String {
    let unit = 10_i128.pow(DECIMALS - decimals);
    let mut text = String::new();
    let mut before = [0_i128; 5];
    for cell in cells {
        let Cell { session, user, app, feature, day, action, tally } = *cell;
        let now = [session.into(), i128::from(day), user.into(), app.into(), feature.into()];
        for (now, before) in now.iter().zip(&before) {
            if now != before {
                text.push_str(&base36(now - before));
            }
            text.push(',');
        }
        before = now;
        let amount = base36(tally.amount.nanos() / unit);
        // writing into a string cannot fail
        let _ = match tally.events {
            1 => write!(text, "{},,{amount};", action.index()),
            events => write!(text, "{},{},{amount};", action.index(), base36(events.into())),
        };
    }
    text
}

/// As JavaScript's `parseInt(text, 36)` reads it.
fn base36(number: i128) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let (mut left, mut digits) = (number.unsigned_abs(), Vec::new());
    loop {
        digits.push(char::from(DIGITS[usize::try_from(left % 36).unwrap_or(0)]));
        left /= 36;
        if left == 0 {
            break;
        }
    }
    let sign = if number < 0 { "-" } else { "" };
    sign.chars().chain(digits.into_iter().rev()).collect()
}

/// The form; the script shows it and fills its lists. Without scripts there is none.
pub(super) fn form(sheets: &[Sheet]) -> String {
    if sheets.iter().all(|sheet| sheet.account.cube.detail == Detail::Nothing) {
        let told = "There are too many events for filters in this page: select with --from, --to, --user, --app, \
                    --feature, --action and --meter instead.";
        return if sheets.is_empty() { String::new() } else { format!("<p class=muted>{told}\n") };
    }
    let coarse = sheets.iter().any(|sheet| sheet.account.cube.detail != Detail::Sessions);
    let remark = if coarse {
        "<p class=muted>With so many events, filtered tables tell no sessions apart, or an account has no filter.\n"
    } else {
        ""
    };
    format!(
        "<form id=filter hidden aria-label=Filter>\n\
         <label>From <input type=date name=from></label>\n<label>To <input type=date name=to></label>\n\
         <label>User <input name=user list=users autocomplete=off></label><datalist id=users></datalist>\n\
         <label>App <input name=app list=apps autocomplete=off></label><datalist id=apps></datalist>\n\
         <label>Feature <input name=feature list=features autocomplete=off></label><datalist id=features></datalist>\n\
         <label>Action <select name=action><option value=\"\">all</select></label>\n\
         <label>Meter <select name=meter><option value=\"\">all</select></label>\n\
         <label>Find in tables <input type=search name=find autocomplete=off></label>\n\
         <button type=reset>Clear</button>\n</form>\n\
         <div id=filtered role=status></div>\n{remark}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_javascript() {
        assert_eq!([0, 35, 36, -37, 1_000_000].map(base36), ["0", "z", "10", "-11", "lfls"]);
    }

    #[test]
    fn a_cell_tells_what_differs() {
        let cell = |session, day, nanos| Cell {
            session,
            user: 1,
            app: 2,
            feature: 0,
            day,
            action: Action::Fix,
            tally: crate::rollup::Tally { events: 1, amount: Total::from_nanos(nanos) },
        };
        let cells = [cell(1, 20_000, 1_500_000_000), cell(2, 20_000, -500_000_000)];
        assert_eq!(cells.iter().map(|cell| needed(cell.tally.amount)).max(), Some(1));
        assert_eq!(encoded(&cells, 1), "1,ffk,1,2,,2,,f;1,,,,,2,,-5;");
    }
}
