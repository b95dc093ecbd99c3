//! How a process ended.

use std::fmt;
use std::process::ExitStatus;
use std::time::Duration;

/// A process that has ended, with all it wrote.
pub struct Finished {
    /// What was run, for messages.
    pub what: String,
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote on standard output.
    pub stdout: String,
    /// What it wrote on standard error.
    pub stderr: String,
    /// How long it took.
    pub took: Duration,
}

impl Finished {
    /// The exit code; `None` when a signal ended it.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// The signal that ended it, if one did.
    #[must_use]
    pub fn signal(&self) -> Option<i32> {
        #[cfg(unix)]
        return std::os::unix::process::ExitStatusExt::signal(&self.status);
        #[cfg(not(unix))]
        return None;
    }

    /// Requires the exit code 0 and gives the process back.
    ///
    /// # Panics
    ///
    /// When it ended otherwise, with all it wrote.
    #[track_caller]
    #[must_use = "a process that only has to succeed is asserted with `.succeeded()` and dropped"]
    pub fn succeeded(self) -> Self {
        assert!(self.status.success(), "{self:#?}");
        self
    }

    /// The standard output, line by line.
    #[must_use]
    pub fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }
}

/// Readable as it was written, line by line.
impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, status, stdout, stderr, took } = self;
        write!(f, "{what}\n{status} after {took:.1?}\n-- stdout\n{stdout}\n-- stderr\n{stderr}\n--")
    }
}
