//! Charts as pictures.
use std::{fs, path::Path};

use crate::command::{audit, creditscope};

/// The width and height that a picture tells.
fn size(png: &[u8]) -> (u32, u32) {
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.ends_with(b"IEND\xae\x42\x60\x82"));
    (number(16), number(20))
}

#[test]
fn every_chart_is_a_picture_on_request_and_equal_runs_draw_equal_bytes() {
    let samples = Path::new("sample-data/messy-export.csv");
    let draw = |threads: &str| audit(&[samples], &["--charts", "png", "--threads", threads]);
    let ((_one, first, ran), (_other, second, _)) = (draw("1"), draw("2"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let (_plain, plain, _) = audit(&[samples], &[]);
    let mut pictures = 0;
    for entry in fs::read_dir(first.join("charts")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(bytes, fs::read(second.join("charts").join(name)).unwrap(), "{}", path.display());
        if path.extension().is_some_and(|ending| ending == "png") {
            pictures += 1;
            let (width, height) = size(&bytes);
            assert!(width == 1920 && height > 100, "{}: {width} x {height}", path.display());
            assert!(path.with_extension("svg").exists());
            assert!(!plain.join("charts").join(name).exists(), "pictures are for those who ask");
        }
    }
    assert!(pictures >= 2, "{pictures} pictures");
    let verified = creditscope(&["verify", &first.display().to_string()]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);
}
