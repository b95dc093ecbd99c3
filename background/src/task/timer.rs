//! The threads that end what takes too long.
//!
//! One thread for the whole program watches the limits, started with the first of them, asleep
//! until the next is due. Ending a task may run foreign code (a callback, a waker, the destructors
//! of arguments), which may take its time; so before the watcher ends one for whom such code might
//! run, it sees to it that another thread watches, and afterwards it joins that one or leaves.
//! Whoever waits for a timed task watches the limit too, and where no watcher can be had, so do
//! the checkpoints of the body: limits hold all the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cell::state::{CLAIMED, WAITING};
use crate::clock::Tick;
use crate::clock::virtual_clock::Alarm;
use crate::failure::Failure;
use crate::sync::global::{Condvar, Mutex, PoisonError, lock, thread};
use crate::task::header::Header;
use crate::task::job_ref::JobRef;
use crate::task::threads;

/// Limits in the order they are due, told apart by their job's address.
type Due = BTreeMap<(Tick, usize), JobRef>;

struct Timer {
    due: Due,
    /// How many threads watch.
    watching: usize,
}

static TIMER: Mutex<Timer> = Mutex::new(Timer { due: Due::new(), watching: 0 });
static CHANGED: Condvar = Condvar::new();

/// Starts the clock of a job that was just made, if it has a deadline.
pub(crate) fn watch_deadline(job: &JobRef) {
    let deadline = job.clocks().deadline;
    if deadline == Tick::NEVER {
        return;
    }
    if deadline <= job.now() {
        job.resolve(Failure::Timeout);
    } else {
        arm(job, deadline);
    }
}

/// Starts the clock of a body that is about to run. `false` when its time is already up.
pub(crate) fn start_clock(job: &JobRef) -> bool {
    let now = job.now();
    let limit = job.start_clock(now);
    if limit <= now {
        return false;
    }
    // A deadline has been armed since the call.
    if limit != job.clocks().deadline {
        arm(job, limit);
    }
    true
}

/// Ends the job at `limit`, unless it is over by then.
pub(crate) fn arm(job: &JobRef, limit: Tick) {
    if cfg!(background_loom) || limit == Tick::NEVER {
        return;
    }
    if let Some(clock) = job.clock() {
        clock.set(limit, address(job), Arc::new(Limit(job.clone())));
        return;
    }
    let mut timer = lock(&TIMER);
    let first = timer.due.first_key_value().is_none_or(|((first, _), _)| limit < *first);
    timer.due.insert((limit, address(job)), job.clone());
    if timer.watching == 0 {
        hire(&mut timer);
    }
    if timer.watching == 0 {
        job.core.state.watch();
    }
    drop(timer);
    if first {
        CHANGED.notify_one();
    }
}

/// Forgets the limits of a job that is over.
pub(crate) fn disarm(job: &Header) {
    if cfg!(background_loom) {
        return;
    }
    let address = address(job);
    let limits = [job.clocks().deadline, job.limit()];
    if let Some(clock) = job.clock() {
        for limit in limits {
            clock.unset(limit, address);
        }
        return;
    }
    let mut timer = lock(&TIMER);
    let forgotten = limits.map(|limit| timer.due.remove(&(limit, address)));
    drop(timer);
    // A reference may be the last one: its job is freed outside of the lock.
    drop(forgotten);
}

/// The limit of a job in virtual time.
struct Limit(JobRef);

impl Alarm for Limit {
    fn ring(&self) {
        self.0.resolve(Failure::Timeout);
    }
}

fn address(job: &Header) -> usize {
    std::ptr::from_ref(job).addr()
}

/// Starts a watcher, if one can be had.
fn hire(timer: &mut Timer) {
    let builder = thread::Builder::new().name("background-timer".into());
    timer.watching += usize::from(threads::start(builder, watch).is_ok());
}

fn watch() {
    /// One that watches, and one that was busy with foreign code and may be again.
    const ENOUGH: usize = 2;
    let mut timer = lock(&TIMER);
    loop {
        let now = Tick::now();
        match timer.due.first_key_value() {
            Some(((limit, _), _)) if *limit <= now => {
                let (_, job) = timer.due.pop_first().expect("the entry just seen");
                timer.watching -= 1;
                let may_run_foreign_code = job.core.state.glance() & (CLAIMED | WAITING) != CLAIMED;
                if timer.watching == 0 && may_run_foreign_code {
                    hire(&mut timer);
                }
                drop(timer);
                // What was armed while another watcher slept may have woken this one only.
                CHANGED.notify_one();
                job.resolve(Failure::Timeout);
                drop(job);
                timer = lock(&TIMER);
                if timer.watching >= ENOUGH {
                    return;
                }
                timer.watching += 1;
            }
            Some(((limit, _), _)) => {
                let left = limit.left(now).unwrap_or_default();
                timer = CHANGED.wait_timeout(timer, left).unwrap_or_else(PoisonError::into_inner).0;
            }
            None => timer = CHANGED.wait(timer).unwrap_or_else(PoisonError::into_inner),
        }
    }
}
