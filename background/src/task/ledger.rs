//! How many tasks are under way, and which run where.
//!
//! Every thread counts for itself, so that threads that submit and finish do not wait for each
//! other. A sum over the counters is no snapshot, but reading all `finished` first and all
//! `submitted` afterwards can only overestimate what is under way: every finish that was counted
//! has its submission counted too, whichever threads they happened on. So when the two sums agree,
//! there was a moment with no task. No thread gets its tally between the two, so the submission
//! cannot be in a tally that was not looked at: its thread had the tally before.

use std::cell::Cell;
use std::panic::Location;
use std::time::Duration;

use crate::clock::Tick;
use crate::sync::global::{
    AtomicU64, AtomicUsize, Condvar, Mutex, Ordering, PoisonError, fence, lock, thread_local,
};
use crate::task::frames::Entry;
use crate::task::header::Header;
use crate::task::tally::Tally;

/// For threads that are being torn down and have no tally any more.
static SUBMITTED_LATE: AtomicU64 = AtomicU64::new(0);
static FINISHED_LATE: AtomicU64 = AtomicU64::new(0);

/// How many wait in [`drain`].
static DRAINING: AtomicUsize = AtomicUsize::new(0);
static DRAIN: Mutex<()> = Mutex::new(());
static DRAINED: Condvar = Condvar::new();

thread_local! {
    /// How many tasks are on this thread's stack while it has no tally.
    static LATE_DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// A task is under way.
#[inline]
pub(crate) fn submitted() {
    // ORDERING: Relaxed. A task's submission happens before its end by the task's own travels; the
    // Release in `finished` carries it along.
    const ORDERING: Ordering = Ordering::Relaxed;
    match Tally::own() {
        Some(own) => Tally::count(&own.submitted, ORDERING),
        None => drop(SUBMITTED_LATE.fetch_add(1, ORDERING)),
    }
}

/// A task has ended, or will not be run unless somebody touches its future.
#[inline]
pub(crate) fn finished() {
    // ORDERING: Release pairs with the Acquire in `under_way`: who counts this end, or a later one
    // of this thread's, counts the submission before it.
    const ORDERING: Ordering = Ordering::Release;
    match Tally::own() {
        Some(own) => Tally::count(&own.finished, ORDERING),
        None => drop(FINISHED_LATE.fetch_add(1, ORDERING)),
    }
    // ORDERING: Relaxed. A drain that is missed here looks again by itself.
    if DRAINING.load(Ordering::Relaxed) > 0 {
        tell_drains();
    }
}

#[cold]
fn tell_drains() {
    drop(lock(&DRAIN));
    DRAINED.notify_all();
}

/// At most so many tasks are under way.
fn under_way() -> u64 {
    Tally::with_all(|tallies| {
        // ORDERING: Acquire pairs with the Release in `finished`.
        let late = FINISHED_LATE.load(Ordering::Acquire);
        let finished = tallies.iter().fold(late, |sum, tally| {
            // ORDERING: Acquire, as above.
            sum.wrapping_add(tally.finished.load(Ordering::Acquire))
        });
        // ORDERING: the fence keeps the reads below after the reads above.
        fence(Ordering::Acquire);
        // ORDERING: Relaxed. Those of the ends counted above are visible by the Acquire.
        let late = SUBMITTED_LATE.load(Ordering::Relaxed);
        let submitted = tallies.iter().fold(late, |sum, tally| {
            // ORDERING: Relaxed, as above.
            sum.wrapping_add(tally.submitted.load(Ordering::Relaxed))
        });
        submitted.saturating_sub(finished)
    })
}

/// How many tasks are on this thread's stack.
fn depth() -> usize {
    Tally::own().map_or(0, |own| own.frames.depth()) + LATE_DEPTH.get()
}

/// Says that this thread runs a task, until dropped.
///
/// While the thread is being torn down there is no tally, and then the task is counted, but not
/// named. One word, so that it is kept in a register.
pub(crate) struct Running(Option<&'static Tally>);

impl Running {
    #[inline]
    pub(crate) fn enter(header: &Header) -> Self {
        let caller: &'static Location<'static> = header.settings.caller;
        let own = Tally::own();
        match (own, header.literal_name()) {
            (Some(own), Some(name)) => own.frames.push(name, caller),
            (Some(own), None) => own.frames.push_owned(header.name().to_owned(), caller),
            (None, _) => LATE_DEPTH.set(LATE_DEPTH.get() + 1),
        }
        Self(own)
    }
}

impl Drop for Running {
    #[inline]
    fn drop(&mut self) {
        match self.0 {
            Some(own) => own.frames.pop(),
            None => LATE_DEPTH.set(LATE_DEPTH.get() - 1),
        }
    }
}

/// Waits until no task is under way but those on this thread's own stack.
pub(crate) fn drain(until: Tick) -> Result<(), (Vec<Entry>, u64)> {
    /// A finish that just missed the flag is found by looking again.
    const AGAIN: Duration = Duration::from_millis(10);
    let own = depth() as u64;
    // ORDERING: Relaxed. Setting the flag late costs one look more.
    DRAINING.fetch_add(1, Ordering::Relaxed);
    let mut guard = lock(&DRAIN);
    let left = loop {
        let left = under_way().saturating_sub(own);
        let now = Tick::now();
        if left == 0 || until <= now {
            break left;
        }
        let patience = until.left(now).unwrap_or(AGAIN).min(AGAIN);
        guard = DRAINED.wait_timeout(guard, patience).unwrap_or_else(PoisonError::into_inner).0;
    };
    drop(guard);
    // ORDERING: Relaxed, as above.
    DRAINING.fetch_sub(1, Ordering::Relaxed);
    if left == 0 { Ok(()) } else { Err((running_elsewhere(), left)) }
}

/// The tasks on the stacks of all other threads.
fn running_elsewhere() -> Vec<Entry> {
    let own = Tally::own();
    let others: Vec<_> = Tally::with_all(<[_]>::to_vec)
        .into_iter()
        .filter(|tally| own.is_none_or(|own| !std::ptr::eq(own, *tally)))
        .collect();
    others.iter().flat_map(|tally| tally.frames.read()).collect()
}
