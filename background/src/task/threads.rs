//! How many threads the library may have.

use std::num::NonZero;

use crate::sync::global::{AtomicUsize, OnceLock, Ordering, thread};

static LIVE: AtomicUsize = AtomicUsize::new(0);

/// The right to one thread, given back when dropped, at the thread's end.
#[derive(Debug)]
pub(crate) struct Berth(());

impl Berth {
    /// `None` when there are too many threads already.
    pub(crate) fn of_the_pool() -> Option<Self> {
        Self::up_to(most)
    }

    /// The same for a thread of a task's own; a quarter of all is kept for the pool, where the
    /// tasks go that get none.
    pub(crate) fn of_a_task() -> Option<Self> {
        Self::up_to(|| most() / 4 * 3)
    }

    fn up_to(most: impl FnOnce() -> usize) -> Option<Self> {
        let berth = Self(());
        // ORDERING: Relaxed. A count that stands for itself.
        let live = LIVE.fetch_add(1, Ordering::Relaxed);
        (live < ALWAYS || live < most()).then_some(berth)
    }
}

impl Drop for Berth {
    fn drop(&mut self) {
        // ORDERING: Relaxed, as above.
        LIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How many cores the program may use: what std says, which knows control groups and affinity and
/// takes its time to find out. Asked once.
pub(crate) fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get))
}

/// Starts a thread that nobody joins.
///
/// # Errors
///
/// The system's, when the thread cannot be had. `body` is dropped then.
pub(crate) fn start(
    builder: thread::Builder,
    body: impl FnOnce() + Send + 'static,
) -> std::io::Result<()> {
    builder.spawn(body).map(let_go)
}

/// Drops the handle of a thread. A function of its own, so that the thread sanitizer can be told of
/// it: the handle shares memory with the thread, which frees it behind a fence.
#[cfg_attr(background_thread_sanitizer, inline(never))]
fn let_go(thread: thread::JoinHandle<()>) {
    drop(thread);
}

/// So many there may be on every system; the first tasks of a program need not ask.
const ALWAYS: usize = 12;

/// The most threads there may be: far below what would make the program abort.
///
/// A thread takes up to four memory mappings, and a process that runs out of them is ended
/// without being asked.
fn most() -> usize {
    const MOST: usize = 4096;
    static LIMIT: OnceLock<usize> = OnceLock::new();
    *LIMIT.get_or_init(|| {
        let mappings = std::fs::read_to_string("/proc/sys/vm/max_map_count")
            .ok()
            .and_then(|text| text.trim().parse::<usize>().ok());
        mappings.map_or(MOST, |mappings| (mappings / 8).clamp(16, MOST))
    })
}
