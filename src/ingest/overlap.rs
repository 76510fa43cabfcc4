//! Day totals and the calls behind them. Where both were read, only the calls count.
//!
//! A total is covered where its account (vendor, meter, unit) has a single event on its day (of UTC, in a ledger of its
//! zone); in a file that names users, an event of the same user, by aliases too. Covered totals are booked as duplicates. Days
//! without a single event keep theirs.
use std::collections::BTreeSet;

use crate::{
    ingest::{FileReport, Settings, batch::Batch, identity::Aliases, ledger, map},
    model::{
        account::{Meter, Unit},
        event::Event,
        instant::Day,
        text::folded,
        zone::Zone,
    },
};

/// An account across files.
type Account = (String, Meter, Unit);
/// An account's use on a day, of one user or, where that is `None`, of all.
type Bucket = (Account, Day, Option<String>);

/// Takes covered totals out of the batches; `files` are their reports, in the same order.
pub(super) fn drop_covered(files: &mut [FileReport], batches: &mut [Batch], settings: &Settings) {
    let users: Vec<Users> = batches.iter().map(|batch| Users::of(batch, &settings.aliases)).collect();
    // Vendors count days of UTC; the totals of people are of the days of their zone.
    let own = settings.zone.clone().unwrap_or_else(Zone::utc);
    let of_vendors = calls(batches, &users, &Zone::utc());
    if of_vendors.is_empty() {
        return;
    }
    let by_hand = calls(batches, &users, &own);
    for ((file, batch), users) in files.iter_mut().zip(batches).zip(&users) {
        let is_by_hand = file.source == ledger::SOURCE || file.source == map::SOURCE;
        let (calls, zone) = if is_by_hand { (&by_hand, own.clone()) } else { (&of_vendors, Zone::utc()) };
        let names_users = batch.events.iter().any(|event| is_total(batch, event) && users.of_event(event).is_some());
        let is_covered = |event: &Event| {
            let user = users.of_event(event);
            let could_be = is_total(batch, event) && user.is_some() == names_users;
            could_be && calls.contains(&bucket(batch, event, &zone, user))
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

/// The user of each thread of a batch, as aliases and case have it.
struct Users(Vec<Option<String>>);

impl Users {
    fn of(batch: &Batch, aliases: &Aliases) -> Self {
        let user = |name: &str| folded(&aliases.user_of(name).unwrap_or_else(|| name.to_owned()));
        Self(batch.names.threads().iter().map(|thread| batch.names.text_of(thread.user).map(user)).collect())
    }

    fn of_event(&self, event: &Event) -> Option<&str> {
        self.0[event.thread.index()].as_deref()
    }
}

/// The days with single events, of all users and of each, in accounts that have totals too.
fn calls(batches: &[Batch], users: &[Users], zone: &Zone) -> BTreeSet<Bucket> {
    let accounts = |batch: &Batch, are_totals: bool| -> BTreeSet<Account> {
        let tags = batch.names.tags().iter().filter(|tag| tag.is_aggregate == are_totals);
        let account = tags.map(|tag| tag.account);
        account.map(|account| (batch.names.text(account.provider).to_owned(), account.meter, account.unit)).collect()
    };
    let with_totals: BTreeSet<Account> = batches.iter().flat_map(|batch| accounts(batch, true)).collect();
    let has_both = |(batch, _): &(&Batch, &Users)| !accounts(batch, false).is_disjoint(&with_totals);
    let mut calls = BTreeSet::new();
    for (batch, users) in batches.iter().zip(users).filter(has_both) {
        for event in batch.events.iter().filter(|event| !is_total(batch, event)) {
            let user = users.of_event(event);
            calls.extend([bucket(batch, event, zone, None), bucket(batch, event, zone, user)]);
        }
    }
    calls
}

fn is_total(batch: &Batch, event: &Event) -> bool {
    batch.names.tag(event.tag).is_aggregate
}

fn bucket(batch: &Batch, event: &Event, zone: &Zone, user: Option<&str>) -> Bucket {
    let account = batch.names.tag(event.tag).account;
    let provider = batch.names.text(account.provider).to_owned();
    ((provider, account.meter, account.unit), zone.day(event.at), user.map(str::to_owned))
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

    #[test]
    fn totals_of_people_are_of_the_days_of_their_zone_and_of_users_by_aliases() {
        let dir = tempfile::tempdir().unwrap();
        let head = "timestamp,user,credits,grain\n";
        for (name, rows) in [("a.csv", "2026-10-03,Ann Lee,10,day\n"), ("b.csv", "2026-10-03T23:30:00,ann@x.com,10,\n")]
        {
            std::fs::write(dir.path().join(name), head.to_owned() + rows).unwrap();
        }
        let pair = ("ann@x.com".to_owned(), "Ann Lee".to_owned());
        let with = |pairs: &[(String, String)]| {
            let zone = Some("America/New_York".parse().unwrap());
            let aliases = crate::ingest::identity::Aliases::new(pairs).unwrap();
            let settings = crate::ingest::Settings { zone, aliases, ..settings() };
            ingest(&[dir.path().to_owned()], &settings, &|_| ()).unwrap().events.len()
        };
        assert_eq!((with(&[pair]), with(&[])), (1, 2));
    }
}
