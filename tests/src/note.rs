//! What one process leaves for another.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use crate::until;

/// A place where bodies leave texts for the test that has started them, by name.
#[derive(Clone, Debug)]
pub struct Note {
    folder: Arc<TempDir>,
}

impl Default for Note {
    fn default() -> Self {
        Self::new()
    }
}

impl Note {
    /// A place where there is nothing yet.
    ///
    /// # Panics
    ///
    /// When there can be no folder for it.
    #[must_use]
    pub fn new() -> Self {
        Self { folder: Arc::new(tempfile::tempdir().expect("a folder")) }
    }

    /// What a body is given, for [`leave`](Self::leave).
    ///
    /// # Panics
    ///
    /// Never: such paths are texts.
    #[must_use]
    pub fn at(&self, name: &str) -> String {
        self.path(name).to_str().expect("a text").to_owned()
    }

    /// Leaves a text at that place, whole or not at all.
    ///
    /// # Panics
    ///
    /// When it cannot be written.
    #[allow(clippy::needless_pass_by_value, reason = "numbers are left as often as texts")]
    pub fn leave(at: &str, text: impl std::fmt::Display) {
        let draft = format!("{at}.{}", std::process::id());
        fs::write(&draft, format!("{text}")).expect("a note can be written");
        fs::rename(draft, at).expect("and put where it is looked for");
    }

    /// What was left under that name, if anything.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path(name)).ok()
    }

    /// Waits for what is left under that name.
    ///
    /// # Panics
    ///
    /// When nothing comes.
    #[track_caller]
    #[must_use]
    pub fn wait(&self, name: &str) -> String {
        let mut text = None;
        until(&format!("a note called {name}"), || {
            text = self.read(name);
            text.is_some()
        });
        text.unwrap_or_default()
    }

    /// Waits for the number that is left under that name.
    ///
    /// # Panics
    ///
    /// When nothing comes, or no number.
    #[track_caller]
    #[must_use]
    pub fn wait_for_number(&self, name: &str) -> u32 {
        self.wait(name).parse().expect("a number")
    }

    /// The bytes that were left under that name.
    ///
    /// # Panics
    ///
    /// When there are none.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("something was left")
    }

    /// The folder where everything is left.
    ///
    /// # Panics
    ///
    /// Never: such paths are texts.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.folder.path().to_str().expect("a text")
    }

    /// Names of all that was left.
    ///
    /// # Panics
    ///
    /// When the folder cannot be read.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).expect("the folder is there");
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::join(self.folder.path(), name)
    }
}
