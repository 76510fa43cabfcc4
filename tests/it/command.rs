//! Runs the binary and tells what it printed.
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Says something past the test runner, which keeps what passing tests print to itself.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($text)*);
    }};
}
pub(crate) use say;

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `creditscope` in the project's folder.
pub(crate) fn creditscope<S: AsRef<std::ffi::OsStr>>(args: &[S]) -> Ran {
    with_input(args, "")
}

/// Runs `creditscope` with a text on standard input.
pub(crate) fn with_input<S: AsRef<std::ffi::OsStr>>(args: &[S], input: &str) -> Ran {
    with_bytes(args, input.as_bytes())
}

/// Runs `creditscope` with bytes on standard input.
pub(crate) fn with_bytes<S: AsRef<std::ffi::OsStr>>(args: &[S], input: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_creditscope"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        .env("XDG_CONFIG_HOME", "no-such-folder")
        .env_remove("COLUMNS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input closes it; that is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Audits paths into a fresh folder and returns it with what was printed.
pub(crate) fn audit(paths: &[&Path], options: &[&str]) -> (tempfile::TempDir, PathBuf, Ran) {
    let dir = tempfile::tempdir().unwrap();
    let output = dir.path().join("report");
    let mut args: Vec<std::ffi::OsString> = vec!["audit".into()];
    args.extend(paths.iter().map(|path| path.as_os_str().to_owned()));
    args.extend(["-o".into(), output.clone().into_os_string()]);
    args.extend(options.iter().map(Into::into));
    let ran = creditscope(&args);
    (dir, output, ran)
}

/// A file of a report as JSON.
pub(crate) fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// A report without what names its input, and the counts of its first file.
#[track_caller]
pub(crate) fn body(paths: &[&Path], options: &[&str]) -> (serde_json::Value, serde_json::Value) {
    let (_dir, report, ran) = audit(paths, options);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut report = json(&report.join("report.json"));
    let input = report.as_object_mut().unwrap().remove("input").unwrap();
    (report, input["files"][0].clone())
}

/// What `inspect` says of a path, as JSON.
#[track_caller]
pub(crate) fn inspected(path: &Path, code: i32) -> serde_json::Value {
    let ran = creditscope(&["inspect".as_ref(), path.as_os_str(), "--format".as_ref(), "json".as_ref()]);
    assert_eq!(ran.code, code, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Writes a file into a fresh folder.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    (dir, path)
}

/// A folder of real exports beside the project, where there is one; says so where there is not.
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(folder);
    if !path.exists() {
        say!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}
