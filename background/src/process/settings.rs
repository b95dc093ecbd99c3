//! The settings of a pool of worker processes.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::parcel::{Entry, Limits};
use crate::process::depth;
use crate::task::threads::cores;

/// Where the output of worker processes goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Output {
    /// Where the program's own goes.
    #[default]
    Inherit,
    /// Nowhere.
    Null,
}

#[derive(Clone)]
pub(crate) struct Settings {
    pub(super) workers: usize,
    pub(super) limits: Limits,
    pub(super) idle: Duration,
    pub(super) message_limit: u64,
    pub(super) init: Option<&'static Entry>,
    pub(super) stdout: Output,
    pub(super) stderr: Output,
    directory: Option<PathBuf>,
    /// Variables that are set, or removed.
    environment: Vec<(OsString, Option<OsString>)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // Within a worker the program has its share of the cores already.
            workers: if depth::get() == 0 { cores() } else { 1 },
            limits: Limits::new(),
            idle: Duration::from_secs(30),
            message_limit: 1 << 30,
            init: None,
            stdout: Output::Inherit,
            stderr: Output::Inherit,
            directory: None,
            environment: Vec::new(),
        }
    }
}

impl Settings {
    /// Gives a worker's command its directory and its environment.
    pub(super) fn adorn(&self, command: &mut Command) {
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
    }
}

/// A pool of worker processes that is being described.
///
/// Made by [`processes`](crate::processes).
///
/// ```
/// use background::{Background, processes, task};
/// use std::time::Duration;
///
/// let pool = processes().workers(1).env("GREETING", "hello").idle(Duration::from_secs(1)).build();
/// let greeting = task().on(pool).spawn_with(|()| std::env::var("GREETING").ok(), ());
/// assert_eq!(Background::join(greeting).as_deref(), Some("hello"));
/// ```
#[derive(Clone)]
#[must_use = "a description of a pool does nothing; call `build`"]
pub struct ProcessPoolBuilder {
    pub(super) settings: Settings,
}

impl ProcessPoolBuilder {
    pub(crate) fn new() -> Self {
        Self { settings: Settings::default() }
    }

    /// At most so many processes at once; one for each core unless said.
    ///
    /// # Panics
    ///
    /// With 0: nothing would ever run.
    pub fn workers(mut self, workers: usize) -> Self {
        assert!(workers > 0, "a pool of processes needs at least one worker");
        self.settings.workers = workers;
        self
    }

    /// Lets a call add at most so many bytes to what its worker holds; more ends it as
    /// [`OutOfMemory`](crate::Failure::OutOfMemory). For calls that say nothing else themselves.
    pub fn memory(mut self, bytes: u64) -> Self {
        self.settings.limits = self.settings.limits.memory(bytes);
        self
    }

    /// Lets a call use at most so much processor time, of all its threads together; more ends it as
    /// [`CpuExceeded`](crate::Failure::CpuExceeded). For calls that say nothing else themselves.
    pub fn cpu(mut self, time: Duration) -> Self {
        self.settings.limits = self.settings.limits.cpu(time);
        self
    }

    /// Replaces a worker when it has served so many calls.
    ///
    /// # Panics
    ///
    /// With 0: nothing would ever run.
    pub fn max_calls(mut self, calls: u64) -> Self {
        assert!(calls > 0, "a worker serves at least one call");
        self.settings.limits = self.settings.limits.max_calls(calls);
        self
    }

    /// Ends a worker that has had nothing to do for so long; 30 seconds unless said.
    pub fn idle(mut self, time: Duration) -> Self {
        self.settings.idle = time;
        self
    }

    /// Refuses arguments and values of more bytes; 1 GiB unless said.
    pub fn message_limit(mut self, bytes: u64) -> Self {
        self.settings.message_limit = bytes;
        self
    }

    /// Where the standard output of the workers goes.
    pub fn stdout(mut self, output: Output) -> Self {
        self.settings.stdout = output;
        self
    }

    /// Where the standard error output of the workers goes.
    pub fn stderr(mut self, output: Output) -> Self {
        self.settings.stderr = output;
        self
    }

    /// Starts the workers in that directory. Elsewhere they start where the program is at that time.
    pub fn current_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.settings.directory = Some(directory.into());
        self
    }

    /// Sets a variable in the environment of the workers.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        let value = Some(value.as_ref().to_owned());
        self.settings.environment.push((name.as_ref().to_owned(), value));
        self
    }

    /// Removes a variable from the environment of the workers.
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Self {
        self.settings.environment.push((name.as_ref().to_owned(), None));
        self
    }

    pub(crate) fn initialiser(mut self, entry: &'static Entry) -> Self {
        self.settings.init = Some(entry);
        self
    }
}

impl std::fmt::Debug for ProcessPoolBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProcessPoolBuilder")
            .field("workers", &self.settings.workers)
            .field("limits", &self.settings.limits)
            .field("idle", &self.settings.idle)
            .finish_non_exhaustive()
    }
}
