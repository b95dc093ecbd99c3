//! What a call may use in its worker process.

use std::time::Duration;

/// The limits of one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that the call may add to what its worker holds.
    pub(crate) memory: Option<u64>,
    /// Processor time, of all threads of the worker together.
    pub(crate) cpu: Option<Duration>,
    /// The worker leaves after this call when it has served so many.
    pub(crate) max_calls: Option<u64>,
}

impl Limits {
    /// No limits.
    #[must_use]
    pub const fn new() -> Self {
        Self { memory: None, cpu: None, max_calls: None }
    }

    /// Lets the call add at most so many bytes to what its worker holds.
    #[must_use]
    pub const fn memory(mut self, bytes: u64) -> Self {
        self.memory = Some(bytes);
        self
    }

    /// Lets the call use at most so much processor time.
    #[must_use]
    pub const fn cpu(mut self, time: Duration) -> Self {
        self.cpu = Some(time);
        self
    }

    /// Lets a worker serve at most so many calls.
    #[must_use]
    pub const fn max_calls(mut self, calls: u64) -> Self {
        self.max_calls = Some(calls);
        self
    }

    /// These limits, and where there is none, the other's.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            memory: self.memory.or(other.memory),
            cpu: self.cpu.or(other.cpu),
            max_calls: match (self.max_calls, other.max_calls) {
                (Some(one), Some(another)) => Some(one.min(another)),
                (one, another) => one.or(another),
            },
        }
    }
}
