//! How a program's executable becomes a worker: in every kind of target, whatever the environment says,
//! and where it cannot.
//!
//! The programs are in `tests/boot`. This is the short form; `ci/boot` has every profile and linker.

mod environments;
mod hosts;
mod world;

use background_tests::Run;
use tempfile::TempDir;

use world::{build, cargo, program};

/// The program ran to its end, and what it made were workers: it said so once.
#[track_caller]
fn is_checked(run: Run) {
    let finished = run.finish().succeeded();
    assert_eq!(finished.stdout, "checked\n", "{finished:#?}");
}

#[test]
fn a_program_and_an_example() {
    build(&["--package", "program", "--bins", "--examples"]);
    is_checked(program("debug", "program").arg("check"));
    is_checked(program("debug", "examples/shown"));
}

#[test]
fn tests_with_and_without_a_harness() {
    let finished = cargo("test", &["--package", "program", "--lib", "--tests"]).finish();
    let finished = finished.succeeded();
    for line in ["2 passed", "4 passed", "checked"] {
        assert!(finished.stdout.contains(line), "{finished:#?}");
    }
}

#[test]
fn a_benchmark() {
    let finished = cargo("test", &["--package", "program", "--bench", "measures"]).finish();
    assert!(finished.succeeded().stdout.ends_with("checked\n"));
}

/// The one is merged with others into one program, which runs itself once more for each; the other is
/// a program of its own.
#[test]
fn documentation() {
    let finished = cargo("test", &["--package", "program", "--doc"]).finish().succeeded();
    assert_eq!(finished.stdout.matches("1 passed").count(), 2, "{finished:#?}");
}

/// A panic that aborts is no crash: the program learns what the panic said.
#[test]
fn a_panic_that_aborts() {
    build(&["--package", "program", "--bins", "--profile", "abort"]);
    is_checked(program("abort", "program").arg("check"));
}

#[test]
fn one_unit_for_the_whole_program() {
    build(&["--package", "program", "--bins", "--profile", "small"]);
    is_checked(program("small", "program").arg("check"));
}

#[test]
fn a_program_without_its_file() {
    build(&["--package", "program", "--bins"]);
    let folder = TempDir::new().expect("a folder for the program");
    let copy = folder.path().join("program");
    std::fs::copy(world::path("debug", "program"), &copy).expect("a copy");
    is_checked(Run::new(&copy).arg("lose"));
    assert!(!copy.exists());
}
