//! Broken C code, each call in a process of its own.

use std::fs;

use background_tests::{Run, until};

/// Whether a process of this program lives: the program itself, or a worker of it.
fn lives(program: &std::path::Path) -> bool {
    let processes = fs::read_dir("/proc").expect("the system's processes").flatten();
    let mut programs = processes.filter_map(|it| fs::read_link(it.path().join("exe")).ok());
    programs.any(|it| it == program)
}

#[test]
fn each_crash_is_one_failed_call() {
    // By a path of its own, so that no other run of the example is taken for this one.
    let folder = tempfile::tempdir().expect("a folder for the program");
    let program = folder.path().canonicalize().expect("it is there").join("crash");
    fs::copy(Run::path_of_example("crash"), &program).expect("a copy");
    let finished = Run::new(&program).finish().succeeded();
    let said: Vec<&str> = finished.stdout.lines().filter(|line| !line.starts_with(' ')).collect();
    let expected = [
        "abort: crashed by signal 6",
        "segfault: crashed by signal 11",
        "loop: timed out",
        "leak: out of memory",
        "the program goes on",
    ];
    assert_eq!(said, expected, "{finished:#?}");
    for part in ["`segfault` (called at ", "(SIGSEGV): invalid access to memory (at 0x0)"] {
        assert!(finished.stdout.contains(part), "{part:?} in {finished:#?}");
    }
    assert_eq!(finished.stderr, "", "{finished:#?}");
    until("no process is left", || !lives(&program));
}
