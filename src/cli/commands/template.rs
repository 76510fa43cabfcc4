//! `creditscope template`: the ledger for builders without an export.
use serde_json::json;

use crate::{
    cli::{
        args::{TemplateArgs, TemplateFormat},
        commands::{print, print_json},
        exit::Exit,
    },
    ingest::ledger,
};

/// The columns that a ledger cannot do without.
const NEEDED: [&str; 2] = ["timestamp", "credits"];

pub(crate) fn run(args: &TemplateArgs) -> anyhow::Result<Exit> {
    match if args.explain { TemplateFormat::Text } else { args.format } {
        TemplateFormat::Csv => {
            let fields = ledger::COLUMNS[..ledger::BY_HAND].iter().map(|column| column.field);
            print(fields.collect::<Vec<_>>().join(",") + "\n")?;
        }
        TemplateFormat::Text => print(explained())?,
        TemplateFormat::Json => {
            let columns = ledger::COLUMNS.iter().enumerate().map(|(n, column)| {
                json!({
                    "column": column.field,
                    "meaning": ledger::about::meaning(column.field),
                    "also_called": column.synonyms,
                    "needed": NEEDED.contains(&column.field),
                    "by_hand": n < ledger::BY_HAND,
                })
            });
            let columns: Vec<_> = columns.collect();
            print_json(&json!({ "schema": "creditscope.template/v1", "columns": columns }))?;
        }
    }
    Ok(Exit::Done)
}

fn explained() -> String {
    let mut text =
        String::from("Only timestamp and credits are needed. Order, case, spaces and underscores do not matter.\n\n");
    for column in ledger::COLUMNS {
        let also =
            if column.synonyms.is_empty() { String::new() } else { format!(" [{}]", column.synonyms.join(", ")) };
        text += &format!("{:<14} {}{also}\n", column.field, ledger::about::meaning(column.field));
    }
    text
}
