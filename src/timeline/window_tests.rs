//! One history in overlapping windows, copied, renamed and reordered: what counts is the same as in one file, and what a
//! newer file changes is told exactly.
use std::{cmp::Reverse, collections::BTreeMap, ops::Range};

use proptest::prelude::*;

use crate::{
    model::{
        account::{Basis, Entry, Kind, Meter, Status, Unit},
        amount::{Amount, Total},
        cues::Cues,
        event::{About, Account, Event, Place, Tag, Thread},
        instant::Instant,
        names::Names,
    },
    timeline::{Gap, Timeline, exports::hash},
};

/// By what a source tells its rows apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    Ids,
    /// Time, user and app, whatever the amount.
    Natural,
    /// And the amount, as in a ledger.
    Content,
}

/// An event of a history.
#[derive(Debug, Clone, Copy)]
struct Row {
    second: i64,
    user: u8,
    app: u8,
    amount: i64,
    id: u64,
}

/// A history whose events may share their instant and even be equal.
fn history() -> impl Strategy<Value = Vec<Row>> {
    proptest::collection::vec((0..3_i64, 0..2_u8, 0..2_u8, 1..4_i64), 12..60).prop_map(|rows| {
        let mut second = 1_790_000_007;
        let row = |((pause, user, app, amount), id)| {
            second += pause * 61;
            Row { second, user, app, amount, id }
        };
        rows.into_iter().zip(1_u64..).map(row).collect()
    })
}

fn keys() -> impl Strategy<Value = Keys> {
    prop_oneof![Just(Keys::Ids), Just(Keys::Natural), Just(Keys::Content)]
}

/// Windows that hold the whole history together, in any order, some of them copies: any two share nothing or `least`
/// instants at least.
fn windows(rows: &[Row], seeds: &[(prop::sample::Index, prop::sample::Index)], least: usize) -> Vec<Range<usize>> {
    let starts: Vec<usize> = (0..rows.len()).filter(|&n| n == 0 || rows[n].second != rows[n - 1].second).collect();
    let end = |instant: usize| starts.get(instant).copied().unwrap_or(rows.len());
    let fits = |windows: &[Range<usize>], new: &Range<usize>| {
        windows.iter().all(|old| {
            let shared = new.end.min(old.end).saturating_sub(new.start.max(old.start));
            shared == 0 || shared >= least
        })
    };
    let mut windows: Vec<Range<usize>> = Vec::new();
    for (from, to) in seeds {
        let (from, to) = (from.index(starts.len()), to.index(starts.len()));
        let new = from.min(to)..from.max(to) + 1;
        if new.len() >= least && fits(&windows, &new) {
            windows.push(new);
        }
    }
    windows.push(0..starts.len());
    let whole = windows.len() - 1;
    // The whole history is cut in two where that leaves enough in common.
    if starts.len() > 2 * least {
        let cut = starts.len() / 2;
        let halves = [0..cut + least, cut..starts.len()];
        if halves.iter().all(|half| fits(&windows[..whole], half)) {
            windows.splice(whole.., halves);
        }
    }
    let in_rows = |window: Range<usize>| end(window.start)..end(window.end);
    windows.into_iter().map(in_rows).collect()
}

fn tag(account: Account, has_id: bool) -> Tag {
    Tag {
        account,
        entry: Entry::Usage,
        basis: Basis::Billed,
        kind: Kind::Unknown,
        status: Status::Unknown,
        model: None,
        has_id,
        is_aggregate: false,
    }
}

/// Orders what the files say of the rows of their windows.
fn order(files: &[(Range<usize>, Vec<i64>)], rows: &[Row], keys: Keys) -> Timeline {
    let mut names = Names::default();
    let account = Account { provider: names.word("base44"), meter: Meter::Message, unit: Unit::Credits };
    let tag = names.tag_id(tag(account, keys == Keys::Ids));
    let mut events = Vec::new();
    for (file, (window, amounts)) in (0..).zip(files) {
        for (line, (row, amount)) in (2..).zip(rows[window.clone()].iter().zip(amounts)) {
            let thread = Thread {
                workspace: None,
                user: names.word_if_any(&format!("u{}", row.user)),
                app: names.word_if_any(&format!("a{}", row.app)),
                session: None,
            };
            let key = match keys {
                Keys::Ids => row.id,
                Keys::Natural => hash((row.second, row.user, row.app)),
                Keys::Content => hash((row.second, row.user)) >> 32 << 32 | hash(amount) >> 32,
            };
            events.push(Event {
                at: Instant::from_nanos(row.second * 1_000_000_000),
                amount: Amount::from_nanos(*amount),
                key,
                thread: names.thread_id(thread),
                tag,
                about: About::default(),
                place: Place { file, line },
                cues: Cues::default(),
            });
        }
    }
    Timeline::order(events, &names, Gap::default())
}

