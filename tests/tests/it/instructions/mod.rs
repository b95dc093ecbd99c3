//! How many instructions a call takes. They do not depend on what else the machine does.
//!
//! Only the instructions of the thread that calls and touches are counted, by valgrind's callgrind,
//! in an optimised build of `src/bin/instructions.rs`. Of two runs of different lengths, only the
//! difference counts.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use background_tests::{Run, workspace};

/// What is done, and how many instructions it may take each time: what was measured, and a quarter
/// on top for other compilers and other C libraries. Whoever makes something faster lowers its
/// limit.
const LIMITS: &[(&str, u64)] = &[
    ("ready touch", 12),
    ("inline", 760),
    ("lazy", 980),
    ("spawn and read", 1_200),
    ("spawn", 890),
    ("claim, oldest first", 1_180),
    ("claim, newest first", 860),
];

/// How often it is done, in the shorter and in the longer run.
const TIMES: [u64; 2] = [500, 2_500];

#[test]
fn no_call_takes_more_instructions_than_it_may() {
    let mut dear = Vec::new();
    for (what, most) in LIMITS {
        let [short, long] = TIMES.map(|times| instructions(what, times));
        let [fewer, more] = TIMES;
        assert!(
            long > short,
            "{what}: {long} for {more}, {short} for {fewer}: nothing was counted"
        );
        let each = (long - short).div_ceil(more - fewer);
        println!("{what}: {each} instructions, of at most {most}");
        if each > *most {
            dear.push(format!("{what}: {each} instructions, more than {most}"));
        }
    }
    assert!(dear.is_empty(), "\n{}\n", dear.join("\n"));
}

/// How many instructions the counted part takes when the program does it so often.
fn instructions(what: &str, times: u64) -> u64 {
    let folder = tempfile::tempdir().expect("a folder for what callgrind writes");
    let counts = folder.path().join("counts");
    let mut out = std::ffi::OsString::from("--callgrind-out-file=");
    out.push(&counts);
    let _ = Run::new(valgrind())
        .args(["--quiet", "--tool=callgrind", "--fair-sched=yes"])
        .arg("--toggle-collect=*only_this_is_counted*")
        .arg(out)
        .arg(program())
        .args([what, &times.to_string()])
        .env("BACKGROUND_WORKERS", "1")
        .patience(Duration::from_secs(300))
        .finish()
        .succeeded();
    total(&counts)
}

/// What callgrind has counted altogether.
fn total(counts: &Path) -> u64 {
    let text = std::fs::read_to_string(counts).expect("callgrind writes its counts");
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    let total = total.and_then(|total| total.trim().parse().ok());
    total.unwrap_or_else(|| panic!("there are no totals in what callgrind has written:\n{text}"))
}

/// The tool, or a failure that says where it comes from.
fn valgrind() -> &'static str {
    let found = Command::new("valgrind").arg("--version").output();
    assert!(
        found.is_ok_and(|output| output.status.success()),
        "this test needs valgrind: install it with `apt-get install valgrind`, or with what your \
         system has in its place"
    );
    "valgrind"
}

/// The program, in the optimised build.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let _ = Run::new(env!("CARGO"))
            .inside(workspace::root())
            .args(["build", "--release", "-p", "background-tests", "--bin", "instructions"])
            .arg("--target-dir")
            .arg(workspace::target())
            .patience(Duration::from_secs(1200))
            .finish()
            .succeeded();
        workspace::target().join("release").join("instructions")
    })
}
