//! `creditscope forecast`, `plan` and `estimate`: what lies ahead.
use std::fs;

use anyhow::Context as _;

use crate::{
    audit::estimate::{Budgets, Builder, Scope, history::History, scope::scope_list},
    cli::{
        ahead_args::{EstimateArgs, ForecastArgs, HistoryArgs, PlanCommand, PlanList},
        args::{Format, share},
        commands::{print, remark},
        config::Config,
        exit::Exit,
        progress::Progress,
        read_args::ReadArgs,
    },
    model::{
        account::{Meter, Unit},
        zone::Zone,
    },
    pipeline,
    report::{Report, ahead::text, json},
    rollup::{AccountName, AccountRollup},
};

pub(crate) fn forecast(args: &ForecastArgs) -> anyhow::Result<Exit> {
    shown(&args.read, args.format, text::forecast, json::forecast)
}

pub(crate) fn plan(args: &PlanCommand) -> anyhow::Result<Exit> {
    if let Some(PlanList::List(list)) = &args.list {
        let catalogue = list.planning.catalogue()?;
        let planning = list.planning.planning(&Config::default(), catalogue, &Zone::utc())?;
        print(match list.format {
            Format::Text => text::list(&planning.catalogue, &planning),
            Format::Json => json::plans(&planning)?,
        })?;
        return Ok(Exit::Done);
    }
    shown(&args.read, args.format, text::plan, json::plan_fit)
}

fn shown(
    read: &ReadArgs,
    format: Format,
    text: fn(&Report) -> String,
    json: fn(&Report) -> anyhow::Result<String>,
) -> anyhow::Result<Exit> {
    let settings = read.settings()?;
    let progress = Progress::new(read.quiet);
    let audit = pipeline::audit::audit(&settings, &|what| progress.say(what))?;
    drop(progress);
    remark(false, &pipeline::unread(&audit.waist.skipped));
    remark(false, &pipeline::doubts(&audit.waist));
    remark(false, &audit.plan_notes());
    print(audit.with_report(|report| match format {
        Format::Text => Ok(text(report)),
        Format::Json => json(report),
    })?)?;
    Ok(Exit::Done)
}

pub(crate) fn estimate(args: &EstimateArgs) -> anyhow::Result<Exit> {
    let scope = match (&args.scope, &args.project) {
        (Some(path), _) => {
            let list = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
            scope_list(&list).with_context(|| format!("reading {}", path.display()))?
        }
        (None, project) => Scope::Project(project.clone().unwrap_or_default()),
    };
    let rework = args.rework.as_deref().map(|text| share("--rework", text)).transpose()?;
    let planning = args.planning.planning(&Config::read(None)?, args.planning.catalogue()?, &Zone::utc())?;
    let history = args.past().map(|past| history(&past)).transpose()?;
    let builder = Builder { spec: &args.spec, rework, history: history.as_ref(), months: args.months };
    let estimate = Budgets::built_in()?.estimate(&scope, &builder, &planning)?;
    match args.format {
        Format::Text => print(text::estimate(&estimate))?,
        Format::Json => print(json::estimate(&estimate)?)?,
    }
    Ok(Exit::Done)
}

/// The team's past: that of its message credits.
fn history(args: &HistoryArgs) -> anyhow::Result<History> {
    let audit = pipeline::audit::audit(&args.read.settings()?, &|_| ()).context("--history")?;
    let provider = &audit.terms.planning.catalogue.provider;
    let is_plans = |account: &&AccountRollup| {
        let AccountName { provider: of, meter, unit } = &account.account;
        of == provider && *meter == Meter::Message && *unit == Unit::Credits
    };
    let account = audit.waist.rollups.accounts.iter().find(is_plans);
    let account = account.with_context(|| format!("--history: the files hold no message credits of {provider}"))?;
    Ok(History::of(account))
}
