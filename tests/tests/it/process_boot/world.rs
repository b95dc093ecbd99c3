//! The programs of `tests/boot`, and cargo for them.

use std::path::PathBuf;
use std::time::Duration;

use background_tests::{Run, workspace};

/// A cargo command there. Everything that has to be loaded was loaded for the running test, and the
/// results are kept for the next run.
pub(super) fn cargo(command: &str, arguments: &[&str]) -> Run {
    Run::new(env!("CARGO"))
        .inside(workspace::root().join("tests/boot"))
        .arg(command)
        .args(arguments)
        .args(["--offline", "--quiet", "--target-dir"])
        .arg(target())
        .env("CARGO_TERM_COLOR", "never")
        .patience(Duration::from_secs(1200))
}

#[track_caller]
pub(super) fn build(arguments: &[&str]) {
    let _ = cargo("build", arguments).finish().succeeded();
}

/// Where something is that was built.
pub(super) fn path(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(name)
}

/// A program that was built, to be run.
pub(super) fn program(profile: &str, name: &str) -> Run {
    Run::new(path(profile, name))
}

fn target() -> PathBuf {
    workspace::target().join("boot/dev")
}
