//! The order, the duplicates and the sessions, on events made by hand.
use crate::{
    model::{
        account::{Basis, Entry, Kind, Meter, Status, Unit},
        amount::Amount,
        cues::Cues,
        event::{About, Account, Event, Place, Tag, Thread},
        instant::Instant,
        names::Names,
    },
    timeline::{Gap, Timeline},
};

/// An event in short: minute, user, app, session column, event id, file.
#[derive(Clone, Copy, Default)]
struct Short {
    minute: i64,
    user: &'static str,
    app: &'static str,
    session: &'static str,
    id: &'static str,
    file: u32,
    is_integration: bool,
}

fn timeline(shorts: &[Short]) -> (Timeline, Names) {
    let mut names = Names::default();
    let mut events = Vec::new();
    for (line, short) in (2..).zip(shorts) {
        let Short { minute, user, app, session, id, file, is_integration } = *short;
        let meter = if is_integration { Meter::Integration } else { Meter::Message };
        let account = Account { provider: names.word("base44"), meter, unit: Unit::Credits };
        let tag = Tag {
            account,
            entry: Entry::Usage,
            basis: Basis::Billed,
            kind: Kind::Unknown,
            status: Status::Unknown,
            model: None,
            has_id: !id.is_empty(),
            is_aggregate: false,
        };
        let thread = Thread {
            workspace: None,
            user: names.word_if_any(user),
            app: names.word_if_any(app),
            session: names.word_if_any(session),
        };
        let key = id.bytes().fold(1, |key: u64, byte| key * 257 + u64::from(byte));
        events.push(Event {
            at: Instant::from_nanos(minute * 60_000_000_000),
            amount: Amount::from_nanos(1),
            key,
            thread: names.thread_id(thread),
            tag: names.tag_id(tag),
            about: About::default(),
            place: Place { file, line },
            cues: Cues::default(),
        });
    }
    (Timeline::order(events, &names, Gap::default()), names)
}

/// `minute/session` of each event in order; sessions are counted from 0, `-` is none.
#[track_caller]
fn check(shorts: &[Short], expected: &str) {
    let (timeline, _) = timeline(shorts);
    let shown = timeline.events().iter().zip(timeline.session_of()).map(|(event, session)| {
        let session = session.map_or("-".to_owned(), |session| session.index().to_string());
        format!("{}/{session}", event.at.nanos() / 60_000_000_000)
    });
    assert_eq!(shown.collect::<Vec<_>>().join(" "), expected);
}

fn at(minute: i64) -> Short {
    Short { minute, user: "ada", app: "shop", ..Short::default() }
}

#[test]
fn a_pause_longer_than_the_gap_ends_a_session() {
    check(&[at(0), at(30), at(61), at(90)], "0/0 30/0 61/1 90/1");
}

#[test]
fn sessions_are_of_one_user_on_one_app() {
    let ben = |minute| Short { user: "ben", ..at(minute) };
    let blog = |minute| Short { app: "blog", ..at(minute) };
    check(&[at(0), ben(1), blog(2), at(3)], "2/0 0/1 1/2 3/1");
}

#[test]
fn a_session_column_wins_over_pauses_and_users() {
    let chat = |minute, user| Short { session: "chat", user, ..at(minute) };
    check(&[chat(0, "ada"), chat(500, "ben"), at(501)], "0/0 500/0 501/1");
}

#[test]
fn the_running_app_has_no_sessions_of_its_own() {
    let runs = |minute| Short { is_integration: true, ..at(minute) };
    check(&[runs(0), at(1), runs(2)], "0/- 1/0 2/-");
}

#[test]
fn order_does_not_depend_on_the_order_of_reading() {
    check(&[at(90), at(0), at(61), at(30)], "0/0 30/0 61/1 90/1");
}

#[test]
fn an_event_id_counts_once() {
    let first = Short { id: "e1", ..at(0) };
    let again = Short { file: 1, ..first };
    let renamed = Short { app: "store", ..again };
    for second in [again, renamed] {
        let (timeline, _) = timeline(&[first, second, at(5)]);
        assert_eq!((timeline.events().len(), timeline.duplicates().len()), (2, 1));
    }
    let other_meter = Short { is_integration: true, ..first };
    let (timeline, _) = timeline(&[first, first, other_meter]);
    assert_eq!((timeline.events().len(), timeline.duplicates().len()), (2, 1));
}

#[test]
fn one_equal_row_in_two_files_is_no_overlap_where_both_tell_hours_only() {
    for (minute, expected) in [(60, (3, 0)), (7, (2, 1))] {
        let (timeline, _) = timeline(&[at(0), Short { file: 1, ..at(0) }, Short { file: 1, ..at(minute) }]);
        assert_eq!((timeline.events().len(), timeline.duplicates().len()), expected);
    }
}

#[test]
fn equal_rows_of_one_file_count_as_often_as_the_file_with_most_holds_them() {
    let old = at(0);
    let new = Short { file: 1, ..at(0) };
    let later = Short { file: 1, ..at(9) };
    let (timeline, _) = timeline(&[old, old, old, new, new, later]);
    assert_eq!((timeline.events().len(), timeline.duplicates().len()), (4, 2));
    assert!(timeline.duplicates().iter().all(|place| place.file == 0));
}

#[test]
fn pauses_are_read_with_their_unit() {
    for (text, expected) in [("30m", "30 minutes"), ("2h", "120 minutes"), ("45", "45 minutes"), ("90s", "90 seconds")]
    {
        assert_eq!(text.parse::<Gap>().unwrap().to_string(), expected);
    }
    for text in ["", "soon", "0m", "-5m", "5d", "1.5h"] {
        assert!(text.parse::<Gap>().is_err(), "{text}");
    }
}
