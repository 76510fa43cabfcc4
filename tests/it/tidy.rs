//! Rules about the source that neither rustc nor clippy can check.
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The layers, lowest first; a file may name only its own layer and those before it.
const LAYERS: [&str; 11] =
    ["model", "schema", "cues", "ingest", "timeline", "classify", "rollup", "audit", "report", "pipeline", "cli"];
const MAX_LINES: usize = 400;

#[test]
fn dependencies_point_down() {
    for (path, text) in sources() {
        let Some(here) = layer_of(&path) else { continue };
        for used in layers_named(&text) {
            assert!(used <= here, "{} uses {}, a layer above it", path.display(), LAYERS[used]);
        }
    }
}

#[test]
fn files_are_short_and_introduced() {
    for (path, text) in sources() {
        let n_lines = text.lines().count();
        assert!(n_lines <= MAX_LINES, "{} has {n_lines} lines", path.display());
        let introduced = path.ends_with("main.rs") || text.starts_with("//!");
        assert!(introduced, "{} does not begin with //!", path.display());
    }
}

/// Layers named in `crate::layer` and `crate::{layer, …}`, comments left out.
fn layers_named(text: &str) -> Vec<usize> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
    let mut named = Vec::new();
    for path in code.split("crate::").skip(1) {
        let mut depth = 0;
        let mut start = true;
        let mut word = String::new();
        for c in path.chars() {
            if c.is_alphanumeric() || c == '_' {
                if start {
                    word.push(c);
                }
                continue;
            }
            if !word.is_empty() {
                named.extend(LAYERS.iter().position(|layer| *layer == word));
                word.clear();
            }
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => (),
            }
            start = depth == 1 && matches!(c, '{' | ',') || start && c == ' ';
            if depth == 0 {
                break;
            }
        }
    }
    named
}

fn layer_of(path: &Path) -> Option<usize> {
    let below = path.strip_prefix(source_root()).ok()?;
    let first = below.iter().next()?.to_str()?.trim_end_matches(".rs");
    LAYERS.iter().position(|layer| *layer == first)
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![source_root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

fn source_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn reads_nested_imports() {
    let names = |text| layers_named(text).into_iter().map(|i| LAYERS[i]).collect::<Vec<_>>();
    assert_eq!(names("use crate::schema::stage::Facts;"), ["schema"]);
    assert_eq!(names("use crate::{model, schema::{cli, Col}, report::Table};"), ["model", "schema", "report"]);
    assert_eq!(names("let x = crate::audit::run(crate::model::plan());"), ["audit", "model"]);
    assert_eq!(names("// crate::cli is not used\n//! nor [`crate::report`]"), [""; 0]);
    assert_eq!(names("use crate::{\n    model,\n    cli::run,\n};"), ["model", "cli"]);
}
