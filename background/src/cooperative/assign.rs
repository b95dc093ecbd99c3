//! Starting routines.

use std::future::Future;
use std::rc::Rc;

use crate::call::Builder;
use crate::cooperative::active;
use crate::cooperative::core::Core;
use crate::cooperative::worker::Worker;
use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::strategy::Strategy;
use crate::task::Task;

pub(super) static SITE: Site = Site::new("routine", "", "", 0);

/// Starts another routine of the worker that runs the caller, without waiting for it.
///
/// It is put at the end of the queue. Returns at once. To be called in a routine.
///
/// # Panics
///
/// When no cooperative worker runs on this thread.
///
/// ```
/// use background::cooperative::{assign, wrap};
///
/// let sum = wrap(async {
///     let (x, y) = (assign(async { 1 }), assign(async { 2 }));
///     x.await + y.await
/// });
/// assert_eq!(sum, 3);
/// ```
#[track_caller]
pub fn assign<F>(routine: F) -> Background<F::Output>
where
    F: Future<Output: Send + 'static> + 'static,
{
    let Some(core) = active::core() else {
        panic!(
            "`cooperative::assign` starts a routine beside the one that calls it: outside of a \
             routine, write `worker.assign(…)`"
        );
    };
    lodge(Builder::new(&SITE), &core, routine)
}

impl<S: Sentinel, P> Builder<S, P> {
    /// Puts a routine at the end of a worker's queue, as described.
    ///
    /// As [`Worker::assign`], with a name, time limits, or failures as values. Time limits follow the
    /// worker's clock, if it has one of its own and none was named here. Where tasks run otherwise has
    /// no meaning here. Blocks only where a full [`limit`](Self::limit) does.
    ///
    /// ```
    /// use background::cooperative::{Worker, sleep};
    /// use background::{Timeout, task};
    /// use std::time::Duration;
    ///
    /// let worker = Worker::new();
    /// let late = task().timeout(Duration::from_millis(1)).assign(&worker, async {
    ///     sleep(Duration::from_secs(3600)).await;
    /// });
    /// assert!(late == Timeout);
    /// # let _: background::Background<(), Timeout> = late;
    /// ```
    #[track_caller]
    pub fn assign<F>(self, worker: &Worker, routine: F) -> Background<F::Output, S>
    where
        F: Future<Output: Send + 'static> + 'static,
    {
        lodge(self, worker.core(), routine)
    }
}

#[track_caller]
fn lodge<F, S, P>(builder: Builder<S, P>, core: &Rc<Core>, routine: F) -> Background<F::Output, S>
where
    F: Future<Output: Send + 'static> + 'static,
    S: Sentinel,
{
    // Where a full limit has it run inline, it runs as a routine all the same.
    let _active = active::enter(Rc::clone(core));
    let lodger = core.lodge(routine);
    builder.or_clock(core.clock()).on(Own(core)).spawn_closure(async move || lodger.run().await)
}

/// The worker itself, on its own thread.
struct Own<'a>(&'a Rc<Core>);

impl Strategy for Own<'_> {
    fn start(&self, task: Task) {
        self.0.adopt(task);
    }
}
