//! Waiting for an outcome on a thread.

use std::sync::Arc;
use std::time::Duration;

use crate::cell::parker::Parker;
use crate::cell::state::{CLAIMABLE, CLAIMED, PARKED};
use crate::cell::waiters::{Key, Waiter};
use crate::clock::Tick;
use crate::failure::Failure;
use crate::task::frame::{self, Place};
use crate::task::header::Header;
use crate::task::job_ref::JobRef;
use crate::task::wait_graph::{self, Need};
use crate::task::{Task, aside, current, host, spin, stack};

/// The limit of a wait that has none, but must not run the body.
pub(crate) const FOREVER: Tick = Tick(Tick::NEVER.0 - 1);

/// Waits until the outcome is there, or until `until`. `true` when it is there.
///
/// A body that has not started runs right here if its strategy allows that and the caller has
/// time: no switch, and no worker is needed. Only this body, never another one, so a lock that the
/// caller holds meets no surprise.
///
/// A checkpoint of the current task while it waits. `place` is that of the touch.
pub(crate) fn until_ready(job: &JobRef, until: Tick, place: Place) -> bool {
    if job.core.is_ready() {
        return true;
    }
    if let Some(task) = begin(job, until, place) {
        stack::with_room(|| task.run());
    }
    until_filled(job, until, place)
}

/// The first half of [`until_ready`]: runs the body, if it may run here, but leaves that to the
/// caller when its task is the newest in this thread's own queue.
pub(crate) fn begin(job: &JobRef, until: Tick, place: Place) -> Option<Task> {
    if until == Tick::NEVER {
        frame::touching(job, place);
        begin_here(job)
    } else {
        start_elsewhere(job);
        None
    }
}

/// The second half of [`until_ready`]: waits while the body runs, or is to run, elsewhere.
pub(crate) fn until_filled(job: &JobRef, until: Tick, place: Place) -> bool {
    let ready = || job.core.is_ready();
    if ready() {
        return true;
    }
    if let Some(remote) = job.remote() {
        // It looks where the answer comes from, which is better than to look at the cell.
        remote.attend(job, until);
        return ready() || block(job, until, place, None);
    }
    // A thread with routines of its own has better things to do than to look.
    let spins = until == Tick::NEVER && !aside::is_any();
    (spins && spin::until(ready)) || block(job, until, place, None)
}

/// A wait that more than one job may end.
pub(crate) struct Release<'a> {
    /// The wait is over. Whoever makes this hold wakes the thread that waits.
    pub(crate) holds: &'a dyn Fn() -> bool,
    /// The jobs of which one has to end before it can hold; too many or unknown ones are not told.
    /// Whenever one has ended, the thread is woken, so that it can ask again.
    pub(crate) jobs: &'a dyn Fn() -> Vec<(JobRef, Place)>,
}

impl Release<'_> {
    /// More jobs than this are not followed, lest waiting for all of very many takes quadratic time.
    pub(crate) const MANY: usize = 64;

    /// Sleeps, unless that would be for ever.
    fn park(&self, parker: &Arc<Parker>, patience: Option<Duration>) {
        let jobs =
            if patience.is_none() && !current::is_timed() { (self.jobs)() } else { Vec::new() };
        if jobs.is_empty() {
            aside::park(parker, patience);
        } else if let Some(_waiting) = wait_graph::enter(&Need::Any(&jobs), true) {
            aside::park(parker, patience);
        }
    }
}

/// Waits until the outcome is there, or until `release` holds; whoever makes it hold wakes the
/// [bed](Parker) of this thread. Otherwise as [`until_ready`].
pub(crate) fn until_ready_unless(job: &JobRef, release: &Release<'_>) {
    if !job.core.is_ready() && !(release.holds)() {
        help(job);
        until_ready_or(job, Tick::NEVER, release);
    }
}

/// The same, at most until `until`, and never running the body here.
pub(crate) fn until_ready_or(job: &JobRef, until: Tick, release: &Release<'_>) {
    if !job.core.is_ready() {
        block(job, until, None, Some(release));
    }
}

