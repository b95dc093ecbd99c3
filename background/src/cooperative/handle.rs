//! A worker, as other threads see it.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use crate::call::Builder;
use crate::cooperative::active;
use crate::cooperative::assign::SITE;
use crate::cooperative::core::refuse;
use crate::cooperative::shared::{Mail, Shared};
use crate::handle::Background;
use crate::strategy::Strategy;
use crate::task::Task;

/// What any thread may have of a [`Worker`](crate::cooperative::Worker): from
/// [`Worker::handle`](crate::cooperative::Worker::handle).
///
/// A strategy: its tasks run step by step on the worker's thread, whenever somebody ticks the worker
/// there. What is sent to a worker that is gone is rejected.
///
/// ```
/// use background::cooperative::Worker;
/// use background::{Background, Failure, background};
/// use std::sync::OnceLock;
///
/// static WORKER: OnceLock<background::cooperative::Handle> = OnceLock::new();
///
/// #[background(on = WORKER.get().unwrap())]
/// async fn double(x: u32) -> u32 {
///     background::cooperative::yield_now().await;
///     2 * x
/// }
///
/// let worker = Worker::new();
/// WORKER.set(worker.handle()).unwrap();
/// let x = double(21);
/// worker.work();
/// assert_eq!(x, 42);
/// drop(worker);
/// let failure = Background::outcome(&double(1)).unwrap_err().to_string();
/// assert_eq!(failure, "was rejected: its cooperative worker is gone");
/// ```
pub struct Handle(Arc<Shared>);

impl Handle {
    pub(super) fn of(shared: &Arc<Shared>) -> Self {
        shared.more_handles();
        Self(Arc::clone(shared))
    }

    /// Puts a routine at the end of the worker's queue. Never blocks, never panics.
    ///
    /// ```
    /// let worker = background::cooperative::Worker::new();
    /// let handle = worker.handle();
    /// let x = std::thread::spawn(move || handle.assign(async { 7 })).join().unwrap();
    /// assert_eq!(x, 7); // the touch runs the worker, as this is its thread
    /// ```
    #[track_caller]
    pub fn assign<F>(&self, routine: F) -> Background<F::Output>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        Builder::new(&SITE).on(self).spawn_async(routine)
    }

    /// As [`Worker::stop`](crate::cooperative::Worker::stop), from any thread. Never blocks.
    ///
    /// ```
    /// let worker = background::cooperative::Worker::new();
    /// let handle = worker.handle();
    /// let thread = std::thread::spawn(move || handle.stop());
    /// worker.serve();
    /// thread.join().unwrap();
    /// ```
    pub fn stop(&self) {
        self.0.stop();
    }
}

impl Strategy for Handle {
    /// Puts the task at the end of the worker's queue.
    fn start(&self, task: Task) {
        match active::core_of(&self.0) {
            Some(core) => core.adopt(task),
            None => {
                if let Err(Mail::Start(task)) = self.0.post(Mail::Start(task)) {
                    refuse(task);
                }
            }
        }
    }
}

impl Clone for Handle {
    fn clone(&self) -> Self {
        Self::of(&self.0)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.fewer_handles();
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("is_closed", &self.0.is_closed()).finish_non_exhaustive()
    }
}
