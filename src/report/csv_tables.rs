//! `tables/*.csv`: every cut, complete, all accounts below each other. Amounts are exact decimals.
//!
//! A text that a spreadsheet would run as a formula gets an apostrophe before it. So that the text can be recovered, a
//! text that begins with an apostrophe gets one too: whoever reads the files takes one leading apostrophe away.
use std::fmt::{Display, Write as _};

use anyhow::Context as _;
use rayon::prelude::*;

use crate::{
    model::action::Action,
    report::{Artifact, Report, clean::defused, cut, cut::Cut, rework},
    rollup::{AccountRollup, Row, lineage::Part},
};

/// One file a cut.
pub fn render(report: &Report) -> anyhow::Result<Vec<Artifact>> {
    let mut files = Cut::ALL.into_par_iter().map(|cut| table(report, cut)).collect::<anyhow::Result<Vec<_>>>()?;
    files.push(pool(report)?);
    Ok(files)
}

fn table(report: &Report, cut: Cut) -> anyhow::Result<Artifact> {
    let path = format!("tables/by_{}.csv", cut.word());
    let bytes = rows(report, cut).with_context(|| format!("writing {path}"))?;
    Ok(Artifact { path, bytes })
}

fn rows(report: &Report, cut: Cut) -> anyhow::Result<Vec<u8>> {
    let mut cells = Cells { writer: csv::Writer::from_writer(Vec::new()), text: String::new() };
    cells.writer.write_record(header(cut))?;
    for account in &report.rollups.accounts {
        for row in cut.rows(account) {
            cells.row(account, cut, row)?;
        }
    }
    Ok(cells.writer.into_inner()?)
}

/// Grants, top-ups, refunds and expiries.
fn pool(report: &Report) -> anyhow::Result<Artifact> {
    let path = "tables/pool.csv".to_owned();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["provider", "meter", "unit", "workspace", "entry", "events", "amount", "first", "last"])?;
    for row in &report.reconciliation.pool {
        let workspace = row.workspace.as_deref().map(defused).unwrap_or_default();
        writer.write_record([
            defused(&row.account.provider).as_str(),
            row.account.meter.word(),
            row.account.unit.word(),
            &workspace,
            row.entry.word(),
            &row.tally.events.to_string(),
            &row.tally.amount.to_string(),
            &row.period.0.to_string(),
            &row.period.1.to_string(),
        ])?;
    }
    let bytes = writer.into_inner().with_context(|| format!("writing {path}"))?;
    Ok(Artifact { path, bytes })
}

fn header(cut: Cut) -> Vec<&'static str> {
    let account = ["provider", "meter", "unit"].into_iter();
    let keys = cut.keys().iter().map(|key| key.word());
    let classes = if cut == Cut::Action { &[] } else { Action::WORDS };
    let rework: &[&str] = if cut == Cut::Action { &[] } else { &["rework", "rework_share"] };
    let columns = account.chain(keys).chain(["events", "amount", "value"]).chain(classes.iter().copied());
    let columns = columns.chain(rework.iter().copied()).chain(["sessions", "users", "first", "last"]);
    let of_feature: &[&str] =
        if cut == Cut::Feature { &["inferred", "build", "iterate", "repair", "unsorted"] } else { &[] };
    columns.chain(of_feature.iter().copied()).collect()
}

/// Writes cells one after the other, without a text of its own for each.
struct Cells {
    writer: csv::Writer<Vec<u8>>,
    text: String,
}

impl Cells {
    fn put(&mut self, value: impl Display) -> csv::Result<()> {
        self.text.clear();
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{value}");
        self.writer.write_field(&self.text)
    }

    fn put_if_any(&mut self, value: Option<impl Display>) -> csv::Result<()> {
        match value {
            Some(value) => self.put(value),
            None => self.writer.write_field(""),
        }
    }

    fn row(&mut self, account: &AccountRollup, cut: Cut, row: &Row) -> csv::Result<()> {
        let name = &account.account;
        self.put(defused(&name.provider))?;
        self.put(name.meter)?;
        self.put(name.unit)?;
        for key in cut.keys() {
            self.put_if_any(key.text(&row.subject).map(|text| defused(&text)))?;
        }
        self.put(row.tally.events)?;
        self.put(row.tally.amount)?;
        self.put_if_any(cut::value(account, row.tally.amount))?;
        if cut != Cut::Action {
            for tally in &row.actions {
                self.put(tally.amount)?;
            }
            let rework = rework::of(&row.actions);
            self.put(rework.amount)?;
            self.put_if_any(rework.share.map(|share| format!("{share:.4}")))?;
        }
        self.put(row.sessions)?;
        self.put(row.users)?;
        self.put(row.first)?;
        self.put(row.last)?;
        if cut == Cut::Feature {
            self.put(row.inferred)?;
            for part in Part::ALL {
                self.put(row.parts.of(part))?;
            }
        }
        self.writer.write_record(None::<&[u8]>)
    }
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
        for table in render(&team.report()).unwrap().into_iter().filter(|table| table.path.contains("/by_")) {
            let mut reader = csv::Reader::from_reader(table.bytes.as_slice());
            let headers = reader.headers().unwrap().clone();
            let column = headers.iter().position(|name| name == "amount").unwrap();
            let amounts = reader.records().map(|row| fixture::total(&row.unwrap()[column]));
            assert_eq!(amounts.sum::<crate::model::amount::Total>(), total.amount, "{}", table.path);
        }
    }
}
