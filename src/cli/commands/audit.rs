//! `creditscope audit`: the main job.
use crate::{
    audit::scope::Scope,
    cli::{
        args::AuditArgs,
        commands::{publish::Publication, remark},
        exit::Exit,
        progress::Progress,
    },
    ingest::Keep,
    pipeline::{self, NamedFile, output::Access},
};

pub(crate) fn run(args: &AuditArgs) -> anyhow::Result<Exit> {
    let mut settings = args.read.settings()?;
    (settings.terms.max_rows, settings.terms.charts) = (args.write.max_rows, args.write.charts.forms());
    if let Some(path) = &args.write.scope {
        settings.terms.scope = Some(Scope::read(path)?);
        settings.files.push(NamedFile::read("--scope", path)?);
    }
    let publication = Publication::prepare(&args.write, &args.read.paths)?;
    let progress = Progress::new(args.read.quiet);
    let audit = pipeline::audit::audit(&settings, &|what| progress.say(what))?;
    remark(args.read.quiet, &audit.waist.notes);
    remark(args.read.quiet, &pipeline::doubts(&audit.waist));
    let access = if settings.ingest.keep == Keep::IdsAndPrompts { Access::Owner } else { Access::Default };
    publication.publish(&audit, (access, args.read.is_colored()), progress)
}
