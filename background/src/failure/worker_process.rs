//! The process in which a call has failed.

use std::fmt;

use crate::failure::Call;

/// A call, and the worker process that ran it.
///
/// Prints as `` `name` (called at file:line:column), worker process 4711 ``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerProcess {
    call: Call,
    pid: u32,
}

impl WorkerProcess {
    pub(crate) fn new(call: Call, pid: u32) -> Self {
        Self { call, pid }
    }

    /// The call that failed.
    #[must_use]
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// The number of the process. It is gone, so the system may have given the number to another.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The process alone, for messages that have named the call.
    pub(crate) fn process(&self) -> String {
        format!("worker process {}", self.pid)
    }
}

impl fmt::Display for WorkerProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.call, self.process())
    }
}
