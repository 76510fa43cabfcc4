//! What all files decide together before any event is counted, by their accounts.
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{bail, ensure};
use serde::{Deserialize, Serialize};

use crate::{
    ingest::{
        Agreed, Skipped,
        identity::{self, spellings},
        pooled::Told,
        units::Survey,
    },
    model::{event::Event, instant::Instant, wire},
    pipeline::{
        Settings, notes,
        waist::FileFacts,
        worker::{
            Arrivals, Kind, Row,
            account::{Account, Booked, TableAccount},
        },
    },
    timeline::exports::Export,
};

const SECOND: i64 = 1_000_000_000;

/// What all files agreed on, as workers need it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Agreement {
    told: Told,
    pub(super) agreed: Agreed,
    /// What the files cover that may hold what others hold, by their paths.
    pub(super) met: BTreeMap<String, Met>,
    /// The times in which two files or more lie, in order, apart from each other: from a second to before another.
    meetings: Vec<(i64, i64)>,
    /// The keys of ids that several files hold at other times, in order.
    common: BTreeSet<u64>,
    /// The paths on disk that are to be read again.
    pub again: BTreeSet<String>,
}

/// A file that may hold what others hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Met {
    pub(super) export: Export,
    /// Whether it is judged with all its events.
    pub(super) is_whole: bool,
    /// How many pieces of it there are.
    pub(super) slices: u64,
}

/// What is known of all files.
pub(super) struct Files {
    pub(super) facts: Vec<FileFacts>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) notes: Vec<String>,
    pub(super) arrivals: Arrivals,
}

impl Agreement {
    /// How tables are written.
    pub(super) const fn told(&self) -> &Told {
        &self.told
    }

    /// Whether an event of a file is judged; `None` where no event of the file is.
    pub(super) fn is_judged<'a>(&'a self, file: &str) -> Option<impl Fn(&Event) -> bool + use<'a>> {
        let met = self.met.get(file)?;
        Some(|event: &Event| met.is_whole || self.is_in_a_meeting(event.at) || self.common.contains(&event.key))
    }

    /// Whether there is anything to judge.
    pub fn is_any_met(&self) -> bool {
        !self.met.is_empty()
    }

    fn is_in_a_meeting(&self, at: Instant) -> bool {
        let second = at.nanos().div_euclid(SECOND);
        let later = self.meetings.partition_point(|(_, end)| *end <= second);
        self.meetings.get(later).is_some_and(|(start, _)| *start <= second)
    }
}

/// Agrees. The files that were read otherwise than all tell are named; once they were read again, or ids were found that several
/// files hold, the first agreement is given, and holds.
///
/// # Errors
/// When a file that was named is no export, nothing was accepted, or an account came twice.
pub fn agree(rows: &[Row], settings: &Settings, first: Option<&Agreement>) -> anyhow::Result<Agreement> {
    Ok(all(rows, settings, first)?.0)
}

/// The agreement, and what is known of the files.
pub(super) fn all(rows: &[Row], settings: &Settings, first: Option<&Agreement>) -> anyhow::Result<(Agreement, Files)> {
    let mut accounts: Vec<Account> = Vec::new();
    for row in rows.iter().filter(|row| row.kind == Kind::File) {
        accounts.push(wire::read(&row.payload)?);
    }
    accounts.sort_by(|a, b| a.disk.cmp(&b.disk));
    if let Some(twice) = accounts.windows(2).find(|pair| pair[0].disk == pair[1].disk) {
        bail!("{} was handed over twice: the engine repeated what it had done", twice[0].disk);
    }
    let skipped: Vec<Skipped> = accounts.iter().flat_map(|account| account.skipped.clone()).collect();
    let writings = accounts.iter().flat_map(|account| &account.tables);
    let writings = writings.filter_map(|table| Some((table.facts.view.path.as_str(), table.writing.as_ref()?)));
    let told = first.map_or_else(|| Told::of(writings), |first| first.told.clone());
    let is_stale = |table: &TableAccount| table.writing.as_ref().is_some_and(|writing| told.is_stale(writing));
    let stale = accounts.iter().filter(|account| account.tables.iter().any(is_stale));
    let again: BTreeSet<String> =
        if first.is_some() { BTreeSet::new() } else { stale.map(|account| account.disk.clone()).collect() };
    let mut tables: Vec<TableAccount> = accounts.into_iter().flat_map(|account| account.tables).collect();
    tables.sort_by(|a, b| a.facts.view.path.cmp(&b.facts.view.path));

    let survey = tables.iter().map(|table| table.survey.clone()).fold(Survey::default(), Survey::and);
    let units = survey.choose(settings.ingest.unit)?;
    let names = || tables.iter().flat_map(|table| &table.users).map(String::as_str);
    let spellings = spellings(names(), &settings.ingest.aliases);
    let mut common = first.map(|first| first.common.clone()).unwrap_or_default();
    for row in rows.iter().filter(|row| row.kind == Kind::Common) {
        common.extend(wire::read::<Vec<u64>>(&row.payload)?);
    }
    let (met, meetings) = met(&tables, !common.is_empty());
    let agreement =
        Agreement { told, agreed: Agreed { units, spellings, is_judged: false }, met, meetings, common, again };
    let arrivals = tables.iter().map(|table| (table.facts.view.path.clone(), table.arrived)).collect();
    let uses: u64 = tables.iter().map(|table| table.uses).sum();
    let events: u64 = tables.iter().map(|table| table.export.events).sum();
    let mut facts: Vec<FileFacts> = Vec::new();
    let mut notes = agreement.agreed.units.notes();
    notes.extend(identity::agree(
        names().map(str::to_owned).collect::<BTreeSet<_>>().iter().map(String::as_str),
        tables.iter_mut().flat_map(|table| &mut table.facts.told),
        &settings.ingest.aliases,
        &agreement.agreed.spellings,
    ));
    facts.extend(tables.into_iter().map(|table| table.facts));
    if agreement.again.is_empty() {
        check(&facts, &skipped, uses, events > uses)?;
    }
    Ok((agreement, Files { facts, skipped, notes, arrivals }))
}

