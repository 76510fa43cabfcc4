//! `creditscope report`: the second half of an audit, of one bundle or of several.
use crate::{
    cli::{bundle_args::ReportArgs, commands::publish::Publication, exit::Exit, progress::Progress},
    pipeline::{audit, bundle, output::Access},
};

pub(crate) fn run(args: &ReportArgs) -> anyhow::Result<Exit> {
    let manifests: Vec<_> = args.bundles.iter().map(|bundle| bundle.join("manifest.json")).collect();
    let publication = Publication::prepare(&args.write, &manifests)?;
    let progress = Progress::new(args.quiet);
    progress.say("reading");
    let mut waist = bundle::read_all(&args.bundles)?;
    let terms = args.terms(&mut waist)?;
    progress.say("looking ahead");
    let audit = audit::of(waist, terms)?;
    publication.publish(&audit, (Access::Default, args.color.is_wanted()), progress)
}
