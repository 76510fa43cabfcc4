//! `creditscope verify`: a report checked against its manifest.
use anyhow::Context as _;

use crate::{
    cli::{
        args::{Format, VerifyArgs},
        commands::print,
        exit::Exit,
    },
    pipeline::verify::{self, Standing},
};

pub(crate) fn run(args: &VerifyArgs) -> anyhow::Result<Exit> {
    let checks = verify::verify(&args.folder)?;
    let holds = verify::holds(&checks);
    match args.format {
        Format::Json => print(serde_json::to_string_pretty(&checks).context("writing JSON")? + "\n")?,
        Format::Text => {
            let told = checks.iter().filter(|check| check.standing != Standing::Same);
            let lines = told.fold(String::new(), |lines, check| format!("{lines}{check}\n"));
            let verdict =
                if holds { "the report and its inputs are as its manifest says" } else { "the report does not hold" };
            print(format!("{lines}{} things checked: {verdict}\n", checks.len()))?;
        }
    }
    Ok(if holds { Exit::Done } else { Exit::Differs })
}