/// Sleeps until `release` holds, at most until `until`; whoever makes it hold wakes `parker`.
/// `true` when it holds. A checkpoint of the current task.
///
/// For what no single job stands for, such as the first of many to end.
pub(crate) fn until_released(parker: &Arc<Parker>, until: Tick, release: &Release<'_>) -> bool {
    let _stop = current::watch_stop(parker);
    let mut blocking = None;
    loop {
        if (release.holds)() {
            return true;
        }
        current::checkpoint();
        let now = Tick::now();
        if until <= now {
            return false;
        }
        if aside::step() {
            continue;
        }
        blocking.get_or_insert_with(host::blocking);
        release.park(parker, until.left(now));
    }
}

/// Runs the body here if it has not started, its strategy allows that and the caller has time.
pub(crate) fn help(job: &JobRef) {
    if let Some(task) = begin_here(job) {
        stack::with_room(|| task.run());
    }
}

/// The same, but a task that was the newest in this thread's own queue is left to the caller.
fn begin_here(job: &JobRef) -> Option<Task> {
    let bits = job.core.state.glance();
    if bits & PARKED != 0 {
        run_parked(job);
    } else if bits & (CLAIMABLE | CLAIMED) == CLAIMABLE && may_claim(job) {
        let task = host::retract(job);
        if task.is_none() {
            stack::with_room(|| job.claim_and_run());
        }
        return task;
    }
    None
}

/// Starts a parked body elsewhere, for a caller that must not run it.
pub(crate) fn start_elsewhere(job: &JobRef) {
    if job.core.state.glance() & PARKED != 0 && job.core.state.unpark() {
        Task::revived(job.clone()).offload();
    }
}

/// Runs a parked body, unless somebody was faster: here, if there is room on the stack.
pub(crate) fn run_parked(job: &JobRef) {
    if job.core.state.unpark() {
        let task = Task::revived(job.clone());
        if stack::has_room() {
            stack::with_room(|| task.run());
        } else {
            task.offload();
        }
    }
}

/// The caller, having no limit of its own, may run the body.
fn may_claim(job: &Header) -> bool {
    // A reader of a timed task must be able to give up at the task's limit, and a reader with a
    // limit of its own to unwind at that. A deadline that the reader lives under and has passed on
    // ends both at once: no reason to hold back.
    let clocks = job.clocks();
    clocks.budget == u64::MAX
        && clocks.deadline == current::limit()
        && (clocks.deadline == Tick::NEVER || current::follows(job.clock()))
        && stack::has_room()
}

fn block(job: &JobRef, until: Tick, place: Place, release: Option<&Release<'_>>) -> bool {
    let parker = Parker::of_this_thread();
    let Ok(key) = job.core.register(Waiter::Thread(Arc::clone(&parker))) else {
        return true;
    };
    let _registered = Registered { job, key };
    // Parked after the look above, and before we said that we wait.
    start_elsewhere(job);
    let _stop = current::watch_stop(&parker);
    let _blocking = host::blocking();
    // A wait that something else may end is no part of a deadlock.
    let endless = until >= FOREVER && !job.is_timed() && !current::is_timed() && release.is_none();
    loop {
        if job.core.is_ready() {
            return true;
        }
        if release.is_some_and(|release| (release.holds)()) {
            return false;
        }
        current::checkpoint();
        // A limit in virtual time comes when somebody moves the clock, who then ends the job.
        let real = job.is_timed() && job.clock().is_none();
        let limit = if real { job.limit() } else { Tick::NEVER };
        let first = until.min(limit);
        let patience = if first == Tick::NEVER {
            None
        } else {
            let now = Tick::now();
            if limit <= now {
                // The timer does this too; whoever comes first. Then the outcome is there, or
                // about to be.
                job.resolve(Failure::Timeout);
                if job.core.is_ready() {
                    return true;
                }
            }
            if until <= now {
                return false;
            }
            // A limit that has passed is not waited for again: the filler wakes us.
            if limit <= now { until.left(now) } else { first.left(now) }
        };
        if aside::step() {
            continue;
        }
        if let Some(release) = release {
            release.park(&parker, patience);
        } else if endless {
            let Some(_waiting) = wait_graph::enter(&Need::Touch(job, place), true) else {
                // Not any more for ever: the outcome is there.
                continue;
            };
            aside::park(&parker, patience);
        } else {
            aside::park(&parker, patience);
        }
    }
}

/// Takes the waiter back, also when a checkpoint unwinds.
struct Registered<'a> {
    job: &'a JobRef,
    key: Key,
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.job.core.withdraw(self.key);
    }
}
