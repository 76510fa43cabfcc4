//! Files with the same header are written alike. What one of them proves (the order of dates, the decimal mark, the sign
//! of consumption) holds for all of them in a run, so that a file that is cut in two gives what it gave in one piece.
use std::{collections::BTreeMap, sync::Arc};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ingest::{
    Settings, Skipped, Table,
    discover::Found,
    table::evidence::{Conventions, Debit, Evidence, Pooled, Writing},
    value::{decimal::Mark, order::DateOrder},
};

/// What one file on disk gave.
pub(super) type Outcome = (Vec<Table>, Vec<Skipped>);
/// Reads a file on disk.
type Reader<'f> = &'f (dyn Fn(&Found, &Settings) -> Outcome + Sync);

/// Reads all files, and those again that others prove to be written in another way than they show by themselves, which is
/// noted.
pub(super) fn read(found: &[Found], settings: &Settings, reader: Reader) -> Vec<Outcome> {
    let read: Vec<Outcome> = found.par_iter().map(|found| reader(found, settings)).collect();
    let told = Told::of(
        read.iter()
            .flat_map(|(tables, _)| tables)
            .filter_map(|(file, batch)| Some((file.path.as_str(), batch.writing.as_ref()?))),
    );
    let again = |(found, outcome): (&Found, Outcome)| {
        let (tables, _) = &outcome;
        let is_stale =
            tables.iter().filter_map(|(_, batch)| batch.writing.as_ref()).any(|writing| told.is_stale(writing));
        if is_stale { told.read_again(found, settings, reader) } else { outcome }
    };
    found.par_iter().zip(read).map(again).collect()
}

/// What the tables of several files tell together of how they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    #[serde(with = "shared")]
    pooled: Pooled,
    /// In the order of paths; none where no file shows anything else by itself.
    proofs: Vec<Proof>,
}

/// What many share, written as what it is.
mod shared {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Arc, Pooled};

    pub(super) fn serialize<S: Serializer>(pooled: &Pooled, to: S) -> Result<S::Ok, S::Error> {
        pooled.as_ref().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Pooled, D::Error> {
        Deserialize::deserialize(from).map(Arc::new)
    }
}

impl Told {
    /// By all of some tables.
    pub fn of<'w>(writings: impl Iterator<Item = (&'w str, &'w Writing)> + Clone) -> Self {
        let pooled = pooled(writings.clone().map(|(_, writing)| writing));
        let mut told = Self { pooled, proofs: Vec::new() };
        if writings.clone().any(|(_, writing)| told.is_stale(writing)) {
            told.proofs = writings.map(|(path, writing)| (path.to_owned(), writing.clone())).collect();
            told.proofs.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        told
    }

    /// Whether a table was read otherwise than they tell.
    pub fn is_stale(&self, writing: &Writing) -> bool {
        self.pooled.get(&writing.header).is_some_and(|pooled| *pooled != writing.used)
    }

    /// Reads a file as they tell, which is noted.
    pub(super) fn read_again(&self, found: &Found, settings: &Settings, reader: Reader) -> Outcome {
        let (mut tables, skipped) = reader(found, &Settings { pooled: Arc::clone(&self.pooled), ..settings.clone() });
        for (file, batch) in &mut tables {
            file.notes.extend(batch.writing.iter().flat_map(|writing| told_by_others(writing, &self.proofs)));
            file.notes.sort();
        }
        (tables, skipped)
    }
}

/// A file, and what its cells told.
type Proof = (String, Writing);

/// What a file does not tell by itself of how it is written, and which file tells it, in sentences.
fn told_by_others(writing: &Writing, proofs: &[Proof]) -> Vec<String> {
    let Writing { header, assumed, told, used } = writing;
    let own = assumed.settled(*told);
    let prover = |proves: &dyn Fn(Conventions) -> bool| {
        let mut same = proofs.iter().filter(|(_, other)| other.header == *header);
        let found = same.find(|(_, other)| proves(other.assumed.settled(other.told)));
        found.map_or_else(
            || "several files with the same header together tell".to_owned(),
            |(path, _)| format!("{path} tells"),
        )
    };
    let mut said = Vec::new();
    let order = match used.dates.order {
        DateOrder::DayFirst => Some("dates such as 03/04/2026 have the day first"),
        DateOrder::MonthFirst | DateOrder::SlashedMonthFirst => Some("dates such as 03/04/2026 have the month first"),
        DateOrder::Contested => Some("dates such as 03/04/2026 can be read both ways"),
        _ => None,
    };
    if let Some(order) = order.filter(|_| used.dates.order != own.dates.order) {
        let by = match used.dates.order {
            DateOrder::Contested => "files with the same header contradict each other".to_owned(),
            order => prover(&|other| other.dates.order == order),
        };
        said.push(format!("{order}, as {by}"));
    }
    let mark = match used.mark {
        Mark::Comma => Some("a decimal comma"),
        Mark::Point => Some("a decimal point"),
        Mark::Unknown | Mark::Contested => None,
    };
    if let Some(mark) = mark.filter(|_| used.mark != own.mark) {
        said.push(format!("amounts have {mark}, as {}", prover(&|other| other.mark == used.mark)));
    }
    if used.debit != own.debit {
        let sign = if used.debit == Debit::Negative { "negative" } else { "positive" };
        said.push(format!("{sign} amounts are consumption, as {}", prover(&|other| other.debit == used.debit)));
    }
    said
}

/// How the tables of each header are written, by what all of them tell.
fn pooled<'w>(writings: impl Iterator<Item = &'w Writing>) -> Pooled {
    let mut told: BTreeMap<String, (Conventions, Evidence)> = BTreeMap::new();
    for writing in writings {
        let (_, sum) = told.entry(writing.header.clone()).or_insert((writing.assumed, Evidence::default()));
        *sum = sum.plus(writing.told);
    }
    let settled = told.into_iter().map(|(header, (assumed, told))| (header, assumed.settled(told)));
    Arc::new(settled.collect())
}

#[cfg(test)]
mod tests {
    use crate::ingest::{ingest, tests::settings};

    /// The notes of the first file that name the second one.
    #[track_caller]
    fn check(first: &str, second: &str, expected: &[&str]) {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [("1.csv", first), ("2.csv", second)] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let read = ingest(&[dir.path().to_owned()], &settings(), &|_| ()).unwrap();
        let notes = read.files[0].notes.iter().filter_map(|note| note.split_once(", as "));
        let notes: Vec<String> =
            notes.map(|(what, by)| format!("{what}, as {}", by.rsplit('/').next().unwrap_or_default())).collect();
        assert_eq!(notes, expected);
    }

    #[test]
    fn what_another_file_tells_is_said_with_its_name() {
        let with = |rows: &str| format!("timestamp;credits;user\n{rows}");
        let (open, closed) = (with("03/04/2026;1,250;ada\n"), with("13/04/2026;1,5;ada\n"));
        check(
            &open,
            &closed,
            &[
                "amounts have a decimal comma, as 2.csv tells",
                "dates such as 03/04/2026 have the day first, as 2.csv tells",
            ],
        );
        check(&closed, &open, &[]);
        check(
            &open,
            &with("04/13/2026;1,5;ada\n"),
            &[
                "amounts have a decimal comma, as 2.csv tells",
                "dates such as 03/04/2026 have the month first, as 2.csv tells",
            ],
        );
        check(&open, &open, &[]);
    }
}
