//! The records of a bundle's tables: which fields of a value are its columns, declared once for writing and for reading.
use std::borrow::Cow;

use crate::{
    audit::reconcile::{
        Balances,
        balance::{Break, Checked, Verdict},
    },
    classify::doubt::Spread,
    ingest::{
        Rejected, Skipped,
        totals::{self, ToldTotal},
    },
    model::{
        account::{Basis, Entry, Meter, Unit, ZeroCause},
        action::Action,
        amount::{Amount, Total},
        decision::Probability,
        event::Place,
        instant::{Day, Instant},
        problem::{Problem, RowCount},
    },
    pipeline::bundle::{
        cells::Hashed,
        columns::{Kind, Put, Reader, Take, Writer, joined},
    },
    pipeline::request::Kind as NameKind,
    report::FileView,
    rollup::{
        AccountName, Row, Step, Subject, Tally,
        books::{PoolRow, Used},
        cases::{Habit, Rows, Run, SessionCase, UserCase},
        cube::{App, Cell, Detail, Session},
        lineage::{Parts, chains::Chain},
        ranges::OfApp,
        seams::Participant,
        workload::Kind as Work,
    },
};

/// The fields of a type that are its columns.
macro_rules! record {
    ($type:ty { $($field:ident: $of:ty),+ $(,)? }) => {
        impl Put for $type {
            const WIDTH: usize = 0 $(+ <$of as Put>::WIDTH)+;

            fn columns(name: &str, all: &mut Vec<(String, Kind)>) {
                $(<$of as Put>::columns(&joined(name, stringify!($field)), all);)+
            }

            fn put(&self, out: &mut Writer) {
                $(self.$field.put(out);)+
            }
        }

        impl Take for $type {
            fn take(from: &mut Reader) -> anyhow::Result<Self> {
                Ok(Self { $($field: <$of as Take>::take(from)?),+ })
            }
        }
    };
}

record!(AccountName { provider: String, meter: Meter, unit: Unit });
record!(Tally { events: u64, amount: Total });
record!(Subject {
    workspace: Option<String>,
    app: Option<String>,
    user: Option<String>,
    feature: Option<String>,
    session: Option<String>,
    model: Option<String>,
    day: Option<Day>,
    action: Option<Action>,
});
record!(Row {
    subject: Subject,
    tally: Tally,
    actions: [Tally; Action::ALL.len()],
    first: Instant,
    last: Instant,
    sessions: u64,
    users: u64,
    inferred: u64,
    parts: Parts,
});
record!(Step { at: Instant, action: Action, probability: Probability, amount: Amount });
record!(Spread { mean: f64, variance: f64 });
record!(OfApp { workspace: Option<String>, app: Option<String>, spreads: [Spread; Action::ALL.len()] });
record!(Participant { cut: String, subject: Subject, user: String });
record!(Habit { prompts: u64, corrected: Tally });
record!(UserCase { subject: Subject, vague: Habit, specific: Habit });
record!(Rows { tally: Tally, sent: Vec<Instant> });
record!(Run {
    failures: u64,
    rows: Rows,
    late: Tally,
    feature: Option<String>,
    is_resolved: bool,
    origin: Option<Amount>,
    chance: Probability,
});
record!(SessionCase {
    subject: Subject,
    first: Instant,
    last: Instant,
    whole: Tally,
    actions: [Tally; Action::ALL.len()],
    targets: Option<u64>,
    opens_app: bool,
    dearest: (Action, Amount),
    dearest_at: Instant,
    halves: [Tally; 2],
    half_rework: [Tally; 2],
    run: Option<Run>,
    resends: Rows,
    unrefined: Rows,
    edits: Rows,
    returns: Rows,
    oversized: Rows,
    manifold: u64,
});
record!(Chain {
    subject: Subject,
    origin: Option<(Instant, Amount)>,
    build: Tally,
    iterate: Tally,
    repair: Tally,
    first_repair: Instant,
    last_repair: Instant,
    sessions: u64,
    users: u64,
    features: u64,
    trailing: u64,
    is_followed: bool,
});
record!(App { workspace: Option<String>, label: Option<String>, id: Option<String> });
record!(Session { first: Instant, name: Option<String> });
record!(Cell { session: u32, user: u32, app: u32, feature: u32, day: i32, action: Action, tally: Tally });
record!(PoolRow {
    account: AccountName,
    workspace: Option<String>,
    entry: Entry,
    tally: Tally,
    period: (Instant, Instant),
});
record!(Place { file: u32, line: u32 });
record!(Break { at: Instant, place: Place, expected: Total, found: Total });
record!(Checked {
    verdict: Verdict,
    compared: u64,
    breaks: u64,
    expected: Option<Total>,
    found: Option<Total>,
    first: Option<Break>,
});
record!(Balances {
    account: AccountName,
    workspace: Option<String>,
    period: (Instant, Instant),
    checked: Checked,
    first: Option<String>,
});
record!(Used { provider: String, subject: totals::Subject, name: String, label: String, meter: Meter, amount: Total });
record!(RowCount {
    physical: u64,
    header: u64,
    skipped: u64,
    accepted: u64,
    folded: u64,
    empty: u64,
    duplicates: u64,
    rejected: u64,
});
record!(FileView { path: String, sha256: String, source: String, rows: RowCount });
record!(Problem { place: Place, byte: Option<u64>, column: String, value: String, cause: String });
record!(Rejected { problem: Problem, cells: Vec<String> });
record!(Skipped { path: String, cause: String, is_named: bool, is_damaged: bool });
record!(ToldTotal {
    provider: Cow<'static, str>,
    subject: totals::Subject,
    name: String,
    label: String,
    meter: Meter,
    column: String,
    amount: Amount,
    line: u32,
});
record!(Work { action: Action, app: Option<String>, model: Option<String> });

