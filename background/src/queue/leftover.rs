//! A call that its queue has not brought to an end.

use std::fmt;
use std::panic::Location;

use crate::failure::Failure;
use crate::queue::waiting::{Entry, What};
use crate::strategy::Strategy;

/// A call that comes back from a [`TaskQueue`](crate::TaskQueue) without an outcome: its queue was
/// shut down, or its worker detached.
///
/// Its future still waits. [`start`](Self::start) runs it elsewhere, from the beginning; a leftover
/// that is dropped ends as [`Failure::Lost`].
///
/// ```
/// use background::{TaskQueue, strategies::Thread};
/// use std::time::Duration;
///
/// let queue = TaskQueue::new();
/// let never = queue.call(|| 7); // there is no worker
/// let mut left = queue.shutdown(Duration::ZERO);
/// assert_eq!(left.len(), 1);
/// left.pop().unwrap().start(&Thread);
/// assert_eq!(never, 7);
/// ```
#[must_use = "a leftover that is dropped is lost, and so is its caller's value"]
pub struct Leftover {
    /// `None` only on the way out of a method that takes `self`.
    entry: Option<Entry>,
}

impl Leftover {
    pub(super) fn new(entry: Entry) -> Self {
        Self { entry: Some(entry) }
    }

    fn entry(&self) -> &Entry {
        match &self.entry {
            Some(entry) => entry,
            None => unreachable!("a leftover has a call until it is consumed"),
        }
    }

    /// The name that was asked for, else the function's. Never blocks.
    #[must_use]
    pub fn name(&self) -> &str {
        self.entry().job().name()
    }

    /// Where it was called. Never blocks.
    #[must_use]
    pub fn call_site(&self) -> &'static Location<'static> {
        self.entry().job().settings.caller
    }

    /// The series that was asked for. Never blocks.
    #[must_use]
    pub fn series(&self) -> Option<&str> {
        self.entry().series.as_deref()
    }

    /// Hands the call to a strategy, another queue for instance. As a call it blocks and panics if
    /// the strategy does.
    pub fn start(mut self, strategy: &(impl Strategy + ?Sized)) {
        match self.entry.take().map(|entry| entry.what) {
            Some(What::Fresh(task)) => strategy.start(task),
            Some(What::Again { job, trial }) => {
                if let Some(task) = trial.begin(&job) {
                    strategy.start(task);
                }
            }
            None => {}
        }
    }
}

impl Drop for Leftover {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take() {
            entry.end(Failure::Lost);
        }
    }
}

impl fmt::Debug for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leftover")
            .field("name", &self.name())
            .field("call_site", &format_args!("{}", self.call_site()))
            .field("series", &self.series())
            .finish()
    }
}
