//! The thread that ends what takes too long.
//!
//! One thread for the whole program, started with the first time limit, asleep until the next
//! limit is due. Whoever waits for a timed task watches the limit too, and where that thread cannot
//! be had, so do the checkpoints of the body: limits hold all the same.

use std::collections::BTreeMap;

use crate::clock::Tick;
use crate::failure::Failure;
use crate::sync::global::{Condvar, Mutex, PoisonError, lock, thread};
use crate::task::header::{Header, JobRef};

/// Limits in the order they are due, told apart by their job's address.
type Due = BTreeMap<(Tick, usize), JobRef>;

struct Timer {
    due: Due,
    running: bool,
}

static TIMER: Mutex<Timer> = Mutex::new(Timer { due: Due::new(), running: false });
static CHANGED: Condvar = Condvar::new();

/// Starts the clock of a job that was just made, if it has a deadline.
pub(crate) fn watch_deadline(job: &JobRef) {
    let deadline = job.settings.clocks.deadline;
    if deadline == Tick::NEVER {
        return;
    }
    if deadline <= Tick::now() {
        job.resolve(Failure::Timeout);
    } else {
        arm(job, deadline);
    }
}

/// Starts the clock of a body that is about to run. `false` when its time is already up.
pub(crate) fn start_clock(job: &JobRef) -> bool {
    let now = Tick::now();
    let limit = job.start_clock(now);
    if limit <= now {
        return false;
    }
    arm(job, limit);
    true
}

/// Ends the job at `limit`, unless it is over by then.
pub(crate) fn arm(job: &JobRef, limit: Tick) {
    if cfg!(background_loom) || limit == Tick::NEVER {
        return;
    }
    let mut timer = lock(&TIMER);
    let first = timer.due.first_key_value().is_none_or(|((first, _), _)| limit < *first);
    timer.due.insert((limit, address(job)), job.clone());
    if !timer.running {
        let spawned = thread::Builder::new().name("background-timer".into()).spawn(run);
        timer.running = spawned.is_ok();
        if !timer.running {
            job.core.state.watch();
        }
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
    let limits = [job.settings.clocks.deadline, job.limit()];
    let mut timer = lock(&TIMER);
    let forgotten = limits.map(|limit| timer.due.remove(&(limit, address)));
    drop(timer);
    // A reference may be the last one: its job is freed outside of the lock.
    drop(forgotten);
}

fn address(job: &Header) -> usize {
    std::ptr::from_ref(job).addr()
}

fn run() {
    let mut timer = lock(&TIMER);
    loop {
        let now = Tick::now();
        match timer.due.first_key_value() {
            Some(((limit, _), _)) if *limit <= now => {
                let (_, job) = timer.due.pop_first().expect("the entry just seen");
                drop(timer);
                job.resolve(Failure::Timeout);
                drop(job);
                timer = lock(&TIMER);
            }
            Some(((limit, _), _)) => {
                let left = limit.left(now).unwrap_or_default();
                timer = CHANGED.wait_timeout(timer, left).unwrap_or_else(PoisonError::into_inner).0;
            }
            None => timer = CHANGED.wait(timer).unwrap_or_else(PoisonError::into_inner),
        }
    }
}
