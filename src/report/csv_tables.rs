//! `tables/*.csv`: every cut, complete, all accounts below each other. Amounts are exact decimals.
//!
//! A text that a spreadsheet would run as a formula gets an apostrophe before it. So that the text can be recovered, a
//! text that begins with an apostrophe gets one too: whoever reads the files takes one leading apostrophe away.
use anyhow::Context as _;

use crate::{
    model::action::Action,
    report::{Artifact, Report, clean::defused, cut, cut::Cut, rework},
    rollup::{AccountRollup, Row},
};

/// One file a cut.
pub fn render(report: &Report) -> anyhow::Result<Vec<Artifact>> {
    Cut::ALL.into_iter().map(|cut| table(report, cut)).collect()
}

fn table(report: &Report, cut: Cut) -> anyhow::Result<Artifact> {
    let path = format!("tables/by_{}.csv", cut.word());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let write = |writer: &mut csv::Writer<Vec<u8>>, record: Vec<String>| {
        writer.write_record(record).with_context(|| format!("writing {path}"))
    };
    write(&mut writer, header(cut))?;
    for account in &report.rollups.accounts {
        for row in cut.rows(account) {
            write(&mut writer, record(account, cut, row))?;
        }
    }
    let bytes = writer.into_inner().with_context(|| format!("writing {path}"))?;
    Ok(Artifact { path, bytes })
}

fn header(cut: Cut) -> Vec<String> {
    let account = ["provider", "meter", "unit"].into_iter();
    let keys = cut.keys().iter().map(|key| key.word());
    let classes = if cut == Cut::Action { &[] } else { Action::WORDS };
    let rework: &[&str] = if cut == Cut::Action { &[] } else { &["rework", "rework_share"] };
    let columns = account.chain(keys).chain(["events", "amount", "value"]).chain(classes.iter().copied());
    let columns = columns.chain(rework.iter().copied()).chain(["sessions", "users", "first", "last"]);
    let columns = columns.chain((cut == Cut::Feature).then_some("inferred"));
    columns.map(str::to_owned).collect()
}

fn record(account: &AccountRollup, cut: Cut, row: &Row) -> Vec<String> {
    let name = &account.account;
    let mut cells = vec![defused(&name.provider), name.meter.to_string(), name.unit.to_string()];
    cells.extend(cut.keys().iter().map(|key| key.text(&row.subject).map_or_else(String::new, |text| defused(&text))));
    cells.push(row.tally.events.to_string());
    cells.push(row.tally.amount.to_string());
    cells.push(cut::value(account, row.tally.amount).map_or_else(String::new, |value| value.to_string()));
    if cut != Cut::Action {
        cells.extend(row.actions.iter().map(|tally| tally.amount.to_string()));
        let rework = rework::of(&row.actions);
        cells.push(rework.amount.to_string());
        cells.push(rework.share.map_or_else(String::new, |share| format!("{share:.4}")));
    }
    cells.extend([row.sessions.to_string(), row.users.to_string(), row.first.to_string(), row.last.to_string()]);
    if cut == Cut::Feature {
        cells.push(row.inferred.to_string());
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{clean, fixture};

    #[test]
    fn formulas_are_text_and_can_be_recovered() {
        for text in ["=1+1", "+1", "-1", "@a", "\t=1", "\r", "'=1", "＝1"] {
            assert_eq!(defused(text), format!("'{text}"));
        }
        for text in ["O'Brien", "a=1", "", " x"] {
            assert_eq!(defused(text), text);
        }
    }

    #[test]
    fn tables_hold_every_cut() {
        let hostile = fixture::hostile();
        let tables = render(&hostile.report()).unwrap();
        let mut shown = Vec::new();
        for table in &tables {
            shown.push(format!("-- {}", table.path));
            shown.extend(String::from_utf8_lossy(&table.bytes).lines().map(clean::line));
        }
        insta::assert_snapshot!(shown.join("\n"));
    }

    #[test]
    fn each_table_sums_to_the_total() {
        let team = fixture::typical();
        let total = team.rollups.accounts[0].total;
        for table in render(&team.report()).unwrap() {
            let mut reader = csv::Reader::from_reader(table.bytes.as_slice());
            let headers = reader.headers().unwrap().clone();
            let column = headers.iter().position(|name| name == "amount").unwrap();
            let amounts = reader.records().map(|row| fixture::total(&row.unwrap()[column]));
            assert_eq!(amounts.sum::<crate::model::amount::Total>(), total.amount, "{}", table.path);
        }
    }
}
