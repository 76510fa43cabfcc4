//! `creditscope config`: which settings hold and where each comes from, checked without any data; or an example of all.
use std::fmt::Write as _;

use serde_json::json;

use crate::{
    cli::{
        args::{ConfigArgs, Format},
        commands::print,
        config::{Config, EXAMPLE},
        exit::Exit,
    },
    timeline::Gap,
};

const BY_DEFAULT: &str = "default";

pub(crate) fn run(args: &ConfigArgs) -> anyhow::Result<Exit> {
    if args.example {
        print(EXAMPLE)?;
        return Ok(Exit::Done);
    }
    let path = Config::path(args.config.as_deref());
    let config = Config::read(args.config.as_deref())?;
    config.check()?;
    let file = path.map(|path| path.display().to_string());
    let origin = file.as_deref().unwrap_or(BY_DEFAULT);
    let mut settings: Vec<(String, String, &str)> =
        config.settings().into_iter().map(|(name, value)| (name, value, origin)).collect();
    let gap = Gap::default().to_string();
    for (name, value) in [("plan", "none"), ("reset_day", "1"), ("tz", "UTC"), ("gap", &gap)] {
        if !settings.iter().any(|(known, ..)| known == name) {
            settings.push((name.to_owned(), value.to_owned(), BY_DEFAULT));
        }
    }
    let text = match args.format {
        Format::Json => {
            let setting = |(name, value, origin): &(String, String, &str)| json!({"name": name, "value": value, "origin": origin});
            let all: Vec<_> = settings.iter().map(setting).collect();
            format!("{:#}\n", json!({"file": file, "settings": all}))
        }
        Format::Text => table(file.as_deref(), &settings),
    };
    print(&text)?;
    Ok(Exit::Done)
}

fn table(file: Option<&str>, settings: &[(String, String, &str)]) -> String {
    let widest = |lengths: Vec<usize>| lengths.into_iter().max().unwrap_or(0);
    let names = widest(settings.iter().map(|(name, ..)| name.chars().count()).collect());
    let values = widest(settings.iter().map(|(_, value, _)| value.chars().count()).collect());
    let mut text = match file {
        Some(file) => format!("{file}\n"),
        None => "no creditscope.toml was found here, above, or in the user's configuration folder\n".to_owned(),
    };
    for (name, value, origin) in settings {
        let _ = writeln!(text, "  {name:<names$}  {value:<values$}  {origin}");
    }
    text.push_str("Options of the command line win; creditscope config --example shows all settings.\n");
    text
}
