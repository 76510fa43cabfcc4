//! Zone data must be current: of 598 zones, data of 2025 has wrong offsets in 15 at some time of 2026.
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use creditscope::model::{instant::Instant, zone::Zone};
use jiff::{Timestamp, tz::TimeZone};

use crate::command::say;

/// The oldest release of the IANA data with what countries had decided by autumn 2026.
const RELEASE: &str = "2026f";

/// Each zone that release 2025b has wrong, an instant of 2026, and the minutes east of Greenwich then in release 2026f, as
/// another program (Python's zoneinfo) reads it: since November, Cuba and much of Canada keep the summer's clock, Morocco
/// has left it, and Moldova changes with the rest of Europe.
const CHANGED: [(&str, &str, i32); 15] = [
    ("Africa/Casablanca", "2026-11-15T12:00:00Z", 0),
    ("Africa/El_Aaiun", "2026-11-15T12:00:00Z", 0),
    ("America/Edmonton", "2026-11-15T12:00:00Z", -360),
    ("America/Havana", "2026-11-15T12:00:00Z", -240),
    ("America/Inuvik", "2026-11-15T12:00:00Z", -360),
    ("America/Rainy_River", "2026-11-15T12:00:00Z", -300),
    ("America/Vancouver", "2026-11-15T12:00:00Z", -420),
    ("America/Winnipeg", "2026-11-15T12:00:00Z", -300),
    ("America/Yellowknife", "2026-11-15T12:00:00Z", -360),
    ("Canada/Central", "2026-11-15T12:00:00Z", -300),
    ("Canada/Mountain", "2026-11-15T12:00:00Z", -360),
    ("Canada/Pacific", "2026-11-15T12:00:00Z", -420),
    ("Cuba", "2026-11-15T12:00:00Z", -240),
    ("Europe/Chisinau", "2026-03-29T00:30:00Z", 120),
    ("Europe/Tiraspol", "2026-03-29T00:30:00Z", 120),
];

fn zone(name: &str) -> Zone {
    name.parse().unwrap_or_else(|err| panic!("{name}: {err}"))
}

fn minutes(zone: &Zone, at: DateTime<Utc>) -> i32 {
    zone.offset_seconds(Instant::from_utc(at).unwrap()) / 60
}

#[test]
fn zones_that_older_data_has_wrong_are_right() {
    for (name, at, expected) in CHANGED {
        assert_eq!(minutes(&zone(name), at.parse().unwrap()), expected, "{name} at {at}");
    }
}

/// A folder of compiled zones, and their names.
fn zones(folder: &Path) -> Option<(String, Vec<String>)> {
    let text = std::fs::read_to_string(folder.join("tzdata.zi")).ok()?;
    let release = text.lines().next()?.strip_prefix("# version ")?.to_owned();
    // `Z` begins a zone, `L` a link with the older name behind.
    let name = |line: &str| match line.split(' ').collect::<Vec<_>>().as_slice() {
        ["Z", name, ..] | ["L", _, name] => Some((*name).to_owned()),
        _ => None,
    };
    Some((release, text.lines().filter_map(name).collect()))
}

#[test]
fn every_zone_has_the_offsets_of_current_data() {
    let folder = std::env::var_os("ZONEINFO").map_or_else(|| "/usr/share/zoneinfo".into(), PathBuf::from);
    let Some((release, names)) = zones(&folder).filter(|(release, _)| release.as_str() >= RELEASE) else {
        say!("skipped: no zone data of {RELEASE} or newer in {} (ZONEINFO names another folder)", folder.display());
        return;
    };
    assert!(names.len() > 500, "{}", names.len());
    let first: DateTime<Utc> = "2026-01-01T00:30:00Z".parse().unwrap();
    let mut n_compared = 0;
    for name in &names {
        let Ok(bytes) = std::fs::read(folder.join(name)) else { continue };
        let ours = zone(name);
        let told = TimeZone::tzif(name, &bytes).unwrap();
        n_compared += 1;
        // Every nine hours, the whole year.
        for step in 0..976 {
            let at = first + TimeDelta::hours(step * 9);
            let expected = told.to_offset(Timestamp::from_second(at.timestamp()).unwrap()).seconds() / 60;
            assert_eq!(minutes(&ours, at), expected, "{name} at {at}, zone data {release}");
        }
    }
    say!("{n_compared} zones agree with zone data {release}");
    assert!(n_compared > 500, "{n_compared}");
}
