//! A picture of a future at one moment.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use crate::cell::state::{CLAIMED, FAILED, READY, STOP};
use crate::task::header::Header;
use crate::task::task_id::TaskId;

/// How far a task has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// The body has not started.
    Waiting,
    /// The body runs.
    Running,
    /// There is a value.
    Finished,
    /// There is a failure, a time-out included.
    Failed,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Failed => "failed",
        })
    }
}

/// A picture of a future at one moment, from [`Background::status`](crate::Background::status).
///
/// ```
/// use background::{Background, Phase, task};
///
/// let x = task().name("sum").spawn(|| 1 + 1);
/// assert_eq!(x, 2);
/// let status = Background::status(&x);
/// assert_eq!(status.phase(), Phase::Finished);
/// assert!(status.to_string().starts_with("`sum` (called at "));
/// ```
#[derive(Clone, Debug)]
pub struct Status {
    id: TaskId,
    name: String,
    call_site: &'static Location<'static>,
    phase: Phase,
    stopping: bool,
    age: Duration,
}

impl Status {
    pub(crate) fn of(header: &Header) -> Self {
        let bits = header.core.state.read();
        let phase = match bits {
            _ if bits & (READY | FAILED) == READY => Phase::Finished,
            _ if bits & READY != 0 => Phase::Failed,
            _ if bits & CLAIMED != 0 => Phase::Running,
            _ => Phase::Waiting,
        };
        Self {
            id: header.id(),
            name: header.name().to_owned(),
            call_site: header.settings.caller,
            phase,
            // A cancel that comes too late sets the bit all the same.
            stopping: bits & STOP != 0 && phase != Phase::Finished,
            age: header.age(),
        }
    }

    /// The task's number.
    pub fn id(&self) -> TaskId {
        self.id
    }

    /// The name that was asked for, else the function's.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the function was called.
    pub fn call_site(&self) -> &'static Location<'static> {
        self.call_site
    }

    /// How far the task had come.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The body had been told to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping
    }

    /// The time since the call, good to some milliseconds.
    pub fn age(&self) -> Duration {
        self.age
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, call_site, phase, age, .. } = self;
        write!(f, "`{name}` (called at {call_site}) {phase}, {age:.1?} old")
    }
}
