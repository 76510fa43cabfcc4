//! Scope lists: what is to be built, item by item, and the need that follows.
use std::collections::BTreeMap;

use anyhow::{Context as _, bail, ensure};

use crate::{
    audit::estimate::{Budgets, Scope, history::History},
    model::amount::Total,
};

/// More items are no scope.
const MOST_ITEMS: u64 = 10_000;

impl Budgets {
    /// The need of a scope list, in credits of a profile.
    pub(super) fn items(
        &self,
        items: &BTreeMap<String, u32>,
        profile: &str,
        history: Option<&History>,
        steps: &mut Vec<String>,
    ) -> anyhow::Result<(String, [f64; 3], bool)> {
        let known: Vec<&str> = self.items.keys().map(String::as_str).collect();
        let bands = self.items.get(profile);
        let bands =
            bands.with_context(|| format!("no bands for the profile {profile:?}: use one of {}", known.join(", ")))?;
        let mut wanted: Vec<(&str, u32, [f64; 2])> = Vec::new();
        for (kind, number) in items {
            let known: Vec<&str> = bands.keys().map(String::as_str).collect();
            let Some(band) = bands.get(kind) else { bail!("unknown item {kind:?}: use one of {}", known.join(", ")) };
            wanted.push((kind, *number, *band));
        }
        let count: u64 = wanted.iter().map(|(_, number, _)| u64::from(*number)).sum();
        ensure!(count > 0, "the scope list has no items: write one a line, such as `3 feature`");
        ensure!(count <= MOST_ITEMS, "the scope list has {count} items: an estimate is for {MOST_ITEMS} at most");
        let what = format!("a scope of {count} {}", if count == 1 { "item" } else { "items" });
        if let Some(history) = history {
            let taken = history.items(wanted.into_iter());
            steps.extend(taken.steps);
            return Ok((what, taken.credits.map(Total::approx), false));
        }
        let (mut middle, mut own, mut common) = (0.0, 0.0, 0.0);
        for (kind, number, [low, high]) in wanted {
            middle += f64::from(number) * f64::midpoint(low, high);
            own += f64::from(number) * ((high - low) / 2.0).powi(2);
            common += f64::from(number) * (high - low) / 2.0;
            steps.push(format!("{number} × {kind}: {low} to {high} credits each ({profile})"));
        }
        let half = f64::midpoint(own, common.powi(2)).sqrt();
        Ok((what, [middle - half, middle, middle + half], false))
    }
}

/// Reads a scope list: one item a line, `3 feature`, `revision`; `#` begins a remark.
///
/// # Errors
/// When a line is neither.
pub fn scope_list(text: &str) -> anyhow::Result<Scope> {
    let mut items: BTreeMap<String, u32> = BTreeMap::new();
    for (at, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let (number, kind) = match words[..] {
            [kind] => (1, kind),
            [number, kind] => {
                let read: Option<u32> = number.parse().ok();
                (read.with_context(|| format!("line {at}: {number:?} is no number of items"))?, kind)
            }
            _ => bail!("line {at}: {line:?}: write a number and a kind, such as `3 feature`"),
        };
        let sum = items.entry(kind.to_lowercase()).or_default();
        *sum = sum.saturating_add(number);
    }
    Ok(Scope::Items(items))
}

#[cfg(test)]
mod tests {
    use super::scope_list;
    use crate::audit::estimate::tests::check;

    #[test]
    fn a_scope_list_adds_up() {
        check(&scope_list("4 feature\n# later\nfix\n").unwrap(), "usual", None, "5.42 7 8.58 =  Some(1)");
        check(
            &scope_list("2 unicorn").unwrap(),
            "usual",
            None,
            "unknown item \"unicorn\": use one of feature, fix, rebuild, revision",
        );
        check(
            &scope_list("").unwrap(),
            "usual",
            None,
            "the scope list has no items: write one a line, such as `3 feature`",
        );
        assert!(scope_list("many things to do").unwrap_err().to_string().contains("line 1"));
    }
}
