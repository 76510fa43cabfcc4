//! `creditscope worker`: one stage of an audit, rows in and rows out.
use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use serde_json::json;

use crate::{
    cli::{
        commands::{
            print_json,
            streams::{Columns, Rows},
        },
        exit::Exit,
        worker_args::{OutputArgs, Stage, StageArgs},
    },
    ingest::discover::{Found, Input},
    model::wire,
    pipeline::{
        Settings,
        output::{Access, Folder, write_file},
        worker::{
            self, Kind, Row,
            agree::{self, Agreement},
            gather, ingest,
            judge::{self, Judged},
            rollup::Rollup,
        },
    },
};

pub(crate) fn run(stage: &Stage) -> anyhow::Result<Exit> {
    match stage {
        Stage::Ingest(args) => self::ingest(args),
        Stage::Agree(args) => self::agree(args),
        Stage::Meet(args) => meet(args),
        Stage::Judge(args) => self::judge(args),
        Stage::Rollup(args) => rollup(args),
        Stage::Gather(args) => self::gather(args),
    }
}

fn settings(args: &StageArgs) -> anyhow::Result<Settings> {
    let settings = args.read.settings()?;
    worker::check(&settings)?;
    Ok(settings)
}

fn file(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

impl StageArgs {
    fn agreement(&self) -> anyhow::Result<Agreement> {
        let path = self.agreed.as_deref().context("--agreed: name the file that `worker agree` wrote")?;
        wire::read(&file(path)?).with_context(|| format!("reading {}", path.display()))
    }

    fn judged(&self, agreement: &Agreement) -> anyhow::Result<Judged> {
        ensure!(
            self.judged.is_some() || !agreement.is_any_met(),
            "--judged: some files may hold what others hold, so `worker judge` is to be asked first"
        );
        let Some(path) = self.judged.as_deref() else { return Ok(Judged::default()) };
        wire::read(&file(path)?).with_context(|| format!("reading {}", path.display()))
    }
}

/// Gives every row of standard input that a worker wrote.
fn each(mut take: impl FnMut(Row) -> anyhow::Result<()>) -> anyhow::Result<()> {
    Columns::each(io::stdin().lock(), |columns| {
        let texts = ["kind", "path", "workspace"].map(|name| columns.text(name));
        let [kinds, paths, workspaces] = texts;
        let (kinds, paths, workspaces) = (kinds?, paths?, workspaces?);
        for (row, payload) in columns.bytes("payload")?.into_iter().enumerate() {
            let kind = kinds[row].and_then(Kind::from_word);
            take(Row {
                kind: kind.with_context(|| format!("a row is of an unknown kind, {:?}", kinds[row]))?,
                path: paths[row].unwrap_or_default().to_owned(),
                workspace: workspaces[row].unwrap_or_default().to_owned(),
                payload: payload.context("a row has no payload")?.to_vec(),
            })?;
        }
        Ok(())
    })
}

fn all() -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    each(|row| {
        rows.push(row);
        Ok(())
    })?;
    Ok(rows)
}

fn ingest(args: &StageArgs) -> anyhow::Result<Exit> {
    let settings = settings(args)?;
    let agreement = args.agreed.as_ref().map(|_| args.agreement()).transpose()?;
    let mut out = Rows::new()?;
    Columns::each(io::stdin().lock(), |columns| {
        let (paths, named) = (columns.text("path")?, columns.flags("named")?);
        let contents = if columns.has("content") { Some(columns.bytes("content")?) } else { None };
        for (row, path) in paths.into_iter().enumerate() {
            let path = path.context("a row has no path")?;
            let input = if named.get(row).copied().unwrap_or(false) { Input::Named } else { Input::InFolder };
            let mut found = match contents.as_ref().and_then(|contents| contents[row]) {
                Some(bytes) => Found::opened(path.to_owned(), input, bytes.to_vec()),
                None => Found::new(PathBuf::from(path), input),
            };
            // Whatever folder this process runs in, the file is called as it was named.
            path.clone_into(&mut found.label);
            ingest::ingest(&found, &settings, agreement.as_ref(), &mut |row| out.give(&row))?;
        }
        Ok(())
    })?;
    out.finish()
}

fn agree(args: &OutputArgs) -> anyhow::Result<Exit> {
    let settings = settings(&args.stage)?;
    let first = args.stage.agreed.as_ref().map(|_| args.stage.agreement()).transpose()?;
    let mut accounts = Vec::new();
    each(|row| {
        accounts.extend([Kind::File, Kind::Common].contains(&row.kind).then_some(row));
        Ok(())
    })?;
    let agreement = agree::agree(&accounts, &settings, first.as_ref())?;
    write_file(&args.output, &wire::write(&agreement)?, Access::Default)?;
    print_json(&json!({ "again": agreement.again, "judge": agreement.is_any_met() }))?;
    Ok(Exit::Done)
}

fn meet(args: &StageArgs) -> anyhow::Result<Exit> {
    let (_, agreement) = (settings(args)?, args.agreement()?);
    let mut out = Rows::new()?;
    each(|row| judge::meet(&row, &agreement)?.map_or(Ok(()), |row| out.give(&row)))?;
    out.finish()
}

fn judge(args: &StageArgs) -> anyhow::Result<Exit> {
    let (settings, agreement) = (settings(args)?, args.agreement()?);
    let mut out = Rows::new()?;
    out.give(&judge::judge(all()?, &agreement, &settings)?)?;
    out.finish()
}

fn rollup(args: &StageArgs) -> anyhow::Result<Exit> {
    let (settings, agreement) = (settings(args)?, args.agreement()?);
    let judged = args.judged(&agreement)?;
    let mut out = Rows::new()?;
    let mut rollup = Rollup::new(&settings, &agreement, &judged);
    each(|row| rollup.take(&row)?.map_or(Ok(()), |part| out.give(&part)))?;
    rollup.finish()?.map_or(Ok(()), |part| out.give(&part))?;
    out.finish()
}

fn gather(args: &OutputArgs) -> anyhow::Result<Exit> {
    let (settings, agreement) = (settings(&args.stage)?, args.stage.agreement()?);
    let judged = args.stage.judged(&agreement)?;
    let folder = Folder::new(&args.output)?;
    let files = gather::gather(all()?, &args.stage.read.paths, &settings, &agreement, &judged)?;
    folder.write(&files, Access::Default)?;
    Ok(Exit::Done)
}
