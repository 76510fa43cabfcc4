//! `worker`: the stages of an audit as processes, with what an engine may do between them. Their bundle gives the report that
//! `audit` gives, byte for byte.
use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};

use arrow_array::{Array, ArrayRef, BinaryArray, BooleanArray, RecordBatch, StringArray};
use arrow_ipc::{reader::StreamReader, writer::StreamWriter};
use arrow_schema::{DataType, Field, Schema};

use crate::command::{creditscope, shared};

/// What workers hand over: kind, path, workspace, payload.
#[derive(Clone, PartialEq)]
struct Row(String, String, String, Vec<u8>);

/// Runs a stage; what it said where it failed.
fn stage(args: &[&str], input: &[u8]) -> Result<Vec<u8>, String> {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("in"), input).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_creditscope"))
        .arg("worker")
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("XDG_CONFIG_HOME", "no-such-folder")
        .stdin(Stdio::from(fs::File::open(dir.path().join("in")).unwrap()))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    if output.status.success() { Ok(output.stdout) } else { Err(said) }
}

fn stream(columns: Vec<(&str, DataType, ArrayRef)>) -> Vec<u8> {
    let fields: Vec<Field> = columns.iter().map(|(name, of, _)| Field::new(*name, of.clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let mut writer = StreamWriter::try_new(Vec::new(), &schema).unwrap();
    let columns = columns.into_iter().map(|(.., column)| column).collect();
    writer.write(&RecordBatch::try_new(schema, columns).unwrap()).unwrap();
    writer.into_inner().unwrap()
}

fn written(rows: &[Row]) -> Vec<u8> {
    let texts = |of: fn(&Row) -> &String| Arc::new(StringArray::from_iter_values(rows.iter().map(of))) as ArrayRef;
    let payloads = BinaryArray::from_iter_values(rows.iter().map(|row| &row.3));
    stream(vec![
        ("kind", DataType::Utf8, texts(|row| &row.0)),
        ("path", DataType::Utf8, texts(|row| &row.1)),
        ("workspace", DataType::Utf8, texts(|row| &row.2)),
        ("payload", DataType::Binary, Arc::new(payloads)),
    ])
}

fn read(bytes: &[u8]) -> Vec<Row> {
    let mut rows = Vec::new();
    for batch in StreamReader::try_new(Cursor::new(bytes), None).unwrap() {
        let batch = batch.unwrap();
        let text = |name: &str, row: usize| {
            let column = batch.column_by_name(name).unwrap().as_any().downcast_ref::<StringArray>().unwrap();
            column.value(row).to_owned()
        };
        let payloads = batch.column_by_name("payload").unwrap().as_any().downcast_ref::<BinaryArray>().unwrap();
        rows.extend((0..batch.num_rows()).map(|row| {
            Row(text("kind", row), text("path", row), text("workspace", row), payloads.value(row).to_vec())
        }));
    }
    rows
}

/// Files, and whether they were named; folders are opened.
fn paths(inputs: &[PathBuf]) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for input in inputs {
        if !input.is_dir() {
            found.push((input.display().to_string(), true));
            continue;
        }
        let mut folders = vec![input.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let is_hidden = path.file_name().unwrap().to_string_lossy().starts_with('.');
                match path.is_dir() {
                    _ if is_hidden => (),
                    true => folders.push(path),
                    false => found.push((path.display().to_string(), false)),
                }
            }
        }
    }
    found
}

fn ingest(paths: &[(String, bool)], options: &[&str]) -> Result<Vec<Row>, String> {
    let named: BooleanArray = paths.iter().map(|(_, named)| Some(*named)).collect();
    let texts = StringArray::from_iter_values(paths.iter().map(|(path, _)| path));
    let input = stream(vec![("path", DataType::Utf8, Arc::new(texts)), ("named", DataType::Boolean, Arc::new(named))]);
    Ok(read(&stage(&[&["ingest"], options].concat(), &input)?))
}

fn of_kind(rows: &[Row], kind: &str) -> Vec<Row> {
    rows.iter().filter(|row| row.0 == kind).cloned().collect()
}

/// What an engine does with the rows between the stages.
struct Engine<'e> {
    partitions: usize,
    between: &'e dyn Fn(&mut Vec<Row>),
}

