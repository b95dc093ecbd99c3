//! What a rule has to say.

use std::fmt;

/// A place that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) file: String,
    /// Counted from 1; 0 when the file as a whole is meant.
    pub(super) line: usize,
    /// What is wrong.
    pub(super) what: String,
    /// What to do instead.
    pub(super) instead: String,
}

impl Violation {
    pub(super) fn new(
        file: &str,
        line: usize,
        what: impl Into<String>,
        instead: impl Into<String>,
    ) -> Self {
        Self { file: file.to_owned(), line, what: what.into(), instead: instead.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, what, instead } = self;
        write!(f, "{file}:{line}: {what}\n    instead: {instead}")
    }
}
