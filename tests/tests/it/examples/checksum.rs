//! The main job, beside the `sha256sum` of the system.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use background_tests::{Finished, Run, workspace};
use tempfile::{TempDir, tempdir};

use super::PLACES;

fn checksum() -> Run {
    Run::example("checksum")
}

/// A shell command line in which `$0` is the example, and `$1` and so on are arguments.
fn shell<A: AsRef<OsStr>>(line: &str, arguments: impl IntoIterator<Item = A>) -> Finished {
    Run::new("sh").args(["-c", line]).arg(Run::path_of_example("checksum")).args(arguments).finish()
}

/// A folder with files in it.
fn folder(files: &[(&[u8], &str)]) -> TempDir {
    let folder = tempdir().expect("a folder for temporary files");
    for (name, text) in files {
        fs::write(folder.path().join(OsStr::from_bytes(name)), text).expect("it can be written");
    }
    folder
}

/// Everything that lies in the workspace but for what was built there.
fn own_files() -> Vec<PathBuf> {
    let entries = fs::read_dir(workspace::root()).expect("the workspace can be read");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the workspace can be read").path())
        .filter(|path| !path.ends_with(".git") && !path.join("CACHEDIR.TAG").exists())
        .collect();
    paths.sort();
    paths
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn the_same_sums_as_sha256sum() {
    let theirs = Run::new("find")
        .args(own_files())
        .args(["-type", "f", "-exec", "sha256sum", "{}", "+"])
        .finish()
        .succeeded();
    let ours = checksum().args(own_files()).finish().succeeded();
    assert!(ours.lines().len() > 100, "{ours:#?}");
    assert_eq!(sorted(&ours.stdout), sorted(&theirs.stdout));
    assert_eq!(ours.stderr, "", "no bar without a terminal");
    for strategy in PLACES {
        let again =
            checksum().args(["--strategy", strategy]).args(own_files()).finish().succeeded();
        assert!(again.stdout == ours.stdout, "another order with {strategy}");
    }
}

#[test]
fn sha256sum_accepts_them() {
    let finished = shell(r#""$0" "$@" | sha256sum --check --strict --quiet"#, own_files());
    let _ = finished.succeeded();
}

/// Names are bytes. Those that would break a line are escaped.
#[test]
fn every_name_is_accepted() {
    let names: [&[u8]; 7] = [
        b"not text \xff\xfe",
        b"line\nbreak",
        b"return\r",
        br"back\slash",
        br"\n",
        b" spaces  ",
        b"-",
    ];
    let folder = folder(&names.map(|name| (name, "text")));
    let finished =
        shell(r#""$0" "$1" | sha256sum --check --strict 2>&1"#, [folder.path()]).succeeded();
    assert_eq!(finished.stdout.matches(": OK").count(), names.len(), "{finished:#?}");
}

/// In the order of the arguments, and in a folder in that of the names; as often as it is named.
#[test]
fn the_order_is_that_of_the_names() {
    let folder = folder(&[(b"b", ""), (b"a", ""), (b"c", "")]);
    fs::create_dir(folder.path().join("aa")).expect("a folder");
    fs::write(folder.path().join("aa/z"), "").expect("a file");
    let finished = checksum().inside(&folder).args(["c", ".", "b"]).finish().succeeded();
    let names: Vec<&str> = finished.stdout.lines().map(|line| &line[66..]).collect();
    assert_eq!(names, ["c", "./a", "./aa/z", "./b", "./c", "b"]);
}

#[test]
fn an_error_stops_nothing() {
    let folder = folder(&[(b"first", "1"), (b"last", "2")]);
    symlink("loop", folder.path().join("loop")).expect("a link");
    for strategy in PLACES {
        let finished = checksum()
            .inside(&folder)
            .args(["--strategy", strategy])
            .args(["first", "missing", "loop", "first/below", "last"])
            .finish();
        assert_eq!(finished.code(), Some(1), "{finished:#?}");
        assert_eq!(finished.lines().len(), 2, "{finished:#?}");
        assert!(finished.lines()[1].ends_with("  last"), "{finished:#?}");
        let complaints: Vec<&str> = finished.stderr.lines().collect();
        assert_eq!(complaints.len(), 3, "{finished:#?}");
        for (complaint, name) in complaints.iter().zip(["missing", "loop", "first/below"]) {
            let start = format!("checksum: {name}: ");
            assert!(complaint.starts_with(&start), "{finished:#?}");
        }
    }
}

/// A link that is named is followed. Those met on the way may lead back, or nowhere.
#[test]
fn links_in_folders_are_passed_over() {
    let folder = folder(&[(b"file", "text")]);
    for (target, name) in [("..", "up"), ("round", "round"), ("nowhere", "dead"), ("file", "link")]
    {
        symlink(target, folder.path().join(name)).expect("a link");
    }
    let finished = checksum().inside(&folder).arg(".").finish().succeeded();
    assert_eq!(finished.lines().len(), 1, "{finished:#?}");
    let finished = checksum().inside(&folder).arg("link").finish().succeeded();
    assert!(finished.stdout.ends_with("  link\n"), "{finished:#?}");
}

/// An endless file is given up, and the others are not.
#[test]
fn a_file_has_limited_time() {
    let folder = folder(&[(b"file", "text")]);
    for strategy in PLACES {
        let finished = checksum()
            .inside(&folder)
            .args(["--timeout", "0.5", "--strategy", strategy, "/dev/zero", "file"])
            .finish();
        assert_eq!(finished.code(), Some(1), "{strategy}: {finished:#?}");
        assert_eq!(finished.stderr, "checksum: /dev/zero: Timeout\n", "{strategy}");
        assert!(finished.stdout.ends_with("  file\n"), "{strategy}: {finished:#?}");
        assert!(finished.took < Duration::from_secs(20), "{strategy}: {finished:#?}");
    }
}

/// Fewer files are open at once than a process may have open.
#[test]
fn few_files_are_open_at_once() {
    let folder = tempdir().expect("a folder for temporary files");
    for number in 0..2000 {
        fs::write(folder.path().join(number.to_string()), "text").expect("it can be written");
    }
    for strategy in PLACES {
        let line = r#"ulimit -n 100 && exec "$0" --strategy "$1" "$2""#;
        let finished = shell(line, [OsStr::new(strategy), folder.path().as_os_str()]).succeeded();
        assert_eq!(finished.lines().len(), 2000);
    }
}

#[test]
fn a_reader_may_leave() {
    // More than a pipe holds.
    let finished = shell(
        r#"seq 2000 | xargs -I{} echo "$1" | xargs "$0" | head -n 1"#,
        [Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")],
    )
    .succeeded();
    assert_eq!(finished.lines().len(), 1, "{finished:#?}");
    assert_eq!(finished.stderr, "", "{finished:#?}");
}

/// What could not be written is an error and no panic.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let folder = folder(&[(b"file", "text")]);
    let finished = shell(r#""$0" "$1" > /dev/full"#, [folder.path()]);
    assert_eq!(finished.code(), Some(1), "{finished:#?}");
    assert!(finished.stderr.starts_with("checksum: writing: "), "{finished:#?}");
    let finished = shell(r#""$0" "$1" "$1/none" 2> /dev/full"#, [folder.path()]);
    assert_eq!(finished.code(), Some(1), "{finished:#?}");
    assert_eq!(finished.lines().len(), 1, "{finished:#?}");
}

#[test]
fn wrong_arguments_are_explained() {
    let cases: [(&[&str], &str); 5] = [
        (&[], "<PATH>..."),
        (&["-"], "standard input is not read"),
        (&["--timeout", "soon", "file"], "not a number"),
        (&["--timeout=-1", "file"], "negative"),
        (&["--strategy", "threat", "file"], "thread, dedicated, inline, lazy"),
    ];
    for (arguments, explanation) in cases {
        let finished = checksum().args(arguments).finish();
        assert_eq!(finished.code(), Some(2), "{finished:#?}");
        assert!(finished.stderr.contains(explanation), "{finished:#?}");
        assert_eq!(finished.stdout, "", "{finished:#?}");
    }
}

#[test]
fn help_names_everything() {
    let finished = checksum().arg("--help").finish().succeeded();
    for word in ["PATH", "--timeout <SECONDS>", "--strategy <NAME>", "lazy"] {
        assert!(finished.stdout.contains(word), "{finished:#?}");
    }
}