/// What counts, without where it stands.
fn counted(timeline: &Timeline) -> Vec<(i64, u64, i64)> {
    let mut counted: Vec<_> =
        timeline.events().iter().map(|event| (event.at.nanos(), event.key, event.amount.nanos())).collect();
    counted.sort_unstable();
    counted
}

type Seeds = Vec<(prop::sample::Index, prop::sample::Index)>;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn windows_copies_and_orders_do_not_matter(
        rows in history(),
        keys in keys(),
        seeds in any::<Seeds>(),
        copies in proptest::collection::vec(any::<prop::sample::Index>(), 0..3),
        shuffle in any::<u64>(),
    ) {
        let said = |window: Range<usize>| -> (Range<usize>, Vec<i64>) {
            (window.clone(), rows[window].iter().map(|row| row.amount).collect())
        };
        let whole = order(&[said(0..rows.len())], &rows, keys);
        let mut windows = windows(&rows, &seeds[..seeds.len().min(5)], 2);
        for copy in copies {
            windows.push(windows[copy.index(windows.len())].clone());
        }
        windows.sort_by_key(|window| hash((window.start, window.end, shuffle)));
        let files: Vec<_> = windows.into_iter().map(said).collect();
        let timeline = order(&files, &rows, keys);
        prop_assert_eq!(counted(&timeline), counted(&whole));
        prop_assert_eq!(timeline.overlaps(), &[]);
        prop_assert_eq!(timeline.suspects(), &[]);
    }

    #[test]
    fn the_newest_file_counts_and_its_changes_are_told(
        rows in history(),
        keys in keys(),
        seeds in any::<Seeds>(),
        shuffle in any::<u64>(),
    ) {
        // Each row at an instant of its own, and an hour more than a whole one: no key stands twice in a file.
        let rows: Vec<Row> = rows.iter().zip(0..).map(|(row, n)| Row { second: 1_790_000_007 + n * 61, ..*row }).collect();
        let mut windows = windows(&rows, &seeds[..seeds.len().min(5)], 5);
        windows.sort_by_key(|window| hash((window.start, window.end, shuffle)));
        windows.dedup();
        // Of two files that end together and hold as much, a digest decides: none of these here.
        let newness = |window: &Range<usize>| (window.end, window.len());
        let amount = |file: usize, n: usize| {
            let is_changed = n.is_multiple_of(4) && hash((file, n, shuffle)) % 3 > 0;
            rows[n].amount * 10 + if is_changed { i64::try_from(file).unwrap() + 1 } else { 0 }
        };
        let files: Vec<_> = windows
            .iter()
            .enumerate()
            .map(|(file, window)| (window.clone(), window.clone().map(|n| amount(file, n)).collect()))
            .collect();
        let timeline = order(&files, &rows, keys);
        let mut expected = Total::ZERO;
        let mut changes: BTreeMap<(usize, usize), (u64, Total, Total)> = BTreeMap::new();
        for n in 0..rows.len() {
            let holders = (0..windows.len()).filter(|file| windows[*file].contains(&n));
            let newest = holders.clone().max_by_key(|file| (newness(&windows[*file]), Reverse(*file))).unwrap();
            let now = Amount::from_nanos(amount(newest, n));
            expected += now;
            for older in holders.filter(|file| amount(*file, n) != amount(newest, n)) {
                let change = changes.entry((newest, older)).or_default();
                change.0 += 1;
                change.1 += Amount::from_nanos(amount(older, n));
                change.2 += now;
            }
        }
        let told: BTreeMap<(usize, usize), (u64, Total, Total)> = timeline
            .overlaps()
            .iter()
            .map(|overlap| {
                assert!(overlap.lacking.is_empty(), "{overlap:?}");
                let changed = overlap.changed.as_ref().unwrap();
                let figures = changed.figures.values().next().unwrap();
                ((overlap.newer as usize, overlap.older as usize), (changed.rows, figures.before.amount, figures.after.amount))
            })
            .collect();
        let sum = timeline.events().iter().fold(Total::ZERO, |sum, event| sum + event.amount.into());
        prop_assert_eq!((sum, timeline.events().len()), (expected, rows.len()));
        prop_assert_eq!(told, changes);
        prop_assert_eq!(timeline.suspects(), &[]);
    }
}

