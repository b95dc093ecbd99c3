//! The files that the rules look at.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::facts::{self, Fact};

/// All text files of a workspace, by their path from its root.
///
/// Rules take a tree and not the disk, so that they can be shown trees that break them.
#[derive(Default)]
pub(super) struct Tree {
    files: BTreeMap<String, File>,
}

/// One text file.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
    /// What a Rust file does; empty for others.
    pub(super) facts: Vec<Fact>,
    /// Why a Rust file could not be read.
    pub(super) broken: Option<String>,
}

/// What is no source of ours: build results, the version control's own files, and inputs that a
/// property test keeps after it failed.
const FOREIGN: &[&str] = &["target", ".git", "proptest-regressions"];

/// What names text by its ending. Files without an ending are read too.
const TEXT: &[&str] = &["rs", "toml", "md", "sh", "stderr", "snap", "supp", "yml", "yaml", ""];

impl Tree {
    /// Reads the workspace from the disk.
    pub(super) fn read(root: &Path) -> Self {
        let mut tree = Self::default();
        tree.read_folder(root, "");
        tree
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) {
        for entry in fs::read_dir(folder).expect("the workspace can be read") {
            let entry = entry.expect("the workspace can be read");
            let name = entry.file_name().to_string_lossy().into_owned();
            if FOREIGN.contains(&name.as_str()) {
                continue;
            }
            let path = entry.path();
            if path.is_dir() {
                self.read_folder(&path, &format!("{prefix}{name}/"));
            } else if is_text(&path)
                && let Ok(text) = fs::read_to_string(&path)
            {
                self.put(&format!("{prefix}{name}"), &text);
            }
        }
    }

    /// A tree of the given files.
    pub(super) fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            tree.put(path, text);
        }
        tree
    }

    /// Adds or replaces a file.
    pub(super) fn put(&mut self, path: &str, text: &str) {
        let (facts, broken) = match is_rust(path).then(|| facts::of(text)) {
            None => (Vec::new(), None),
            Some(Ok(facts)) => (facts, None),
            Some(Err(error)) => (Vec::new(), Some(error)),
        };
        let file = File { path: path.to_owned(), text: text.to_owned(), facts, broken };
        self.files.insert(path.to_owned(), file);
    }

    pub(super) fn get(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values()
    }

    pub(super) fn rust(&self) -> impl Iterator<Item = &File> {
        self.files().filter(|file| is_rust(&file.path))
    }
}

impl File {
    /// A user's program that shows what the compiler says to it; what it may say is the point.
    pub(super) fn is_specimen(&self) -> bool {
        ["ui-tests/tests/accept/", "ui-tests/tests/refuse/"]
            .iter()
            .any(|folder| self.path.starts_with(folder))
    }

    /// A line, counted from 1; empty beyond the end.
    pub(super) fn line(&self, line: usize) -> &str {
        self.text.lines().nth(line.wrapping_sub(1)).unwrap_or("")
    }
}

fn is_text(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    TEXT.contains(&&*ending)
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == "rs")
}
