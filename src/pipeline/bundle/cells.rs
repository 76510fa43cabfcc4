//! What plain values are in columns: numbers, words, lists of texts, and what is made of them.
use std::borrow::Cow;

use anyhow::Context as _;

use crate::{
    audit::reconcile::balance::Verdict,
    ingest::totals,
    model::{
        account::{Basis, Entry, Meter, Unit, ZeroCause},
        action::Action,
        amount::{Amount, Total},
        decision::Probability,
        instant::{Day, Instant},
    },
    pipeline::{
        bundle::columns::{Kind, Put, Reader, Take, Writer, joined},
        request::Kind as Kinds,
    },
    rollup::{
        cube::Detail,
        lineage::{Part, Parts},
    },
};

/// One of many hashes in order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hashed(pub(super) u64);

/// A value that stands in one column.
macro_rules! cell {
    ($type:ty, $kind:ident, |$value:ident, $out:ident| $put:expr, |$from:ident| $take:expr) => {
        impl Put for $type {
            const WIDTH: usize = 1;

            fn columns(name: &str, all: &mut Vec<(String, Kind)>) {
                all.push((name.to_owned(), Kind::$kind));
            }

            fn put(&self, $out: &mut Writer) {
                let $value = self;
                $put;
            }
        }

        impl Take for $type {
            fn take($from: &mut Reader) -> anyhow::Result<Self> {
                Ok($take)
            }
        }
    };
}

cell!(u64, Count, |value, out| out.count(*value), |from| from.take_count()?);
cell!(u32, Count, |value, out| out.count((*value).into()), |from| from.take_count()?.try_into()?);
cell!(Hashed, Ordered, |value, out| out.count(value.0), |from| Hashed(from.take_count()?));
cell!(i64, Whole, |value, out| out.whole(*value), |from| from.take_whole()?);
cell!(i32, Whole, |value, out| out.whole((*value).into()), |from| from.take_whole()?.try_into()?);
cell!(f64, Float, |value, out| out.float(*value), |from| from.take_float()?);
cell!(bool, Flag, |value, out| out.flag(*value), |from| from.take_flag()?);
cell!(String, Text, |value, out| out.text(value), |from| from.take_text()?);
cell!(Cow<'static, str>, Text, |value, out| out.text(value), |from| from.take_text()?.into());
cell!(Instant, Instant, |value, out| out.instant(value.nanos()), |from| Instant::from_nanos(from.take_instant()?));
cell!(Day, Whole, |value, out| out.whole(value.epoch_days().into()), |from| {
    Day::from_epoch_days(from.take_whole()?.try_into()?)
});
cell!(Total, Exact, |value, out| out.exact(value.nanos()), |from| Total::from_nanos(from.take_exact()?));
cell!(Amount, Exact, |value, out| out.exact(value.nanos().into()), |from| {
    Amount::from_nanos(from.take_exact()?.try_into()?)
});
cell!(Probability, Float, |value, out| out.float(value.get()), |from| Probability::new(from.take_float()?));
cell!(Vec<String>, Text, |value, out| out.text(&serde_json::Value::from(value.clone()).to_string()), |from| {
    serde_json::from_str(&from.take_text()?).with_context(|| format!("reading the list in {}", from.latest()))?
});

cell!(
    Vec<Instant>,
    Text,
    |value, out| {
        let nanos: Vec<i64> = value.iter().map(|at| at.nanos()).collect();
        out.text(&serde_json::Value::from(nanos).to_string());
    },
    |from| {
        let nanos: Vec<i64> = serde_json::from_str(&from.take_text()?)
            .with_context(|| format!("reading the list in {}", from.latest()))?;
        nanos.into_iter().map(Instant::from_nanos).collect()
    }
);

/// A member of a closed set, by its word.
macro_rules! words {
    ($($type:ty: $all:expr, $word:expr;)+) => {
        $(cell!($type, Text, |value, out| out.text($word(*value)), |from| {
            let text = from.take_text()?;
            let found = $all.iter().copied().find(|member| $word(*member) == text);
            found.with_context(|| format!("{text:?} in {} is no known word", from.latest()))?
        });)+
    };
}

words! {
    Meter: Meter::ALL, Meter::word;
    Unit: Unit::ALL, Unit::word;
    Basis: Basis::ALL, Basis::word;
    Entry: Entry::ALL, Entry::word;
    ZeroCause: ZeroCause::ALL, ZeroCause::word;
    Action: Action::ALL, Action::word;
    Verdict: [Verdict::Agrees, Verdict::Breaks, Verdict::Partial, Verdict::Unknown], Verdict::word;
    Kinds: Kinds::ALL, Kinds::word;
    Detail: [Detail::Sessions, Detail::Days, Detail::Nothing], detail;
    totals::Subject: [totals::Subject::User, totals::Subject::App, totals::Subject::Workspace], subject;
}

const fn detail(detail: Detail) -> &'static str {
    match detail {
        Detail::Sessions => "sessions",
        Detail::Days => "days",
        Detail::Nothing => "nothing",
    }
}