/// How many events count of days that two files of one person hold: of each day its amounts.
#[track_caller]
fn check_days(is_total: bool, files: [&[(i64, i64)]; 2], expected: usize) {
    check_days_of(Some("ada"), is_total, files, expected);
}

#[track_caller]
fn check_days_of(user: Option<&str>, is_total: bool, files: [&[(i64, i64)]; 2], expected: usize) {
    let mut names = Names::default();
    let user = user.map(|user| names.word(user));
    let account = Account { provider: names.word("base44"), meter: Meter::Message, unit: Unit::Credits };
    let tag = names.tag_id(Tag { is_aggregate: is_total, ..tag(account, false) });
    let thread = names.thread_id(Thread { user, ..Thread::default() });
    let mut events = Vec::new();
    for (file, rows) in (0..).zip(files) {
        for (line, (day, amount)) in (2..).zip(rows) {
            let key = if is_total { hash(day) } else { hash(day) >> 32 << 32 | hash(amount) >> 32 };
            events.push(Event {
                at: Instant::from_nanos(day * 86_400_000_000_000),
                amount: Amount::from_nanos(*amount),
                key,
                thread,
                tag,
                about: About::default(),
                place: Place { file, line },
                cues: Cues::default(),
            });
        }
    }
    assert_eq!(Timeline::order(events, &names, Gap::default()).events().len(), expected);
}

#[test]
fn totals_of_one_shared_day_are_the_same_totals() {
    check_days(true, [&[(1, 5)], &[(1, 5), (2, 3)]], 2);
    check_days(true, [&[(1, 5), (2, 3)], &[(2, 3), (3, 1)]], 3);
    check_days(true, [&[(1, 5), (2, 3)], &[(1, 5), (2, 4), (3, 1)]], 3);
    // A key may stand in two rows, between which one table was cut.
    check_days(true, [&[(1, 5), (2, 3)], &[(2, 4), (3, 1)]], 4);
    check_days(true, [&[(1, 5), (2, 3)], &[(3, 4), (4, 1)]], 4);
}

#[test]
fn files_that_meet_in_one_day_overlap_if_both_hold_the_same_of_it() {
    check_days(false, [&[(1, 5), (2, 3), (2, 4)], &[(2, 3), (2, 4), (3, 1)]], 4);
    check_days(false, [&[(1, 5), (2, 3), (2, 4)], &[(2, 3), (2, 6), (3, 1)]], 6);
    check_days(false, [&[(1, 5), (2, 3), (2, 3)], &[(2, 3), (2, 3), (3, 1)]], 6);
}

#[test]
fn days_and_amounts_that_name_nobody_are_those_of_two_people() {
    let files: [&[(i64, i64)]; 2] = [&[(1, 5), (2, 3), (3, 2), (4, 1)], &[(1, 5), (2, 3), (3, 2), (4, 7)]];
    check_days_of(None, false, files, 8);
    check_days_of(Some("ada"), false, files, 4);
    let days: Vec<(i64, i64)> = (1..=9).map(|day| (day, 70 + day * day)).collect();
    check_days_of(None, false, [&days[..8], &days], 9);
    let copies: [&[(i64, i64)]; 2] = [&[(1, 5), (2, 3)], &[(1, 5), (2, 3)]];
    check_days_of(None, false, copies, 2);
}

#[test]
fn a_file_that_begins_within_a_day_does_not_hide_what_stands_before() {
    check_days(false, [&[(1, 5), (2, 1), (2, 2), (2, 3), (3, 9)], &[(2, 2), (2, 3), (2, 4), (3, 9), (4, 1)]], 7);
}
