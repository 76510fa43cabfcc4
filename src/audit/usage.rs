//! What a meter used, by the minute: exact, in order. Days, cycles and replays are cut from it.
use crate::model::{
    amount::Total,
    instant::{Day, Instant},
    zone::Zone,
};

/// Use in order of time. One entry stands for all use of a minute; refunds are negative.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage(Vec<(Instant, Total)>);

impl Usage {
    /// From entries in any order.
    pub fn new(mut entries: Vec<(Instant, Total)>) -> Self {
        entries.sort_by_key(|(at, _)| *at);
        Self(entries)
    }

    /// The entries, in order.
    pub fn entries(&self) -> &[(Instant, Total)] {
        &self.0
    }

    /// What came before an instant.
    #[must_use]
    pub fn until(&self, end: Instant) -> Self {
        Self(self.0[..self.position(end)].to_vec())
    }

    /// What was used from one instant up to another.
    pub fn between(&self, start: Instant, end: Instant) -> Total {
        self.slice(start, end).iter().map(|(_, used)| *used).sum()
    }

    /// The entries from one instant up to another.
    pub fn slice(&self, start: Instant, end: Instant) -> &[(Instant, Total)] {
        let (start, end) = (self.position(start), self.position(end));
        &self.0[start..end.max(start)]
    }

    /// The first day with an entry in a zone.
    pub fn first_day(&self, zone: &Zone) -> Option<Day> {
        self.0.first().map(|(at, _)| zone.day(*at))
    }

    /// The use of each day from the first to the one before `end`, days without use included.
    pub fn by_day(&self, zone: &Zone, end: Day) -> Vec<Total> {
        let Some(first) = self.first_day(zone) else { return Vec::new() };
        let days = usize::try_from(end.epoch_days() - first.epoch_days()).unwrap_or(0);
        let mut used = vec![Total::ZERO; days];
        for (at, amount) in &self.0 {
            let day = usize::try_from(zone.day(*at).epoch_days() - first.epoch_days()).ok();
            if let Some(day) = day.and_then(|day| used.get_mut(day)) {
                *day += *amount;
            }
        }
        used
    }

    /// The last day with an entry, and how many days it comes after the one before, where those are at least so many.
    pub fn lone_last_day(&self, zone: &Zone, least: i32) -> Option<(Day, i32)> {
        let end = zone.day(self.0.last()?.0);
        let before = self.0.iter().rev().map(|(at, _)| zone.day(*at)).find(|day| *day != end)?;
        let after = end.epoch_days() - before.epoch_days();
        (after >= least).then_some((end, after))
    }

    /// The most days in a row without an entry.
    pub fn longest_pause(&self, zone: &Zone) -> i32 {
        let days =
            self.0.windows(2).map(|pair| zone.day(pair[1].0).epoch_days() - zone.day(pair[0].0).epoch_days() - 1);
        days.max().unwrap_or(0).max(0)
    }

    fn position(&self, at: Instant) -> usize {
        self.0.partition_point(|(entry, _)| *entry < at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::from_utc(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn idle_days_are_zeros_and_days_are_those_of_the_zone() {
        let usage = Usage::new(vec![
            (at("2026-10-03T23:30:00Z"), Total::from_units(2)),
            (at("2026-10-01T10:00:00Z"), Total::from_units(1)),
        ]);
        let days = |zone: &str, end: i32| {
            let first = usage.first_day(&zone.parse().unwrap()).unwrap();
            let used = usage.by_day(&zone.parse().unwrap(), Day::from_epoch_days(first.epoch_days() + end));
            used.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(days("UTC", 4), "1 0 2 0");
        assert_eq!(days("Europe/Berlin", 4), "1 0 0 2");
        assert_eq!(days("UTC", 1), "1");
        assert_eq!(usage.between(at("2026-10-01T10:00:00Z"), at("2026-10-03T23:30:00Z")).to_string(), "1");
        assert_eq!(usage.longest_pause(&Zone::utc()), 1);
        assert_eq!(usage.lone_last_day(&Zone::utc(), 2).map(|(_, after)| after), Some(2));
        assert_eq!(usage.lone_last_day(&Zone::utc(), 3), None);
        assert_eq!(usage.between(at("2026-10-05T00:00:00Z"), at("2026-10-01T00:00:00Z")), Total::ZERO);
    }
}
