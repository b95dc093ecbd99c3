//! Logs of web servers, read in worker processes.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use background_tests::{Finished, Run, until};
use tempfile::{TempDir, tempdir};

/// The program by a path of its own, so that no other run of it is taken for this one.
fn copy() -> (TempDir, PathBuf) {
    let folder = tempdir().expect("a folder for the program");
    let program = folder.path().canonicalize().expect("it is there").join("logs");
    fs::copy(Run::path_of_example("logs"), &program).expect("a copy");
    (folder, program)
}

/// Whether a process of this program lives: the program itself, or a worker of it.
fn lives(program: &Path) -> bool {
    let processes = fs::read_dir("/proc").expect("the system's processes").flatten();
    let mut programs = processes.filter_map(|it| fs::read_link(it.path().join("exe")).ok());
    programs.any(|it| it == program)
}

fn logs(folder: &TempDir, arguments: &[&str]) -> Finished {
    Run::example("logs").inside(folder).args(arguments).finish()
}

fn write(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).expect("it can be written");
}

/// So many visits of one address.
fn visits(address: &str, count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let page = number % 10;
        writeln!(
            text,
            "{address} - - [21/Nov/2026:18:00:00 +0000] \"GET /{page} HTTP/1.1\" 200 10 \"-\" \"-\""
        )
        .expect("a text takes all");
    }
    text
}

/// A line that gives its address away.
fn attack(address: &str) -> String {
    visits(address, 1).replace("GET /0", "POST /wp-login.php")
}

/// What the generator has counted while it wrote is what the workers find.
#[test]
fn two_hundred_megabytes_are_read() {
    let (folder, program) = copy();
    let names = ["a.log", "b.log.gz", "c.log", "d.log.gz"];
    let run = |command: &[&str]| {
        Run::new(&program).inside(&folder).args(command).args(names).finish().succeeded()
    };
    let expected = run(&["generate", "50MB"]);
    assert!(expected.lines()[0].ends_with(" of them no records"), "{expected:#?}");
    assert!(expected.lines().contains(&"20 bad addresses"), "{expected:#?}");
    let plain = fs::metadata(folder.path().join("a.log")).expect("it was written").len();
    assert!(plain >= 50_000_000);
    let found = run(&["report"]);
    assert_eq!(found.stdout, expected.stdout);
    assert_eq!(found.stderr, "");
    until("no process is left", || !lives(&program));
}

#[test]
fn a_report_says_who_did_what() {
    let folder = tempdir().expect("a folder for logs");
    let mut text = visits("192.0.2.1", 11) + &visits("2001:db8::1", 3) + "no record\n";
    // A query is no part of the page, and no size is none.
    text += "192.0.2.2 - bob [21/Nov/2026:18:00:00 +0000] \"GET /0?a=\\\"b HTTP/1.1\" 304 - \"-\" \"-\"\n";
    text += &(visits("192.0.2.66", 2) + &attack("192.0.2.66") + &visits("192.0.2.66", 2));
    write(&folder, "log", &text);
    let expected = "\
21 lines, 1 of them no records
15 visits of 3 addresses, 140 bytes
          14  status 200
           1  status 304
pages
           4  /0
           2  /1
           2  /2
           1  /3
           1  /4
           1  /5
           1  /6
           1  /7
           1  /8
           1  /9
1 bad addresses
  192.0.2.66
";
    let finished = logs(&folder, &["report", "log"]).succeeded();
    assert_eq!(finished.stdout, expected);
}

/// With one worker one sees in which order it gets them.
#[test]
fn small_files_are_done_first() {
    let folder = tempdir().expect("a folder for logs");
    let sizes = [4000, 1, 3000, 2000, 40];
    let names = ["e", "a", "d", "c", "b"];
    for (name, size) in names.iter().zip(sizes) {
        write(&folder, name, &visits("192.0.2.1", size));
    }
    let finished = logs(&folder, &["report", "-v", "--workers", "1", "e", "a", "d", "c", "b"]);
    let done: Vec<&str> = finished.stderr.lines().collect();
    let expected = ["a: 1", "b: 40", "c: 2000", "d: 3000", "e: 4000"];
    assert_eq!(done, expected.map(|file| format!("logs: {file} lines, 0 ignored")));
    assert!(finished.stdout.starts_with("9041 lines, 0 of them"), "{finished:#?}");
}

/// What is found in one file changes what a worker does with the next one, and no report.
#[test]
fn workers_are_told_of_bad_addresses() {
    let folder = tempdir().expect("a folder for logs");
    // So many lines that the worker cannot be done with them before the first one was counted.
    write(&folder, "first", &(attack("192.0.2.66") + &visits("192.0.2.1", 5_000)));
    write(&folder, "second", &(visits("192.0.2.66", 6_000) + &visits("192.0.2.1", 1)));
    let finished = logs(&folder, &["report", "-v", "--workers", "1", "second", "first"]);
    let done: Vec<&str> = finished.stderr.lines().collect();
    assert_eq!(
        done,
        ["logs: first: 5001 lines, 0 ignored", "logs: second: 6001 lines, 6000 ignored"]
    );
    let said = "11002 lines, 0 of them no records\n5001 visits of 1 addresses, 50010 bytes\n";
    assert!(finished.stdout.starts_with(said), "{finished:#?}");
    let together = logs(&folder, &["report", "--workers", "2", "second", "first"]).succeeded();
    assert_eq!(together.stdout, finished.stdout);
}

#[test]
fn what_cannot_be_read_is_reported_and_stops_nothing() {
    let folder = tempdir().expect("a folder for logs");
    let _ = logs(&folder, &["generate", "1MB", "cut.gz"]).succeeded();
    let whole = fs::read(folder.path().join("cut.gz")).expect("it was written");
    fs::write(folder.path().join("cut.gz"), &whole[..whole.len() / 2]).expect("half of it");
    write(&folder, "empty", "");
    write(&folder, "binary", "\u{0}\u{1}\n\n\u{fffd}");
    write(&folder, "good", &visits("192.0.2.1", 7));
    let finished = logs(&folder, &["report", "missing", "cut.gz", "empty", ".", "binary", "good"]);
    assert_eq!(finished.code(), Some(1), "{finished:#?}");
    let mut complaints: Vec<&str> = finished.stderr.lines().collect();
    complaints.sort_unstable();
    assert_eq!(complaints.len(), 3, "{finished:#?}");
    for (complaint, name) in complaints.iter().zip([".", "cut.gz", "missing"]) {
        assert!(complaint.starts_with(&format!("logs: {name}: ")), "{finished:#?}");
    }
    assert!(finished.stdout.contains(" 3 of them no records"), "{finished:#?}");
}

#[test]
fn wrong_arguments_are_explained() {
    let folder = tempdir().expect("a folder for logs");
    for (arguments, explanation) in [
        (&["report"][..], "<FILE>..."),
        (&["report", "--workers", "0", "a"], "--workers"),
        (&["generate", "much", "a"], "`5MB`"),
        (&["generate", "99999999999999999999GB", "a"], "`5MB`"),
        (&[], "report"),
    ] {
        let finished = logs(&folder, arguments);
        assert_eq!(finished.code(), Some(2), "{finished:#?}");
        assert!(finished.stderr.contains(explanation), "{finished:#?}");
        assert_eq!(finished.stdout, "", "{finished:#?}");
    }
}
