//! What a vendor says that each user and app consumed, against what the events add up to.
use std::collections::BTreeMap;

use crate::{
    ingest::totals::{Subject, ToldTotal},
    model::{account::Meter, amount::Total},
    rollup::books::Used,
};

/// One line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The vendor.
    pub provider: String,
    /// User or app.
    pub subject: Subject,
    /// Which.
    pub name: String,
    /// The meter.
    pub meter: Meter,
    /// What the vendor tells; `None` where it does not name it.
    pub expected: Option<Total>,
    /// What the events add up to.
    pub found: Total,
}

impl Compared {
    /// Found less expected; what the vendor does not name counts as nothing there.
    pub fn difference(&self) -> Total {
        self.found - self.expected.unwrap_or_default()
    }
}

/// Compares the totals of one file with the events; empty where no event of the vendor was read, as there is nothing to
/// compare with. Users and apps that have events and are not told of come last.
pub fn compare(told: &[ToldTotal], used: &[Used]) -> Vec<Compared> {
    let mut left: BTreeMap<usize, &Used> = used.iter().enumerate().filter(|(_, used)| !used.amount.is_zero()).collect();
    let is_known = |told: &&ToldTotal| used.iter().any(|used| used.provider == told.provider);
    let mut compared = Vec::new();
    for told in told.iter().filter(is_known) {
        let names = [&told.name, &told.label];
        let is_same = |used: &Used| {
            let own = [&used.name, &used.label].map(|name| name.to_lowercase());
            (used.provider.as_str(), used.subject, used.meter) == (told.provider.as_ref(), told.subject, told.meter)
                && names.iter().any(|name| !name.is_empty() && own.contains(&name.to_lowercase()))
        };
        let same: Vec<usize> = left.iter().filter(|(_, used)| is_same(used)).map(|(index, _)| *index).collect();
        let found = same.into_iter().filter_map(|index| left.remove(&index)).map(|used| used.amount).sum();
        compared.push(Compared {
            provider: told.provider.clone().into_owned(),
            subject: told.subject,
            name: told.name.clone(),
            meter: told.meter,
            expected: Some(told.amount.into()),
            found,
        });
    }
    let told_of = |used: &&Used| compared.iter().any(|line| line.subject == used.subject && line.meter == used.meter);
    let unnamed: Vec<Compared> = left
        .into_values()
        .filter(told_of)
        .map(|used| Compared {
            provider: used.provider.clone(),
            subject: used.subject,
            name: used.name.clone(),
            meter: used.meter,
            expected: None,
            found: used.amount,
        })
        .collect();
    compared.extend(unnamed);
    compared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(subject: Subject, name: &str, label: &str, nanos: i128) -> Used {
        let (name, label, amount) = (name.to_owned(), label.to_owned(), Total::from_nanos(nanos));
        Used { provider: "base44".to_owned(), subject, name, label, meter: Meter::Message, amount }
    }

    fn told(subject: Subject, name: &str, label: &str, amount: &str) -> ToldTotal {
        ToldTotal {
            provider: "base44".into(),
            subject,
            name: name.to_owned(),
            label: label.to_owned(),
            meter: Meter::Message,
            column: String::new(),
            amount: amount.parse().unwrap(),
            line: 1,
        }
    }

    #[test]
    fn each_user_and_app_is_compared_and_none_is_forgotten() {
        let used = [
            used(Subject::User, "ada@x.com", "", 2_000_000_000),
            used(Subject::User, "ben@x.com", "", 1_000_000_000),
            used(Subject::App, "Shop", "", 3_000_000_000),
        ];
        let users = [told(Subject::User, "ada@x.com", "", "2.5"), told(Subject::User, "eve@x.com", "", "1")];
        let lines = compare(&users, &used);
        let shown: Vec<_> = lines.iter().map(|line| format!("{} {}", line.name, line.difference())).collect();
        assert_eq!(shown, ["ada@x.com -0.5", "eve@x.com -1", "ben@x.com 1"]);
        let apps = compare(&[told(Subject::App, "a1", "shop", "3")], &used);
        assert_eq!((apps.len(), apps[0].difference()), (1, Total::ZERO));
        assert!(compare(&users, &[]).is_empty());
    }
}