const fn subject(subject: totals::Subject) -> &'static str {
    match subject {
        totals::Subject::User => "user",
        totals::Subject::App => "app",
        totals::Subject::Workspace => "workspace",
    }
}

impl<T: Put> Put for &T {
    const WIDTH: usize = T::WIDTH;

    fn columns(name: &str, all: &mut Vec<(String, Kind)>) {
        T::columns(name, all);
    }

    fn put(&self, out: &mut Writer) {
        (*self).put(out);
    }
}

/// Absent where all its columns are empty.
impl<T: Put> Put for Option<T> {
    const WIDTH: usize = T::WIDTH;

    fn columns(name: &str, all: &mut Vec<(String, Kind)>) {
        T::columns(name, all);
    }

    fn put(&self, out: &mut Writer) {
        match self {
            Some(value) => value.put(out),
            None => out.skip(T::WIDTH),
        }
    }
}

impl<T: Take> Take for Option<T> {
    fn take(from: &mut Reader) -> anyhow::Result<Self> {
        if from.pass_empty(T::WIDTH) { Ok(None) } else { T::take(from).map(Some) }
    }
}

/// A list with a place for each class has their words as names, another one numbers.
impl<T: Put, const N: usize> Put for [T; N] {
    const WIDTH: usize = N * T::WIDTH;

    fn columns(name: &str, all: &mut Vec<(String, Kind)>) {
        for position in 0..N {
            let class = Action::ALL.get(position).filter(|_| N == Action::ALL.len());
            let part = class.map_or_else(|| position.to_string(), |class| class.word().to_owned());
            T::columns(&joined(name, &part), all);
        }
    }

    fn put(&self, out: &mut Writer) {
        for part in self {
            part.put(out);
        }
    }
}

impl<T: Take, const N: usize> Take for [T; N] {
    fn take(from: &mut Reader) -> anyhow::Result<Self> {
        let parts: Vec<T> = (0..N).map(|_| T::take(from)).collect::<anyhow::Result<_>>()?;
        parts.try_into().ok().context("a list of another length")
    }
}

/// Two records side by side; under a name, its first and second part.
impl<A: Put, B: Put> Put for (A, B) {
    const WIDTH: usize = A::WIDTH + B::WIDTH;

    fn columns(name: &str, all: &mut Vec<(String, Kind)>) {
        let part = |part: &str| if name.is_empty() { String::new() } else { joined(name, part) };
        A::columns(&part("0"), all);
        B::columns(&part("1"), all);
    }

    fn put(&self, out: &mut Writer) {
        self.0.put(out);
        self.1.put(out);
    }
}

impl<A: Take, B: Take> Take for (A, B) {
    fn take(from: &mut Reader) -> anyhow::Result<Self> {
        Ok((A::take(from)?, B::take(from)?))
    }
}

impl Put for Parts {
    const WIDTH: usize = Part::ALL.len();

    fn columns(name: &str, all: &mut Vec<(String, Kind)>) {
        for part in Part::ALL {
            Total::columns(&joined(name, part.word()), all);
        }
    }

    fn put(&self, out: &mut Writer) {
        for part in Part::ALL {
            self.of(part).put(out);
        }
    }
}

impl Take for Parts {
    fn take(from: &mut Reader) -> anyhow::Result<Self> {
        let mut parts = Self::default();
        for part in Part::ALL {
            parts.add(part, Total::take(from)?);
        }
        Ok(parts)
    }
}
