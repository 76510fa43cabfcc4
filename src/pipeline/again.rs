//! How a report or a bundle is made again: the arguments, as its manifest tells them, or why there are none.
use serde::{Deserialize, Serialize};

use crate::pipeline::{
    Terms,
    audit::Audit,
    manifest::{Asked, Choice, Reading},
    waist::Waist,
};

/// The arguments of a manifest, or why it has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct V1Again {
    /// What `creditscope audit`, or of a bundle `creditscope rollup`, is to be asked for the same files.
    pub(super) again: Option<Vec<String>>,
    /// Why nothing makes them again; null where something does.
    #[serde(default)]
    pub(super) not_again: Option<WhyNot>,
}

/// Why nothing makes a report again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WhyNot {
    /// An input came through standard input.
    StandardInput,
    /// It was made from bundles that were read in different ways.
    BundlesReadDifferently,
    /// It was made from bundles of one workspace, which are not put together as one reading of their files is.
    BundlesOfOneWorkspace,
}

impl V1Again {
    /// Of a report.
    pub(super) fn of_report(audit: &Audit) -> Self {
        let terms = &audit.terms;
        let also = [
            format!("--now={}", audit.now),
            format!("--max-rows={}", terms.max_rows),
            format!("--charts={}", terms.charts.word()),
        ];
        Self::new(arguments(&audit.waist, &also, terms))
    }

    /// Of a bundle.
    pub(super) fn of_bundle(waist: &Waist, terms: &Terms) -> Self {
        Self::new(arguments(waist, &[], terms))
    }

    fn new(arguments: Result<Vec<String>, WhyNot>) -> Self {
        match arguments {
            Ok(again) => Self { again: Some(again), not_again: None },
            Err(why) => Self { again: None, not_again: Some(why) },
        }
    }
}

fn arguments(waist: &Waist, also: &[String], terms: &Terms) -> Result<Vec<String>, WhyNot> {
    let Reading { files, asked, typed, pseudonymize, .. } = &waist.reading;
    let Asked { source, unit, input_zone, choice } = asked;
    let Choice { from, until, users, apps, features, actions, meters } = choice;
    if waist.titles.iter().any(|path| path == "-") {
        return Err(WhyNot::StandardInput);
    }
    if waist.has_seams {
        return Err(WhyNot::BundlesOfOneWorkspace);
    }
    let is_one = |told: &Option<String>| told.as_ref().is_none_or(|told| !told.contains(", "));
    let typed = typed.as_ref().filter(|_| is_one(source) && is_one(input_zone));
    let typed = typed.ok_or(WhyNot::BundlesReadDifferently)?;
    let mut all: Vec<String> = files.iter().map(|file| format!("{}={}", file.option, file.path)).collect();
    let mut add = |option: &str, values: &[String]| all.extend(values.iter().map(|value| format!("{option}={value}")));
    for (option, value) in
        [("--source", source), ("--unit", unit), ("--tz", input_zone), ("--from", from), ("--to", until)]
    {
        add(option, value.as_slice());
    }
    for (option, values) in
        [("--user", users), ("--app", apps), ("--feature", features), ("--action", actions), ("--meter", meters)]
    {
        add(option, values);
    }
    all.extend(also.iter().chain(typed).chain(&terms.typed).cloned());
    all.extend(pseudonymize.then(|| "--pseudonymize".to_owned()));
    all.push("--".to_owned());
    all.extend(waist.titles.iter().cloned());
    Ok(all)
}
