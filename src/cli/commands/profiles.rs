//! `creditscope profiles`: the rule sets that figures are held against, with what actions and projects cost by them.
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    audit::{
        estimate::{Budgets, Project},
        plans::{Catalogue, DEFAULT_PROFILE},
    },
    cli::{
        args::{Format, ProfilesArgs},
        commands::print,
        exit::Exit,
    },
    model::action::Action,
};

pub(crate) fn run(args: &ProfilesArgs) -> anyhow::Result<Exit> {
    let (catalogues, budgets) = (Catalogue::all_built_in()?, Budgets::built_in()?);
    match args.format {
        Format::Text => print(text(&catalogues, &budgets))?,
        Format::Json => print(serde_json::to_string_pretty(&values(&catalogues, &budgets))? + "\n")?,
    }
    Ok(Exit::Done)
}

/// What an action costs in a profile, for those of which it says so.
fn bands<'b>(budgets: &'b Budgets, profile: &str) -> Vec<(Action, [f64; 2], &'b str)> {
    let band = |action: &Action| budgets.band(profile, *action).map(|(band, source)| (*action, band, source));
    Action::ALL.iter().filter_map(band).collect()
}

fn text(catalogues: &[Catalogue], budgets: &Budgets) -> String {
    let mut text = String::new();
    for Catalogue { profile, dated, provider, plans, .. } in catalogues {
        let is_default = if profile == DEFAULT_PROFILE { " (the default)" } else { "" };
        let bands = bands(budgets, profile);
        let source = bands.first().map(|(.., source)| format!("; {source}")).unwrap_or_default();
        let _ = writeln!(text, "{profile}{is_default}: {provider}, figures of {dated}{source}");
        for (action, [low, high], _) in bands {
            let cost = if low < high { format!("{low} to {high}") } else { format!("{low}") };
            let unit = if high > 1.0 { "credits" } else { "credit" };
            let _ = writeln!(text, "  {:<14}{cost} {unit}", action.word());
        }
        let ids: Vec<&str> = plans.iter().map(|plan| plan.id.as_str()).collect();
        let _ = writeln!(text, "  {:<14}{}\n", "plans", ids.join(", "));
    }
    let _ = writeln!(text, "kinds of projects, in credits ({})", budgets.source);
    for project in &budgets.projects {
        let [low, high] = project.whole();
        let more = if project.open_ended { " and more" } else { "" };
        let _ = writeln!(text, "  {:<14}{low} to {high}{more}: {}", project.id, project.name);
    }
    text
}

fn values(catalogues: &[Catalogue], budgets: &Budgets) -> Value {
    let profile = |Catalogue { profile, dated, provider, plans, .. }: &Catalogue| {
        let band = |(action, [low, high], source): (Action, [f64; 2], &str)| json!({ "action": action.word(), "low": low, "high": high, "source": source });
        json!({
            "profile": profile,
            "provider": provider,
            "dated": dated.to_string(),
            "default": profile == DEFAULT_PROFILE,
            "bands": bands(budgets, profile).into_iter().map(band).collect::<Vec<_>>(),
            "plans": plans.iter().map(|plan| &plan.id).collect::<Vec<_>>(),
        })
    };
    let project = |project: &Project| {
        let [low, high] = project.whole();
        let (id, name) = (&project.id, &project.name);
        json!({ "id": id, "name": name, "low": low, "high": high, "open_ended": project.open_ended })
    };
    json!({
        "profiles": catalogues.iter().map(profile).collect::<Vec<_>>(),
        "projects": budgets.projects.iter().map(project).collect::<Vec<_>>(),
        "projects_source": budgets.source,
    })
}