/// Checks that there is something to audit.
fn check(facts: &[FileFacts], skipped: &[Skipped], uses: u64, is_any_pooled: bool) -> anyhow::Result<()> {
    if let Some(skipped) = skipped.iter().find(|skipped| skipped.is_named) {
        bail!("{}: {}", skipped.path, skipped.cause);
    }
    ensure!(uses > 0, notes::nothing_accepted(facts, skipped, is_any_pooled));
    Ok(())
}

/// The files that may hold what others hold, all of them where ids are in common, and the times that two or more share.
fn met(tables: &[TableAccount], are_ids_common: bool) -> (BTreeMap<String, Met>, Vec<(i64, i64)>) {
    let second = |at: Instant| at.nanos().div_euclid(SECOND);
    let span = |table: &TableAccount| table.export.period.map(|(first, last)| (second(first), second(last) + 1));
    let meetings = shared(tables.iter().filter_map(span).collect());
    let are_resumed = tables.iter().filter(|table| table.has_parts).nth(1).is_some();
    let of =
        |part: fn(&TableAccount) -> &BTreeSet<Booked>| -> BTreeSet<&Booked> { tables.iter().flat_map(part).collect() };
    let (totals, singles) = (of(|table| &table.totals), of(|table| &table.singles));
    let both: BTreeSet<&Booked> = totals.intersection(&singles).copied().collect();
    let mut alike: BTreeMap<_, u32> = BTreeMap::new();
    let measure = |table: &TableAccount| (table.export.period.map(|(_, last)| last), table.export.events);
    for table in tables.iter().filter(|table| table.export.events > 0) {
        *alike.entry(measure(table)).or_default() += 1;
    }
    let mut met = BTreeMap::new();
    for table in tables.iter().filter(|table| table.export.events > 0) {
        let is_whole = are_resumed && table.has_parts
            || table.totals.iter().chain(&table.singles).any(|booked| both.contains(booked))
            || alike.get(&measure(table)).is_some_and(|files| *files > 1);
        let is_met =
            span(table).is_some_and(|(start, end)| meetings.iter().any(|(from, to)| *from < end && start < *to));
        if is_whole || is_met || are_ids_common {
            let known = Met { export: table.export, is_whole, slices: table.arrived.slices };
            met.insert(table.facts.view.path.clone(), known);
        }
    }
    (met, meetings)
}

/// The times that lie in two spans or more, in order, apart from each other.
fn shared(spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    let mut ends: Vec<(i64, i64)> = spans.into_iter().flat_map(|(start, end)| [(start, 1), (end, -1)]).collect();
    ends.sort_unstable();
    let (mut depth, mut found) = (0, Vec::<(i64, i64)>::new());
    let mut since = None;
    for (at, step) in ends {
        depth += step;
        match since {
            None if depth > 1 => since = Some(at),
            Some(start) if depth < 2 => {
                since = None;
                match found.last_mut() {
                    Some((_, end)) if *end == start => *end = at,
                    _ if start < at => found.push((start, at)),
                    _ => (),
                }
            }
            _ => (),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(spans: &[(i64, i64)], expected: &[(i64, i64)]) {
        assert_eq!(shared(spans.to_vec()), expected);
    }

    #[test]
    fn what_two_spans_share_is_found() {
        check(&[(0, 5), (5, 9)], &[]);
        check(&[(0, 6), (5, 9)], &[(5, 6)]);
        check(&[(0, 9), (1, 2), (2, 3), (5, 6)], &[(1, 3), (5, 6)]);
        check(&[(0, 9), (0, 9), (0, 9)], &[(0, 9)]);
        check(&[(3, 4)], &[]);
        check(&[], &[]);
    }
}