/// A row of the table of files.
pub(super) struct File {
    pub(super) view: FileView,
    pub(super) header: Vec<String>,
    pub(super) conventions: String,
    pub(super) notes: Vec<String>,
}
record!(File { view: FileView, header: Vec<String>, conventions: String, notes: Vec<String> });

/// An account, beside its tables.
pub(super) struct Head {
    pub(super) buckets: u64,
    pub(super) refunds: Tally,
    pub(super) detail: Detail,
    pub(super) worst_workspace: Option<String>,
}
record!(Head { buckets: u64, refunds: Tally, detail: Detail, worst_workspace: Option<String> });

/// A part of an account, by how its amounts came about.
pub(super) struct OfBasis {
    pub(super) basis: Basis,
    pub(super) tally: Tally,
}
record!(OfBasis { basis: Basis, tally: Tally });

/// So many events cost nothing.
pub(super) struct OfZero {
    pub(super) cause: ZeroCause,
    pub(super) events: u64,
}
record!(OfZero { cause: ZeroCause, events: u64 });

/// An hour of the week, Monday 0 h being 0.
pub(super) struct Hour {
    pub(super) hour: u32,
    pub(super) amount: Total,
}
record!(Hour { hour: u32, amount: Total });

/// How an app was begun.
pub(super) struct Start {
    pub(super) subject: Subject,
    pub(super) first_days: [Tally; Action::ALL.len()],
    pub(super) has_spec: bool,
    pub(super) has_text: bool,
}
record!(Start { subject: Subject, first_days: [Tally; Action::ALL.len()], has_spec: bool, has_text: bool });

/// What a day of an app cost; the app by its position among those of all accounts.
pub(super) struct AppDay {
    pub(super) start: u32,
    pub(super) day: i64,
    pub(super) amount: Total,
}
record!(AppDay { start: u32, day: i64, amount: Total });

/// A name of a cube, and the app it belongs to, where it is a feature.
pub(super) struct Named {
    pub(super) app: u32,
    pub(super) name: String,
}
record!(Named { app: u32, name: String });

/// A grant, a top-up or an expiry.
pub(super) struct Booking {
    pub(super) at: Instant,
    pub(super) entry: Entry,
    pub(super) amount: Total,
}
record!(Booking { at: Instant, entry: Entry, amount: Total });

/// Who used something, and for what.
pub(super) struct Spender {
    pub(super) account: AccountName,
    pub(super) subject: Subject,
}
record!(Spender { account: AccountName, subject: Subject });

/// What a spender used in a minute; the spender by position.
pub(super) struct Minute {
    pub(super) spender: u32,
    pub(super) at: Instant,
    pub(super) amount: Total,
}
record!(Minute { spender: u32, at: Instant, amount: Total });

/// A name that the files have, and of what.
pub(super) struct KnownName {
    pub(super) kind: NameKind,
    pub(super) name: String,
}
record!(KnownName { kind: NameKind, name: String });

/// A day of a kind of work.
pub(super) struct WorkDay {
    pub(super) day: Day,
    pub(super) work: Work,
    pub(super) tally: Tally,
}
record!(WorkDay { day: Day, work: Work, tally: Tally });

/// What a user or a feature stands for.
pub(super) struct WorkOf {
    pub(super) cut: String,
    pub(super) name: Option<String>,
    pub(super) tally: Tally,
}
record!(WorkOf { cut: String, name: Option<String>, tally: Tally });

/// A workload, beside its tables.
pub(super) struct WorkHead {
    pub(super) buckets: u64,
    pub(super) span: u64,
}
record!(WorkHead { buckets: u64, span: u64 });

/// The digest of an event.
pub(super) struct Digest {
    pub(super) workspace: Option<String>,
    pub(super) digest: Hashed,
}
record!(Digest { workspace: Option<String>, digest: Hashed });

/// The position of a file, beside a row of it.
pub(super) struct OfFile {
    pub(super) number: u32,
}
record!(OfFile { number: u32 });
