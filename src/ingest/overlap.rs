//! Day totals and the calls behind them. Where both were read, only the calls count.
//!
//! A total is covered where its account (vendor, meter, unit) has a single event on its UTC day; in a file that names
//! users, an event of the same user. Covered totals are booked as duplicates. Days without a single event keep theirs.
use std::collections::BTreeSet;

use crate::{
    ingest::{FileReport, batch::Batch},
    model::{
        account::{Meter, Unit},
        event::Event,
        instant::Day,
        zone::Zone,
    },
};

/// An account across files.
type Account = (String, Meter, Unit);
/// An account's use on a day, of one user or, where that is `None`, of all.
type Bucket = (Account, Day, Option<String>);

/// Takes covered totals out of the batches; `files` are their reports, in the same order.
pub(super) fn drop_covered(files: &mut [FileReport], batches: &mut [Batch]) {
    let calls = calls(batches);
    if calls.is_empty() {
        return;
    }
    for (file, batch) in files.iter_mut().zip(batches) {
        let names_users = batch.events.iter().any(|event| is_total(batch, event) && user(batch, event).is_some());
        let is_covered = |event: &Event| {
            let user = user(batch, event);
            let could_be = is_total(batch, event) && user.is_some() == names_users;
            could_be && calls.contains(&bucket(batch, event, user))
        };
        let covered: Vec<bool> = batch.events.iter().map(is_covered).collect();
        let count = covered.iter().filter(|covered| **covered).count() as u64;
        if count > 0 {
            file.rows.accepted -= count;
            file.rows.duplicates += count;
            let text = format!("{count} day totals are not counted: the single events of those days were read too");
            file.notes.push(text);
            retain(&mut batch.events, &covered);
            retain(&mut batch.second, &covered);
        }
    }
}

/// The days with single events, of all users and of each, in accounts that have totals too.
fn calls(batches: &[Batch]) -> BTreeSet<Bucket> {
    let accounts = |batch: &Batch, are_totals: bool| -> BTreeSet<Account> {
        let tags = batch.names.tags().iter().filter(|tag| tag.is_aggregate == are_totals);
        let account = tags.map(|tag| tag.account);
        account.map(|account| (batch.names.text(account.provider).to_owned(), account.meter, account.unit)).collect()
    };
    let with_totals: BTreeSet<Account> = batches.iter().flat_map(|batch| accounts(batch, true)).collect();
    let has_both = |batch: &&Batch| !accounts(batch, false).is_disjoint(&with_totals);
    let mut calls = BTreeSet::new();
    for batch in batches.iter().filter(has_both) {
        for event in batch.events.iter().filter(|event| !is_total(batch, event)) {
            let user = user(batch, event);
            calls.extend([bucket(batch, event, None), bucket(batch, event, user)]);
        }
    }
    calls
}

fn is_total(batch: &Batch, event: &Event) -> bool {
    batch.names.tag(event.tag).is_aggregate
}

fn user<'b>(batch: &'b Batch, event: &Event) -> Option<&'b str> {
    batch.names.text_of(batch.names.thread(event.thread).user)
}

fn bucket(batch: &Batch, event: &Event, user: Option<&str>) -> Bucket {
    let account = batch.names.tag(event.tag).account;
    let provider = batch.names.text(account.provider).to_owned();
    ((provider, account.meter, account.unit), Zone::utc().day(event.at), user.map(str::to_owned))
}

fn retain<T>(values: &mut Vec<T>, covered: &[bool]) {
    let mut covered = covered.iter();
    values.retain(|_| covered.next() != Some(&true));
}

#[cfg(test)]
mod tests {
    use crate::ingest::{ingest, tests::settings};

    const CALLS: &str = "generation_id,created_at,cost_total,model_permaslug,user\n\
        gen-1,2026-09-03 10:00:00.5,0.25,a/one,\n\
        gen-2,2026-09-05 11:00:00,0.5,a/two,\n";
    const TOTALS: &str = "Date,Slug,Usage,BYOK Usage,Requests,Prompt Tokens\n\
        2026-09-03 00:00:00,a/one,0.25,0,1,100\n\
        2026-09-04 00:00:00,a/one,2,0,7,900\n\
        2026-09-05 00:00:00,a/two,0.75,0,2,300\n";

    #[test]
    fn totals_of_days_whose_calls_were_read_are_duplicates() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [("a-daily.csv", TOTALS), ("b-calls.csv", CALLS)] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let read = ingest(&[dir.path().to_owned()], &settings(), &|_| ()).unwrap();
        let rows: Vec<_> = read.files.iter().map(|file| (file.rows.accepted, file.rows.duplicates)).collect();
        assert_eq!(rows, [(1, 2), (2, 0)]);
        assert!(read.files.iter().all(|file| file.rows.balances()));
        let counted: Vec<_> = read.events.iter().map(|event| event.amount.to_string()).collect();
        assert_eq!(counted, ["2", "0.25", "0.5"]);
        let note = "2 day totals are not counted: the single events of those days were read too";
        assert!(read.files[0].notes.iter().any(|text| text == note), "{:?}", read.files[0].notes);
    }

    #[test]
    fn totals_of_a_user_are_covered_by_calls_of_that_user_only() {
        let dir = tempfile::tempdir().unwrap();
        let requests = "Timestamp,User,Model,Requests Used,Exceeds Monthly Quota\n\
            2026-09-03T10:00:00Z,ada,gpt,1,false\n";
        let totals = "date,username,model,quantity,unit_type,exceeds_quota\n\
            2026-09-03,ada,gpt,1,requests,False\n\
            2026-09-03,ben,gpt,2,requests,False\n\
            2026-09-03,,gpt,4,requests,False\n\
            2026-09-03,ada,gpt,8,ai-credits,False\n";
        for (name, text) in [("requests.csv", requests), ("totals.csv", totals)] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let read = ingest(&[dir.path().to_owned()], &settings(), &|_| ()).unwrap();
        let counted: Vec<_> = read.events.iter().map(|event| event.amount.to_string()).collect();
        assert_eq!(counted, ["1", "2", "4", "8"]);
        assert_eq!(read.files[1].rows.duplicates, 1);
    }
}
