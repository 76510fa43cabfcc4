//! `creditscope template`: the ledger for builders without an export.
use crate::{
    cli::{args::TemplateArgs, commands::print, exit::Exit},
    ingest::ledger,
};

pub(crate) fn run(args: &TemplateArgs) -> anyhow::Result<Exit> {
    let fields = ledger::COLUMNS[..ledger::BY_HAND].iter().map(|column| column.field);
    if !args.explain {
        print(fields.collect::<Vec<_>>().join(",") + "\n")?;
        return Ok(Exit::Done);
    }
    let mut text =
        String::from("Only timestamp and credits are needed. Order, case, spaces and underscores do not matter.\n\n");
    for column in ledger::COLUMNS {
        let also =
            if column.synonyms.is_empty() { String::new() } else { format!(" [{}]", column.synonyms.join(", ")) };
        text += &format!("{:<14} {}{also}\n", column.field, ledger::about::meaning(column.field));
    }
    print(text)?;
    Ok(Exit::Done)
}
