//! Where things are.

use std::path::{Path, PathBuf};

/// The folder of the workspace's own `Cargo.toml`.
///
/// # Panics
///
/// Never: this package lies in the workspace.
///
/// ```
/// assert!(background_tests::workspace::root().join("README.md").parent().unwrap().is_dir());
/// ```
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package lies in the workspace")
}

/// The folder into which the running test was built, such as `target/debug`.
///
/// # Panics
///
/// When the running program was not built by cargo as a test or as a program of this package.
#[must_use]
pub fn artifacts() -> PathBuf {
    let program = std::env::current_exe().expect("the running program has a path");
    let folder = program.parent().expect("a program lies in a folder");
    if folder.ends_with("deps") {
        folder.parent().expect("cargo's deps lie in a profile's folder").to_owned()
    } else {
        folder.to_owned()
    }
}

/// Cargo's target folder of the running test.
///
/// # Panics
///
/// As [`artifacts`].
#[must_use]
pub fn target() -> PathBuf {
    artifacts().parent().expect("a profile's folder lies in the target folder").to_owned()
}
