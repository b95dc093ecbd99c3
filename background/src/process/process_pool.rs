//! A pool of worker processes that users hold.

use std::fmt;
use std::sync::Arc;

use crate::parcel::Limits;
use crate::process::pool::Shared;
use crate::process::settings::{ProcessPoolBuilder, Settings};
use crate::strategy::Strategy;
use crate::sync::global::lock;
use crate::task::Task;
use crate::task::briefing::Briefing;

/// A pool of worker processes of your own, beside the program's.
///
/// Made by [`processes`](crate::processes). Cloning it is cheap and gives another handle to the same
/// pool. When the last handle is dropped, what is queued still runs; then the workers leave, and
/// their exit handlers run. Dropping blocks on nothing.
///
/// ```
/// use background::{Background, processes, task};
///
/// let pool = processes().workers(1).build();
/// let parity = task().on(pool).spawn_with(|n: u64| n % 2, 7);
/// assert_eq!(Background::join(parity), 1);
/// ```
#[derive(Clone)]
pub struct ProcessPool {
    handle: Arc<Handle>,
}

struct Handle {
    shared: Arc<Shared>,
}

impl ProcessPool {
    pub(super) fn new(settings: Settings) -> Self {
        Self { handle: Arc::new(Handle { shared: Arc::new(Shared::new(settings)) }) }
    }

    /// Says who briefs new workers, of which there is at most one at a time.
    pub(crate) fn brief_by(&self, briefing: Arc<dyn Briefing>) {
        self.handle.shared.brief_by(briefing);
    }

    /// How many worker processes there are now, busy or idle.
    ///
    /// ```
    /// assert_eq!(background::processes().build().workers(), 0); // started when there is work
    /// ```
    pub fn workers(&self) -> usize {
        lock(&self.handle.shared.state).members.len()
    }
}

impl Strategy for ProcessPool {
    fn start(&self, task: Task) {
        self.handle.shared.start(task, Limits::new());
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let mut state = lock(&self.shared.state);
        state.closed = true;
        let kept = state.kept || state.standing_by > 0;
        drop(state);
        if kept {
            self.shared.bell().ring();
        }
    }
}

impl fmt::Debug for ProcessPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessPool").field("workers", &self.workers()).finish_non_exhaustive()
    }
}

impl ProcessPoolBuilder {
    /// Makes the pool. Starts no process yet.
    #[must_use]
    pub fn build(self) -> ProcessPool {
        ProcessPool::new(self.settings)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::{Background, processes, task};

    #[test]
    fn endless_times_are_no_limits() {
        let pool = processes().workers(1).idle(Duration::MAX).cpu(Duration::MAX).build();
        for n in 0..3 {
            let call = task().on(pool.clone()).spawn_with(|n: u32| n + 1, n);
            assert_eq!(Background::join(call), n + 1);
        }
    }
}
