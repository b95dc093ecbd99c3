//! How many tasks are under way, and which run where.
//!
//! Counters are spread over cache lines, so that threads that submit and finish do not wait for
//! each other. A sum over them is no snapshot, but reading all `finished` first and all
//! `submitted` afterwards can only overestimate what is under way: every finish that was counted
//! has its submission counted too. So when the two sums agree, there was a moment with no task.

use std::borrow::Cow;
use std::cell::Cell;
use std::panic::Location;
use std::time::Duration;

use crate::clock::Tick;
use crate::sync::global::{
    Arc, AtomicU64, AtomicUsize, Condvar, Mutex, Ordering, PoisonError, Weak, fence, lock,
    thread_local,
};

const SHARDS: usize = 16;

/// One pair of cache lines of its own.
#[repr(align(128))]
struct Shard {
    submitted: AtomicU64,
    finished: AtomicU64,
}

static SHARD: [Shard; SHARDS] =
    [const { Shard { submitted: AtomicU64::new(0), finished: AtomicU64::new(0) } }; SHARDS];

/// How many wait in [`drain`].
static DRAINING: AtomicUsize = AtomicUsize::new(0);
static DRAIN: Mutex<()> = Mutex::new(());
static DRAINED: Condvar = Condvar::new();

/// One task that a thread runs: its name and where it was called.
pub(crate) type Entry = (Cow<'static, str>, &'static Location<'static>);

type Stack = Mutex<Vec<Entry>>;

/// The stacks of all threads that have run a task.
static STACKS: Mutex<Vec<Weak<Stack>>> = Mutex::new(Vec::new());

struct Thread {
    stack: Arc<Stack>,
    shard: usize,
}

impl Thread {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let stack = Arc::new(Mutex::new(Vec::new()));
        let mut stacks = lock(&STACKS);
        if stacks.len() == stacks.capacity() {
            stacks.retain(|stack| stack.strong_count() > 0);
        }
        stacks.push(Arc::downgrade(&stack));
        // ORDERING: Relaxed. Any spread over the shards will do.
        Self { stack, shard: NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS }
    }
}

thread_local! {
    static THREAD: Thread = Thread::new();
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

fn shard() -> &'static Shard {
    &SHARD[THREAD.try_with(|thread| thread.shard).unwrap_or(0)]
}

/// A task is under way.
pub(crate) fn submitted() {
    // ORDERING: Relaxed. A task's submission happens before its end by the task's own travels; the
    // Release in `finished` carries it along.
    shard().submitted.fetch_add(1, Ordering::Relaxed);
}

/// A task has ended, or will not be run unless somebody touches its future.
pub(crate) fn finished() {
    // ORDERING: Release pairs with the Acquire in `under_way`: who counts this end counts the
    // submission before it.
    shard().finished.fetch_add(1, Ordering::Release);
    // ORDERING: Relaxed. A drain that is missed here looks again by itself.
    if DRAINING.load(Ordering::Relaxed) > 0 {
        drop(lock(&DRAIN));
        DRAINED.notify_all();
    }
}

/// At most so many tasks are under way.
fn under_way() -> u64 {
    // ORDERING: Acquire pairs with the Release in `finished`.
    let finished: u64 = SHARD.iter().map(|s| s.finished.load(Ordering::Acquire)).sum();
    // ORDERING: the fence keeps the reads below after the reads above.
    fence(Ordering::Acquire);
    // ORDERING: Relaxed. Those of the ends counted above are visible by the Acquire.
    let submitted: u64 = SHARD.iter().map(|s| s.submitted.load(Ordering::Relaxed)).sum();
    submitted.saturating_sub(finished)
}

/// How many tasks are on this thread's stack.
pub(crate) fn depth() -> usize {
    DEPTH.try_with(Cell::get).unwrap_or(0)
}

/// Says that this thread runs a task, until dropped.
pub(crate) struct Running(Option<Arc<Stack>>);

impl Running {
    pub(crate) fn enter(name: Cow<'static, str>, call_site: &'static Location<'static>) -> Self {
        let _ = DEPTH.try_with(|depth| depth.set(depth.get() + 1));
        let stack = THREAD.try_with(|thread| Arc::clone(&thread.stack)).ok();
        if let Some(stack) = &stack {
            lock(stack).push((name, call_site));
        }
        Self(stack)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = DEPTH.try_with(|depth| depth.set(depth.get() - 1));
        if let Some(stack) = &self.0 {
            lock(stack).pop();
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
    let own = THREAD.try_with(|thread| Arc::clone(&thread.stack)).ok();
    let stacks: Vec<_> = lock(&STACKS).iter().filter_map(Weak::upgrade).collect();
    stacks
        .iter()
        .filter(|stack| own.as_ref().is_none_or(|own| !Arc::ptr_eq(stack, own)))
        .flat_map(|stack| lock(stack).clone())
        .collect()
}
