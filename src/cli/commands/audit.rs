//! `creditscope audit`: the main job.
use crate::{
    audit::scope::Scope,
    cli::{
        args::AuditArgs,
        commands::{publish::Publication, remark},
        exit::Exit,
        progress::Progress,
        read_args::ReadArgs,
        write_args::WriteArgs,
    },
    ingest::Keep,
    pipeline::{self, NamedFile, Settings, output::Access},
};

/// What was meant.
pub(super) fn settings(read: &ReadArgs, write: &WriteArgs) -> anyhow::Result<Settings> {
    let mut settings = read.settings()?;
    (settings.terms.max_rows, settings.terms.charts) = (write.max_rows, write.charts.forms());
    if let Some(path) = &write.scope {
        settings.terms.scope = Some(Scope::read(path)?);
        settings.files.push(NamedFile::read("--scope", path)?);
    }
    Ok(settings)
}

pub(crate) fn run(args: &AuditArgs) -> anyhow::Result<Exit> {
    let settings = settings(&args.read, &args.write)?;
    let publication = Publication::prepare(&args.write, &args.read.paths)?;
    let progress = Progress::new(args.read.quiet);
    let audit = pipeline::audit::audit(&settings, &|what| progress.say(what))?;
    remark(args.read.quiet, &audit.waist.notes);
    remark(args.read.quiet, &pipeline::doubts(&audit.waist));
    let access = if settings.ingest.keep == Keep::IdsAndPrompts { Access::Owner } else { Access::Default };
    publication.publish(&audit, (access, args.read.is_colored()), progress)
}