/// Makes a bundle with an engine; the inputs lie below the project or are absolute.
fn bundle(inputs: &[PathBuf], options: &[&str], place: &Path, engine: &Engine) -> Result<(), String> {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let (agreed, judged, output) = (path("agreed"), path("judged"), place.display().to_string());
    let with = |args: &[&str]| -> Vec<String> { args.iter().chain(options).map(|&arg| arg.to_owned()).collect() };
    let run = |args: &[&str], input: &[u8]| {
        let args = with(args);
        stage(&args.iter().map(String::as_str).collect::<Vec<_>>(), input)
    };
    let mut rows = Vec::new();
    let files = paths(inputs);
    for some in files.chunks(2) {
        rows.extend(ingest(some, options)?);
    }
    let told = run(&["agree", "-o", &agreed], &written(&of_kind(&rows, "file")))?;
    let told: serde_json::Value = serde_json::from_slice(&told).unwrap();
    let again: Vec<&str> = told["again"].as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
    let mut is_judged = told["judge"].as_bool().unwrap();
    if !again.is_empty() {
        rows.retain(|Row(_, path, ..)| !again.contains(&path.as_str()));
        let files: Vec<_> = files.into_iter().filter(|(path, _)| again.contains(&path.as_str())).collect();
        rows.extend(ingest(&files, &[&["--agreed", &agreed], options].concat())?);
        let accounts = written(&of_kind(&rows, "file"));
        let told = run(&["agree", "-o", &agreed, "--agreed", &agreed], &accounts)?;
        is_judged = serde_json::from_slice::<serde_json::Value>(&told).unwrap()["judge"].as_bool().unwrap();
    }
    let accounts = of_kind(&rows, "file");
    let mut events = of_kind(&rows, "events");
    let unsorted = events.clone();
    (engine.between)(&mut events);
    events.sort_by(|a, b| a.2.cmp(&b.2));
    let rolled_up = |is_judged: bool| -> Result<(Vec<&str>, Vec<Row>), String> {
        let mut known = vec!["--agreed", agreed.as_str()];
        if is_judged {
            let mut met = Vec::new();
            for some in unsorted.chunks(7) {
                met.extend(read(&run(&["meet", "--agreed", &agreed], &written(some))?));
            }
            met.reverse();
            let verdict = read(&run(&["judge", "--agreed", &agreed], &written(&met))?);
            fs::write(&judged, &verdict[0].3).unwrap();
            known.extend(["--judged", judged.as_str()]);
        }
        let mut parts = Vec::new();
        for partition in 0..engine.partitions {
            let key = |workspace: &str| workspace.bytes().map(usize::from).sum::<usize>() % engine.partitions;
            let part: Vec<Row> = events.iter().filter(|row| key(&row.2) == partition).cloned().collect();
            parts.extend(read(&run(&[&["rollup"], &known[..]].concat(), &written(&part))?));
        }
        Ok((known, parts))
    };
    let (mut known, mut parts) = rolled_up(is_judged)?;
    let common = of_kind(&parts, "common");
    if !common.is_empty() {
        let told = [accounts.clone(), common].concat();
        run(&["agree", "-o", &agreed, "--agreed", &agreed], &written(&told))?;
        (known, parts) = rolled_up(true)?;
    }
    let all = [accounts, parts].concat();
    let inputs: Vec<String> = inputs.iter().map(|input| input.display().to_string()).collect();
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    run(&[&["gather", "-o", &output], &known[..], &inputs[..]].concat(), &written(&all)).map(|_| ())
}

fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found: Vec<_> = paths(&[folder.to_owned()])
        .into_iter()
        .map(|(path, _)| (Path::new(&path).strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect();
    found.sort();
    found
}

/// The report of workers is that of `audit`, whatever an engine does with whole rows.
#[track_caller]
fn check(inputs: &[PathBuf], options: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("report").display().to_string();
    let typed: Vec<String> = inputs.iter().map(|input| input.display().to_string()).collect();
    let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
    let audited = creditscope(&[&["audit", "-q", "-o", &place], options, &typed].concat());
    assert_eq!(audited.code, 0, "{}", audited.stderr);
    let expected = files(Path::new(&place));
    for partitions in [2, 7] {
        let folder = dir.path().join(format!("bundle-{partitions}"));
        let engine = Engine { partitions, between: &|events| events.reverse() };
        bundle(inputs, options, &folder, &engine).unwrap();
        fs::remove_dir_all(&place).unwrap();
        let reported = creditscope(&["report", "-q", "-o", &place, &folder.display().to_string()]);
        assert_eq!((reported.code, reported.stdout), (0, audited.stdout.clone()), "{}", reported.stderr);
        let found = files(Path::new(&place));
        for (one, other) in expected.iter().zip(&found) {
            assert!(one == other, "{} differs with {partitions} partitions", one.0.display());
        }
        assert_eq!(expected.len(), found.len());
    }
}

#[test]
fn the_samples_come_out_of_workers_as_of_an_audit() {
    check(&["sample-data".into()], &[]);
    check(&["sample-data".into()], &["--tz", "Europe/Berlin", "--from", "2026-09-03", "--gap", "2h"]);
}

#[test]
fn real_exports_come_out_of_workers_as_of_an_audit() {
    let Some(folder) = shared("exports") else { return };
    for kind in ["cursor", "copilot", "claude-code", "openrouter", "anthropic"] {
        check(&[folder.join(kind).canonicalize().unwrap()], &[]);
    }
}

/// Exports of several workspaces that overlap, repeat rows, change amounts, spell users and write dates in different ways.
fn exports(folder: &Path) {
    let row = |n: u32, credits: &str| {
        let user = ["ada@example.com", "Ben", "BEN", "eve@example.com"][n as usize % 4];
        format!(
            "e-{n},2026-10-{:02}T10:{:02}:{:02}Z,studio-{},{user},app-{},the checkout of page {n} fails,{credits}\n",
            1 + n / 40,
            n % 40,
            n % 7,
            n % 5,
            n % 3
        )
    };
    let header = "event_id,timestamp,workspace,user,app,prompt,credits\n";
    let rows = |from: u32, to: u32, credits: &str| (from..to).map(|n| row(n, credits)).collect::<String>();
    let write = |name: &str, text: String| fs::write(folder.join(name), text).unwrap();
    write("1.csv", format!("{header}{}", rows(0, 300, "1")));
    write("2.csv", format!("{header}{}{}", rows(250, 500, "1.5"), rows(490, 500, "1.5")));
    write("3.csv", format!("{header}{}not a row\n", rows(600, 700, "2")));
    let without_ids =
        |text: String| text.lines().map(|line| line.split_once(',').unwrap().1.to_owned() + "\n").collect::<String>();
    write("4.csv", without_ids(format!("{header}{}", rows(0, 60, "1"))));
    write("5.csv", without_ids(format!("{header}{}", rows(30, 90, "1"))));
    write("6.csv", "timestamp;workspace;credits\n03/11/2026;studio-1;1,250\n".to_owned());
    write("7.csv", "timestamp;workspace;credits\n13/11/2026;studio-9;1,5\n14/11/2026;;2,5\n".to_owned());
    // the same ids a day later, and as a number of a row that means another event
    write("8.csv", format!("{header}{}", rows(600, 620, "2").replace("2026-10-1", "2026-11-2").replace("e-", "late-")));
    write(
        "9.csv",
        format!(
            "{header}{}",
            rows(600, 620, "2").replace("2026-10-1", "2026-11-2").replace("T10", "T21").replace("e-", "late-")
        ),
    );
    // totals of a day, of persons and of nobody, beside single events of other workspaces
    write("10.csv", "timestamp,workspace,user,credits,grain\n2026-10-03,studio-1,ada@example.com,9,day\n2026-10-03,studio-2,,4,day\n".to_owned());
    write("notes.md", "no export".to_owned());
}

#[test]
fn what_all_files_decide_together_is_decided_for_workers_too() {
    let dir = tempfile::tempdir().unwrap();
    exports(dir.path());
    check(&[dir.path().to_owned()], &[]);
    let aliases = dir.path().join(".aliases.toml");
    fs::write(&aliases, "[users]\n\"eve@example.com\" = [\"ben\", \"nobody\"]\n").unwrap();
    check(&[dir.path().to_owned()], &["--aliases", aliases.to_str().unwrap(), "--user", "eve@example.com"]);
}

#[test]
fn what_an_engine_loses_or_repeats_is_found() {
    #[track_caller]
    fn refused(between: &dyn Fn(&mut Vec<Row>), expected: &str) {
        let dir = tempfile::tempdir().unwrap();
        exports(dir.path());
        let place = dir.path().join(".bundle");
        let said = bundle(&[dir.path().to_owned()], &[], &place, &Engine { partitions: 2, between }).unwrap_err();
        assert!(said.contains(expected) && !place.exists(), "{said}");
    }
    refused(&|events| _ = events.pop(), "the engine lost or repeated some; run it again");
    refused(&|events| events.push(events[0].clone()), "came twice: the engine repeated what it had handed over");
    refused(&|events| events[3].3.truncate(100), "what another worker wrote is damaged");
    refused(&|events| events[0].3[12] ^= 1, "it was not written by creditscope");
    let torn = |events: &mut Vec<Row>| {
        for row in events.iter_mut().filter(|row| row.1.ends_with("2.csv")) {
            row.2.push('y');
        }
    };
    refused(&torn, "the engine did not bring its rows together");
}

#[test]
fn what_cannot_be_done_by_workers_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("bundle");
    let engine = Engine { partitions: 1, between: &|_| () };
    let refused = |inputs: &[&str], options: &[&str]| {
        let inputs: Vec<PathBuf> = inputs.iter().map(PathBuf::from).collect();
        bundle(&inputs, options, &place, &engine).unwrap_err()
    };
    assert!(refused(&["no-such.csv"], &[]).contains("no-such.csv: cannot be read"));
    assert!(refused(&["sample-data/README.md"], &[]).contains("sample-data/README.md: unknown format"));
    assert!(refused(&["sample-data"], &["--keep-prompts"]).contains("--keep-prompts takes all events at once"));
    assert!(refused(&["sample-data"], &["--user", "nobody"]).contains("no event is left"));
    assert!(stage(&["ingest"], b"path\nx.csv\n").unwrap_err().contains("is to be an Arrow IPC stream"));
    assert!(stage(&["rollup"], b"").unwrap_err().contains("--agreed: name the file"));
}
