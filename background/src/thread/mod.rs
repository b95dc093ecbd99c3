//! A work-stealing pool that grows while its threads wait.
//!
//! * [`pool`]: what its threads share, and what its users hold
//! * [`settings`]: the builder, and the environment
//! * [`local`], [`desk`]: a thread's own queue, and the list of all of them
//! * [`sleep`], [`counts`]: who sleeps, who searches, who wakes whom; `README.md` has the protocol
//! * [`worker`]: the life of a thread
//! * [`member`], [`load`], [`overseer`]: seeing which workers wait without having said so

mod counts;
mod desk;
mod load;
mod local;
mod member;
mod overseer;
pub(crate) mod pool;
pub(crate) mod settings;
mod sleep;
mod worker;

#[cfg(all(test, background_loom))]
mod model;

use crate::strategy::Strategy;
use crate::task::Task;
use crate::thread::pool::Pool;
use crate::thread::settings::PoolBuilder;

/// Describes a pool of threads: the program's own, or another one beside it.
///
/// Nothing has to be described: the program's pool is made on first use and needs no tuning. Where
/// it should still be different, [`install`](PoolBuilder::install) says so at the beginning of
/// `main`, or the environment does: `BACKGROUND_WORKERS`, `BACKGROUND_MAX_THREADS`,
/// `BACKGROUND_KEEP_ALIVE` (`250ms`, `1.5s`, `5min`), `BACKGROUND_THREAD_NAME` and
/// `BACKGROUND_STACK_SIZE` (bytes, or `8 MiB`). What the program says comes first.
///
/// ```
/// use background::{pool, task};
/// use std::time::Duration;
///
/// let reports = pool()
///     .workers(2)
///     .max_threads(16)
///     .keep_alive(Duration::from_secs(60))
///     .thread_name("reports")
///     .stack_size(8 * 1024 * 1024)
///     .build();
/// let name = task().on(&reports).spawn(|| 6 * 7);
/// assert_eq!(name, 42);
/// ```
pub fn pool() -> PoolBuilder {
    PoolBuilder::new()
}

/// The program's elastic pool of threads: the default.
///
/// As many threads as there are cores run at once; while some of them wait (in a sleep, a system
/// call, a lock, a touch) and tasks are queued, others are started in their place. So sleeping
/// tasks never keep others waiting, and computing tasks do not crowd the cores. A queued task that
/// is touched runs on the thread that touches it. Idle threads leave after some seconds.
///
/// What one thread submits is begun in the order in which it was submitted; a task of the pool takes
/// up its own latest submission first, and once in a while the oldest of all. [`pool`] changes the
/// number of threads, and makes other pools.
///
/// ```
/// use background::{strategies::Thread, task};
///
/// assert_eq!(task().on(Thread).spawn(|| 6 * 7), 42);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Thread;

impl Strategy for Thread {
    #[inline]
    fn start(&self, task: Task) {
        Pool::of_the_program().start(task);
    }

    #[inline]
    fn claim_on_touch(&self) -> bool {
        true
    }
}
