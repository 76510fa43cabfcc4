//! `creditscope train`: weights from labelled prompts, or those of a team from its corrections.
use std::{fs, path::PathBuf};

use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use serde_json::json;

use crate::{
    classify::{adapt, labelled::Labelled, train},
    cli::{
        args::{Format, TrainArgs},
        commands::{print, print_json},
        exit::Exit,
    },
    cues::weights::Learned,
};

pub(crate) fn run(args: &TrainArgs) -> anyhow::Result<Exit> {
    let dated = &args.dated;
    dated.parse::<NaiveDate>().with_context(|| format!("--dated {dated:?}: write a day such as 2026-10-01"))?;
    let read = |paths: &[PathBuf]| paths.iter().map(|path| Labelled::read(path)).collect::<anyhow::Result<Vec<_>>>();
    let (learned, said, value) = if args.from.is_empty() {
        if args.weights.is_some() {
            bail!("--weights are moved by corrections: give these with --from");
        }
        let learned = train::train(&read(&args.files)?, &train::Settings { day: dated.clone() });
        let about = &learned.about;
        let (prompts, accuracy, macro_f1) = (about.prompts, about.accuracy, about.macro_f1);
        let said =
            format!("{prompts} prompts; on held-out histories: accuracy {accuracy:.4}, macro-F1 {macro_f1:.4}\n");
        let value =
            json!({ "prompts": prompts, "held_out": { "accuracy": share(accuracy), "macro_f1": share(macro_f1) } });
        (learned, said, value)
    } else {
        let base = match &args.weights {
            None => Learned::built_in()?,
            Some(path) => {
                let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
                Learned::parse(&text).with_context(|| format!("reading {}", path.display()))?
            }
        };
        let (learned, gain) = adapt::adapt(&base, &read(&args.from)?, dated);
        let adapt::Gain { prompts, before, after } = gain;
        let advice = if after > before { "" } else { ": no gain, keep the weights you have" };
        (
            learned,
            format!(
                "{prompts} corrections; accuracy on held-out parts: {before:.4} before, {after:.4} after{advice}\n"
            ),
            json!({ "corrections": prompts, "held_out": { "before": share(before), "after": share(after) } }),
        )
    };
    fs::write(&args.output, learned.to_text()).with_context(|| format!("writing {}", args.output.display()))?;
    match args.format {
        Format::Text => print(said)?,
        Format::Json => {
            let output = args.output.display().to_string();
            print_json(&json!({ "schema": "creditscope.train/v1", "output": output, "trained": value }))?;
        }
    }
    Ok(Exit::Done)
}

/// Four decimals, as the text has them.
fn share(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}
