//! Exports whose periods overlap: each event counts once, whatever the files are called and however they are cut; what a
//! newer file changes and what may be counted twice is said.
use std::{
    ffi::OsString,
    ops::Range,
    path::{Path, PathBuf},
};

use proptest::prelude::*;
use serde_json::Value;

use crate::command::{audit, body, creditscope, json, say, shared};

const CURSOR: &str = "Date,User,Kind,Model,Max Mode,Total Tokens,Cost\n";
const LEDGER: &str = "timestamp,user,app,credits,prompt,event_id\n";

fn write(dir: &Path, files: &[(&str, String)]) -> Vec<PathBuf> {
    let write = |(name, text): &(&str, String)| {
        let path = dir.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    files.iter().map(write).collect()
}

/// The report of some files outside `input`.
fn report(files: &[(&str, String)]) -> Value {
    let dir = tempfile::tempdir().unwrap();
    let paths = write(dir.path(), files);
    body(&paths.iter().map(PathBuf::as_path).collect::<Vec<_>>(), &["--tz", "UTC"]).0
}

/// What `inspect` says of all files, with the folder left out.
fn inspect(files: &[(&str, String)], format: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let paths = write(dir.path(), files);
    let args = ["inspect", "--format", format, "--tz", "UTC"].map(OsString::from);
    let args: Vec<OsString> = args.into_iter().chain(paths.into_iter().map(OsString::from)).collect();
    let ran = creditscope(&args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout.replace(&format!("{}/", dir.path().display()), "")
}

/// The sentences on overlaps.
fn said(files: &[(&str, String)]) -> Vec<String> {
    let text = inspect(files, "text");
    text.lines().filter_map(|line| line.strip_prefix("overlap: ")).map(str::to_owned).collect()
}

/// The events that count, and their sum.
fn counted(files: &[(&str, String)]) -> (u64, String) {
    let view: Value = serde_json::from_str(&inspect(files, "json")).unwrap();
    let total = &view["totals"][0];
    (total["events"].as_u64().unwrap(), total["amount"].as_str().unwrap().to_owned())
}

/// An export of Cursor: a row a minute.
fn cursor(minutes: Range<u32>, cents: impl Fn(u32) -> u32) -> String {
    let row = |n: u32| {
        let time = format!("2026-10-{:02}T{:02}:{:02}:07.250Z", 1 + n / 1440, n / 60 % 24, n % 60);
        let cents = cents(n);
        format!("{time},u{}@example.com,On-Demand,auto,No,100,{}.{:02}\n", n % 3, cents / 100, cents % 100)
    };
    CURSOR.to_owned() + &minutes.map(row).collect::<String>()
}

/// A ledger: a row a minute, `what` tells app, fraction of the second, credits and id.
fn ledger(rows: Range<u32>, what: impl Fn(u32) -> [String; 4]) -> String {
    let row = |n: u32| {
        let [app, fraction, credits, id] = what(n);
        format!("2026-10-01T10:{n:02}:07{fraction}Z,u{},{app},{credits},,{id}\n", n % 2)
    };
    LEDGER.to_owned() + &rows.map(row).collect::<String>()
}

#[test]
fn a_newer_export_counts_and_says_what_it_changes() {
    let older = cursor(0..20, |_| 10);
    let newer = cursor(10..30, |n| if n < 13 { 15 } else { 10 });
    let expected = report(&[("a.csv", cursor(0..30, |n| if (10..13).contains(&n) { 15 } else { 10 }))]);
    for [one, two] in [["a.csv", "b.csv"], ["b.csv", "a.csv"]] {
        let files = [(one, older.clone()), (two, newer.clone())];
        assert_eq!(report(&files), expected);
        let sentence = format!(
            "{two} counts where it tells the same as {one}, because it ends later; it changes 3 rows in amount: 0.3 → \
             0.45 usd (first {one}:12, now {two}:2)"
        );
        assert_eq!(said(&files), [sentence]);
    }
    let files = [("a.csv", older), ("b.csv", newer)];
    let view: Value = serde_json::from_str(&inspect(&files, "json")).unwrap();
    let changed = serde_json::json!({
        "rows": 3,
        "what": ["amount"],
        "first": {"older": "a.csv:12", "newer": "b.csv:2"},
        "amounts": [{
            "provider": "cursor", "meter": "message", "unit": "usd", "rows_before": 3, "rows_after": 3,
            "before": "0.3", "after": "0.45", "billed_before": "0.3", "billed_after": "0.45",
        }],
    });
    assert_eq!(view["overlaps"][0]["changed"], changed);
    let dir = tempfile::tempdir().unwrap();
    let paths = write(dir.path(), &files);
    let (_out, folder, ran) = audit(&[&paths[0], &paths[1]], &[]);
    assert!(ran.stdout.replace('\n', " ").contains("and counts: 0.3 → 0.45 usd"), "{}", ran.stdout);
    assert_eq!(json(&folder.join("report.json"))["input"]["overlaps"][0]["changed"]["rows"], 3);
    let page = std::fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("it changes 3 rows in amount: 0.3 → 0.45 usd"));
}

#[test]
fn of_exports_that_end_together_the_fuller_counts_whatever_their_names() {
    let fuller = cursor(0..20, |_| 10);
    let thinner = cursor(0..4, |_| 20) + cursor(5..20, |_| 20).strip_prefix(CURSOR).unwrap();
    for [one, two] in [["a.csv", "b.csv"], ["b.csv", "a.csv"]] {
        let files = [(one, fuller.clone()), (two, thinner.clone())];
        assert_eq!(report(&files), report(&[("c.csv", fuller.clone())]));
        assert!(said(&files)[0].ends_with(&format!("; if {two} is right, leave {one} out")), "{:?}", said(&files));
    }
    let files = |[one, two]: [&'static str; 2]| [(one, fuller.clone()), (two, cursor(0..20, |_| 30))];
    assert_eq!(report(&files(["a.csv", "b.csv"])), report(&files(["b.csv", "a.csv"])), "a digest decides, no name");
}

#[test]
fn equal_rows_of_one_file_count_as_often_as_the_fullest_file_has_them() {
    let text = cursor(0..5, |_| 10);
    let last = text.lines().last().unwrap();
    let doubled = format!("{text}{last}\n");
    assert_eq!(counted(&[("a.csv", doubled.clone()), ("b.csv", doubled.clone())]).0, 6);
    assert_eq!(counted(&[("a.csv", doubled), ("b.csv", text + &cursor(5..9, |_| 10)[CURSOR.len()..])]).0, 10);
}

#[test]
fn rows_that_a_newer_file_lacks_count_and_are_said() {
    let older = cursor(0..20, |_| 10);
    let newer = cursor(5..12, |_| 10) + &cursor(13..30, |_| 10)[CURSOR.len()..];
    let files = [("a.csv", older), ("b.csv", newer)];
    assert_eq!(counted(&files).0, 30);
    assert!(
        said(&files)[0].ends_with("it lacks 1 row within its period, 0.1 usd, which are counted"),
        "{:?}",
        said(&files)
    );
}

#[test]
fn an_id_with_another_amount_is_a_change() {
    let row = |n: u32, credits: &str| ["shop".into(), String::new(), credits.into(), format!("e{n}")];
    let older = ledger(1..3, |n| row(n, "2"));
    let newer = ledger(2..4, |n| row(n, "2.25"));
    let files = [("a.csv", older), ("b.csv", newer)];
    assert_eq!(counted(&files), (3, "6.5".to_owned()));
    assert!(said(&files)[0].contains("it changes 1 row in amount: 2 → 2.25 credits (first a.csv:3, now b.csv:2)"));
}

#[test]
fn ids_whose_times_are_told_otherwise_are_one_event_and_the_change_is_said() {
    let row = |n: u32, time: &str| format!("{time},u,shop,{n},make page {n},7c{n:02}ae-b{n}\n");
    let file = |time: &dyn Fn(u32) -> String| {
        let rows: String = (1..11).map(|n| row(n, &time(n))).collect();
        ("timestamp,user,app,credits,prompt,event_id\n").to_owned() + &rows
    };
    let first = file(&|n| format!("2026-09-{n:02}T10:{n:02}:{:02}Z", n + 20));
    for other in [
        file(&|n| format!("2026-09-{n:02}T10:{n:02}:00Z")),
        file(&|n| format!("2026-09-{n:02}T12:{n:02}:{:02}Z", n + 20)),
        file(&|n| format!("2026-09-{n:02}")),
        // One is corrected by days: the others prove what the ids are.
        file(&|n| format!("2026-09-{:02}T10:{n:02}:{:02}Z", if n == 4 { 8 } else { n }, n + 20)),
    ] {
        let files = [("a.csv", first.clone()), ("b.csv", other)];
        assert_eq!(counted(&files), (10, "55".to_owned()));
        assert!(said(&files)[0].contains(" in time"), "{:?}", said(&files));
    }
    // The ids of two books that count their rows from 1 each month are no ids, whatever stands before the number.
    let counted_up = |month: u32| {
        let row = |n: u32| format!("2026-{month:02}-{n:02}T10:{n:02}:07Z,u,shop,1,,evt_{n}\n");
        ("timestamp,user,app,credits,prompt,event_id\n").to_owned() + &(1..11).map(row).collect::<String>()
    };
    assert_eq!(counted(&[("a.csv", counted_up(8)), ("b.csv", counted_up(9))]).0, 20);
    // However alike two logs of a day are: their times differ by now this and now that.
    let log = |hours: [u32; 4]| {
        let rows = hours
            .iter()
            .zip(1..)
            .map(|(hour, n)| format!("2026-09-01T{hour:02}:{:02}:07Z,u,shop,1,,evt_{n}\n", hour * 2));
        ("timestamp,user,app,credits,prompt,event_id\n").to_owned() + &rows.collect::<String>()
    };
    let logs = [("a.csv", log([8, 9, 11, 14])), ("b.csv", log([9, 13, 15, 16]))];
    assert_eq!(counted(&logs).0, 8);
    assert!(said(&logs)[0].contains("their ids are equal and their times differ"), "{:?}", said(&logs));
    // Nor are those of chats, which stand in a file more than once, and of jobs that run each night.
    let jobs = |day: u32| {
        let row = |n: u32| format!("2026-09-{day:02}T02:{n:02}:00Z,u,shop,{n},run {n},{}-cafe\n", n * 7919 % 1000);
        ("timestamp,user,app,credits,prompt,event_id\n").to_owned() + &(1..11).map(row).collect::<String>()
    };
    assert_eq!(counted(&[("a.csv", jobs(8)), ("b.csv", jobs(9))]).0, 20);
    let chats = |day: u32| {
        let row = |n: u32| format!("2026-09-{day:02}T10:{n:02}:07Z,u,shop,1,,chat-{}\n", n / 2);
        ("timestamp,user,app,credits,prompt,event_id\n").to_owned() + &(1..11).map(row).collect::<String>()
    };
    assert_eq!(counted(&[("a.csv", chats(8)), ("b.csv", chats(9))]).0, 20);
}

#[test]
fn a_single_row_at_a_round_time_is_told_where_it_may_stand_in_two_files() {
    let head = "timestamp,user,app,credits\n".to_owned();
    let day = |n: u32| format!("2026-09-{n:02}T10:00:00Z,ann,shop,{n}\n");
    let all = head.clone() + &(1..11).map(day).collect::<String>();
    let sentence = &said(&[("all.csv", all.clone()), ("one.csv", head.clone() + &day(1))])[0];
    assert!(sentence.contains("may hold the same events twice: 1 row is alike"), "{sentence}");
    // Beside a file whose times tell more than hours it is the same event.
    let fine = all.replacen("T10:00:00Z,ann,shop,2", "T10:03:17Z,ann,shop,2", 1);
    assert_eq!(counted(&[("all.csv", fine), ("one.csv", head + &day(1))]).0, 10);
}

#[test]
fn a_ledger_without_ids_is_changed_by_a_newer_one() {
    let row = |credits: u32| ["shop".into(), ".5".into(), credits.to_string(), String::new()];
    let older = ledger(0..20, row);
    let newer = ledger(5..30, |n| row(if n == 7 { 100 } else { n }));
    let files = [("a.csv", older), ("b.csv", newer)];
    assert_eq!(counted(&files), (30, (435 - 7 + 100).to_string()));
    assert!(said(&files)[0].contains("it changes 1 row in amount: 7 → 100 credits"), "{:?}", said(&files));
}

#[test]
fn rows_of_a_day_are_told_apart_by_their_prompts_in_inspect_as_in_an_audit() {
    let older = "timestamp,user,credits,prompt\n2026-10-01,ada,1,Add a page\n2026-10-02,ada,2,Fix the header\n\
        2026-10-02,ada,3,Change the footer\n2026-10-03,ada,1,Add a list\n2026-10-03,ada,1,Add a filter\n";
    let newer = older
        .replace("ada,2,", "ada,2.5,")
        .replace("2026-10-02,ada,3,Change the footer", "2026-10-04,ada,4,Add a chart");
    let files = [("a.csv", older.to_owned()), ("b.csv", newer)];
    assert_eq!(counted(&files), (6, "12.5".to_owned()));
    assert_eq!(report(&files)["totals"][0]["amount"], "12.5");
    let sentence = &said(&files)[0];
    assert!(sentence.contains("it changes 1 row in amount: 2 → 2.5 credits"), "{sentence}");
    assert!(sentence.ends_with("and lacks 1 row within its period, 3 credits, which are counted"), "{sentence}");
}

#[test]
fn numbers_of_rows_in_two_clients_books_are_no_ids() {
    let book = |rows: u32, user: &str, app: &str, what: &str, credits: u32| {
        let row = |n: u32| format!("{n},2026-09-{:02},{user},{app},{what} {n},{credits}\n", 1 + n / 3);
        "id,date,user,app,prompt,credits\n".to_owned() + &(1..=rows).map(row).collect::<String>()
    };
    let ada = book(20, "ada", "shop", "Make it blue", 1);
    let files = [("acme.csv", ada.clone()), ("beta.csv", book(20, "ben", "crm", "Import contacts", 2))];
    assert_eq!(counted(&files), (40, "60".to_owned()));
    assert_eq!(report(&files)["totals"][0]["amount"], "60");
    let files = [("acme.csv", ada.clone()), ("blog.csv", book(20, "ada", "blog", "Write about cats", 2))];
    assert_eq!(counted(&files), (40, "60".to_owned()), "one person has two apps");
    let files = [("acme.csv", ada), ("later.csv", book(21, "ada", "shop", "Make it blue", 2))];
    assert_eq!(counted(&files), (21, "42".to_owned()), "one person's rows with other amounts are a later export");
}

#[test]
fn the_same_run_each_night_in_two_books_that_name_nobody_counts_in_both() {
    let book = |own: &str| {
        let nights = (1..=28).map(|day| format!("2026-09-{day:02}T06:00:00Z,,nightly sync,0.5\n"));
        format!(
            "timestamp,app,prompt,credits\n{}2026-09-15T08:30:00Z,{own},build a page,2.5\n",
            nights.collect::<String>()
        )
    };
    assert_eq!(counted(&[("acme.csv", book("shop")), ("beta.csv", book("crm"))]), (58, "33".to_owned()));
}

#[test]
fn an_id_that_stands_in_one_file_for_two_people_is_two_events() {
    let rows = "id,timestamp,user,app,prompt,credits\n1,2026-09-01,ada,shop,Make it blue,1\n1,2026-09-01,ben,crm,Add a list,1\n\
                1,2026-09-01,ada,shop,Make it blue,1\n";
    assert_eq!(counted(&[("one.csv", rows.to_owned())]), (2, "2".to_owned()));
}

#[test]
fn what_may_be_counted_twice_is_said_and_counted() {
    let of = |app: &str, fraction: &str, with_id: bool, factor: u32| {
        ledger(0..8, |n| {
            let id = if with_id { format!("e{n}") } else { String::new() };
            [app.to_owned(), fraction.to_owned(), (factor * (n + 1)).to_string(), id]
        })
    };
    let check = |one: String, other: String, what: &str| {
        let files = [("a.csv", one), ("b.csv", other)];
        let said = said(&files);
        assert_eq!(said.len(), 1, "{what}: {said:?}");
        assert!(said[0].contains("may hold the same events twice: 8 rows are alike, but"), "{said:?}");
        assert!(said[0].contains(what), "{said:?}");
        assert_eq!(counted(&files).0, 16, "{what}");
    };
    check(of("shop", ".25", true, 1), of("shop", ".25", false, 1), "only one of them has event ids; 36 credits");
    check(of("shop", ".25", false, 1), of("store", ".25", false, 1), "their apps differ; 36 credits");
    check(of("shop", ".25", false, 1), of("shop", "", false, 1), "their fractions of a second differ; 36 credits");
    check(of("shop", ".25", false, 1), of("shop", ".25", false, 3), "their amounts differ");
    let without_user = of("shop", ".25", false, 1).replace("u0,", ",").replace("u1,", ",");
    check(of("shop", ".25", false, 1), without_user, "only one of them names the user; 36 credits");
    let others = of("shop", ".25", true, 1).replace("Z,u", "Z,v").replace(",,e", ",,f");
    assert_eq!(said(&[("a.csv", of("shop", ".25", true, 1)), ("b.csv", others)]), [""; 0], "people who work at once");
}

#[test]
fn a_single_row_of_two_files_counts_once_where_it_is_all_they_share() {
    let one = cursor(0..11, |_| 10);
    let of = |minutes: Range<u32>| cursor(minutes, |_| 20)[CURSOR.len()..].replace(":07.250Z", ":31.500Z");
    // The second file holds nothing else within the first one, and the files do not meet at that row.
    let two = cursor(10..11, |_| 10) + &of(20..30);
    let files = |other: String| [("a.csv", one.clone()), ("b.csv", other)];
    assert_eq!(counted(&files(cursor(9..10, |_| 10) + &of(20..30))).0, 21);
    // Where they do, one table may have been cut there between equal rows.
    assert_eq!(counted(&files(two)).0, 22);
    // Among other rows of the time of both, one that is equal may be another event, and so may one of another amount.
    let among = cursor(9..10, |_| 10) + &of(0..8) + &of(20..30);
    assert_eq!(counted(&files(among.clone())).0, 30);
    let sentence = &said(&files(among))[0];
    assert!(sentence.contains("may hold the same events twice: 1 row is alike"), "{sentence}");
    let changed = cursor(9..10, |_| 11) + &of(20..30);
    assert_eq!(counted(&files(changed.clone())).0, 22);
    assert!(said(&files(changed))[0].contains("1 row is alike, but their amounts differ"));
}

#[test]
fn of_many_pairs_of_files_the_first_are_named_and_the_others_counted() {
    let file = |n: u32| ledger(0..2, |_| [format!("app{n}"), ".5".into(), "1".into(), String::new()]);
    let files = |n: u32| (0..n).map(|n| (format!("{n}.csv"), file(n))).collect::<Vec<_>>();
    for (n, more) in [
        (8, "and 8 more pairs of files: the JSON output names all"),
        (46, "and 1,015 more pairs of files: the JSON output names the first 1,000"),
    ] {
        let files = files(n);
        let files: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
        let said = said(&files);
        assert_eq!((said.len(), said[20].as_str()), (21, more));
        let view: Value = serde_json::from_str(&inspect(&files, "json")).unwrap();
        let named = view["suspects"].as_array().unwrap().len() as u64;
        assert_eq!(named + view["more_suspects"].as_u64().unwrap(), u64::from(n * (n - 1) / 2));
    }
}

#[test]
fn the_rule_is_printed() {
    let ran = creditscope(&["sources"]);
    assert!(ran.stdout.contains("overlap: rows with the same time, user and model are one event"), "{}", ran.stdout);
    let text = inspect(&[("a.csv", cursor(0..4, |_| 1))], "text");
    assert!(text.contains("overlap   rows with the same time, user and model are one event"), "{text}");
}

#[test]
fn two_real_exports_of_one_month_that_differ_are_said_to() {
    let Some(folder) = shared("exports/copilot") else { return };
    let exports: Vec<String> = ["asizikov-pru-aic-2025-10.csv", "asizikov-pru-floatnoise-2025-10.csv"]
        .iter()
        .filter_map(|name| std::fs::read_to_string(folder.join(name)).ok())
        .collect();
    let [one, two] = exports.as_slice() else {
        say!("skipped: the two exports are not there");
        return;
    };
    for [a, b] in [["a.csv", "b.csv"], ["b.csv", "a.csv"]] {
        let said = said(&[(a, one.clone()), (b, two.clone())]);
        let start =
            format!("{a} counts where it tells the same as {b}, because both end together and it holds more rows");
        assert!(said[0].starts_with(&start), "{said:?}");
        assert!(said[0].contains("5051.89 → 5051.89 requests, billed 443.89 → 4325.95"), "{said:?}");
    }
}

/// Rows in order of time, each at a second of its own.
fn history(seeds: &[(u32, u32, u8)], has_ids: bool) -> Vec<String> {
    let mut second = 0;
    let row = |(n, (pause, tenths, user)): (usize, &(u32, u32, u8))| {
        second += pause;
        let (day, hour, minute) = (1 + second / 86_400, second / 3_600 % 24, second / 60 % 60);
        let time = format!("2026-10-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60);
        let id = if has_ids { format!("e{n}") } else { String::new() };
        format!("{time},u{user},app,{}.{},Change page {},{id}\n", tenths / 10, tenths % 10, user * 3)
    };
    seeds.iter().enumerate().map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn windows_copies_and_names_do_not_matter(
        seeds in proptest::collection::vec((1..20_000_u32, 0..90_u32, 0..3_u8), 3..50),
        has_ids in any::<bool>(),
        cut in any::<prop::sample::Index>(),
        overlap in 2..9_usize,
    ) {
        let rows = history(&seeds, has_ids);
        let text = |rows: &[String]| LEDGER.to_owned() + &rows.concat();
        let expected = report(&[("a.csv", text(&rows))]);
        prop_assert_eq!(&report(&[("a.csv", text(&rows)), ("b.csv", text(&rows))]), &expected, "twice");
        let cut = cut.index(rows.len() - 1);
        let (first, second) = (text(&rows[..(cut + overlap).min(rows.len())]), text(&rows[cut..]));
        prop_assert_eq!(&report(&[("a.csv", first.clone()), ("b.csv", second.clone())]), &expected, "windows");
        prop_assert_eq!(&report(&[("b.csv", first.clone()), ("a.csv", second.clone())]), &expected, "windows renamed");
        prop_assert_eq!(
            &report(&[("c.csv", first), ("a.csv", second), ("b.csv", text(&rows))]), &expected, "windows and the whole"
        );
    }
}
