//! What a pool knows of one of its workers.

use crate::sync::global::{AtomicU8, AtomicU64, Ordering};
use crate::thread::load::ThreadId;
use crate::thread::sleep::Sleep;

/// It searches, sleeps, or waits in a touch: the pool knows that without looking.
const OFF: u8 = 0;
/// It runs bodies, and is counted as having a core.
const RUNNING: u8 = 1;
/// It runs a body that has been seen waiting, and is not counted as having a core.
const PRESUMED: u8 = 2;

/// One worker, as the overseer sees it.
pub(super) struct Member {
    thread: ThreadId,
    state: AtomicU8,
    /// How many bodies it has run.
    runs: AtomicU64,
    /// What the overseer saw when it looked last: the bodies, and the thread's time on a core.
    seen_runs: AtomicU64,
    seen_cpu: AtomicU64,
}

/// What a look at a worker has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Not in a body, or in a touch that the pool knows of.
    Off,
    /// On a core, or waiting for one.
    Busy,
    /// In a body that waits for something.
    Waiting,
}

impl Member {
    pub(super) fn of_this_thread() -> Self {
        Self {
            thread: ThreadId::of_this_thread(),
            state: AtomicU8::new(OFF),
            runs: AtomicU64::new(0),
            seen_runs: AtomicU64::new(0),
            seen_cpu: AtomicU64::new(0),
        }
    }

    /// The worker begins to run bodies. It is counted as having a core.
    pub(super) fn begin(&self) {
        // What it did before it searched says nothing of what it does now.
        // ORDERING: Relaxed. A look that misses it takes the worker for busy once.
        self.seen_cpu.store(0, Ordering::Relaxed);
        // ORDERING: Relaxed. The state moves a count and publishes nothing; all its changes are
        // ordered among themselves.
        self.state.store(RUNNING, Ordering::Relaxed);
    }

    /// The worker has run one body, and goes on.
    #[inline]
    pub(super) fn ran(&self, sleep: &Sleep) {
        // ORDERING: Relaxed. Only this thread writes it; the overseer compares.
        self.runs.store(self.runs.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        // ORDERING: Relaxed, as in `begin`.
        if self.state.load(Ordering::Relaxed) == PRESUMED {
            self.end(sleep);
            self.begin();
        }
    }

    /// The worker runs no body any more, or waits in a touch. It is counted as having a core, as
    /// before, unless that was wrong: then it is from now on. `true` if it was running bodies.
    pub(super) fn end(&self, sleep: &Sleep) -> bool {
        // ORDERING: Relaxed, as in `begin`.
        let before = self.state.swap(OFF, Ordering::Relaxed);
        if before == PRESUMED {
            sleep.take_core();
        }
        before != OFF
    }

    /// Looks at the worker. `interval` is the time since the last look in nanoseconds.
    /// `standstill`: no worker has run a body since, which has to do where the system does not say
    /// what a thread does.
    pub(super) fn look(&self, interval: u64, standstill: bool) -> Look {
        // ORDERING: Relaxed, as in `begin`.
        if self.state.load(Ordering::Relaxed) == OFF {
            return Look::Off;
        }
        // ORDERING: Relaxed. Only the overseer uses what it has seen; `runs` is compared.
        let runs = self.runs.load(Ordering::Relaxed);
        // ORDERING: Relaxed, as above.
        let ran = self.seen_runs.swap(runs, Ordering::Relaxed) != runs;
        let waits = match self.thread.cpu() {
            None => !ran && standstill,
            Some(cpu) => {
                // ORDERING: Relaxed, as above.
                let before = self.seen_cpu.swap(cpu, Ordering::Relaxed);
                let idle = before == 0 || cpu.saturating_sub(before) < interval / 8;
                idle && self.thread.is_runnable() == Some(false)
            }
        };
        if waits { Look::Waiting } else { Look::Busy }
    }

    /// How many bodies it has run.
    pub(super) fn runs(&self) -> u64 {
        // ORDERING: Relaxed, as in `look`.
        self.runs.load(Ordering::Relaxed)
    }

    /// Has run a body since the last look.
    pub(super) fn has_moved(&self) -> bool {
        // ORDERING: Relaxed, as in `look`.
        self.runs.load(Ordering::Relaxed) != self.seen_runs.load(Ordering::Relaxed)
    }

    /// Has been seen waiting.
    pub(super) fn is_presumed(&self) -> bool {
        // ORDERING: Relaxed, as in `begin`.
        self.state.load(Ordering::Relaxed) == PRESUMED
    }

    /// The overseer has seen the worker wait: its core is free. `true` if that is news.
    pub(super) fn presume(&self, sleep: &Sleep) -> bool {
        self.change(RUNNING, PRESUMED, || sleep.leave_core())
    }

    /// The overseer has seen the worker on a core again.
    pub(super) fn restore(&self, sleep: &Sleep) -> bool {
        self.change(PRESUMED, RUNNING, || sleep.take_core())
    }

    fn change(&self, from: u8, to: u8, then: impl FnOnce()) -> bool {
        // ORDERING: Relaxed, as in `begin`.
        let changed =
            self.state.compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if changed {
            then();
        }
        changed
    }
}
