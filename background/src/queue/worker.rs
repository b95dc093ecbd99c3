//! What serves a queue.

use std::fmt;
use std::sync::Arc;

use crate::queue::introduction::Introduce;
use crate::strategy::Strategy;
use crate::task::briefing::Briefing;

/// Tells a worker of a [`TaskQueue`](crate::TaskQueue) from every other one of the program, for ever.
///
/// ```
/// use background::{QueueWorker, TaskQueue};
///
/// let queue = TaskQueue::new();
/// let (one, two) = (queue.attach(QueueWorker::thread()), queue.attach(QueueWorker::thread()));
/// assert_ne!(one, two);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkerId(pub(super) u64);

impl fmt::Display for WorkerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What [`TaskQueue::attach`](crate::TaskQueue::attach) is given: where calls run, and which.
///
/// ```
/// use background::{QueueWorker, TaskQueue, strategies::Thread};
///
/// let queue = TaskQueue::new();
/// queue.attach(QueueWorker::new(Thread).capacity(4).series(["pages", "index"]));
/// assert_eq!(queue.task().series("index").spawn(|| 7), 7);
/// ```
#[must_use = "a description of a worker does nothing; attach it"]
pub struct QueueWorker {
    pub(super) place: Option<Arc<dyn Strategy + Send + Sync>>,
    pub(super) capacity: usize,
    pub(super) series: Option<Arc<[Arc<str>]>>,
    pub(super) travels: bool,
    /// Lets the strategy know who briefs its workers.
    introduce: Option<Introduce>,
}

impl QueueWorker {
    /// A strategy, which is given one call at a time. The call is over for the queue when its outcome
    /// can be seen. Blocks on nothing, never panics.
    pub fn new(strategy: impl Strategy + Send + Sync + 'static) -> Self {
        let place = Some(Arc::new(strategy) as Arc<dyn Strategy + Send + Sync>);
        Self { place, capacity: 1, series: None, travels: false, introduce: None }
    }

    /// A thread of the queue's own. Where no thread can be had, its calls run in the program's pool,
    /// one at a time. Blocks on nothing, never panics.
    ///
    /// ```
    /// use background::{QueueWorker, TaskQueue};
    ///
    /// let queue = TaskQueue::new();
    /// queue.attach(QueueWorker::thread());
    /// assert_eq!(queue.call(|| 6 * 7), 42);
    /// ```
    pub fn thread() -> Self {
        Self { place: None, capacity: 1, series: None, travels: false, introduce: None }
    }

    /// Says that only calls which can travel have a chance there, as
    /// [`spawn_with`](crate::Builder::spawn_with) makes them. Other calls go to other workers; where
    /// there are none, they go there all the same, to be told what is missing.
    pub fn travelling(mut self) -> Self {
        self.travels = true;
        self
    }

    /// A strategy whose workers are briefed by the queue.
    #[cfg(feature = "process")]
    pub(crate) fn introduced(mut self, introduce: Introduce) -> Self {
        self.introduce = Some(introduce);
        self
    }

    pub(super) fn introduce(&self, briefing: impl FnOnce() -> Arc<dyn Briefing>) {
        if let Some(introduce) = &self.introduce {
            introduce(briefing());
        }
    }

    /// Gives the strategy so many calls at a time. A thread has one.
    ///
    /// # Panics
    ///
    /// With 0: such a worker would never do anything.
    pub fn capacity(mut self, calls: usize) -> Self {
        assert!(calls > 0, "a worker for 0 calls does nothing; write 1 or more");
        self.capacity = calls;
        self
    }

    /// Gives the worker calls of these series only. Never panics.
    pub fn series(mut self, series: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.series = Some(series.into_iter().map(|name| Arc::from(name.as_ref())).collect());
        self
    }
}

impl fmt::Debug for QueueWorker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueueWorker")
            .field("is_thread", &self.place.is_none())
            .field("capacity", &self.capacity)
            .field("series", &self.series)
            .finish_non_exhaustive()
    }
}

/// What becomes of the calls that a worker runs when it is detached.
///
/// ```
/// use background::{Detach, QueueWorker, TaskQueue};
///
/// let queue = TaskQueue::threads(1);
/// let id = queue.attach(QueueWorker::thread());
/// assert!(queue.detach(id, Detach::Wait).unwrap().is_empty());
/// assert!(queue.detach(id, Detach::Wait).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Detach {
    /// They go on there to their end.
    Wait,
    /// Those that can be run again (calls of [`retry`](crate::Builder::retry), and all that run in
    /// worker processes) are stopped, and run on another worker from the beginning. The others go on
    /// to their end.
    Reassign,
    /// The same, but they come back to whoever detaches the worker.
    Return,
    /// They are cancelled.
    Cancel,
}

/// There is no such worker (any more).
///
/// ```
/// use background::{Detach, QueueWorker, TaskQueue};
///
/// let elsewhere = TaskQueue::new().attach(QueueWorker::thread());
/// let error = TaskQueue::new().detach(elsewhere, Detach::Wait).unwrap_err();
/// assert!(error.to_string().starts_with("the queue has no worker "));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchWorker(pub(super) WorkerId);

impl fmt::Display for NoSuchWorker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the queue has no worker {}: expected an id of an attached one", self.0)
    }
}

impl std::error::Error for NoSuchWorker {}

/// What a worker of a queue is at. See [`TaskQueue::workers`](crate::TaskQueue::workers).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerState {
    pub(super) id: WorkerId,
    pub(super) running: usize,
    pub(super) leaving: bool,
}

impl WorkerState {
    /// Which worker. Never blocks.
    #[must_use]
    pub fn id(&self) -> WorkerId {
        self.id
    }

    /// How many calls it runs. Never blocks.
    #[must_use]
    pub fn running(&self) -> usize {
        self.running
    }

    /// It was detached, and is about to leave. Never blocks.
    #[must_use]
    pub fn is_leaving(&self) -> bool {
        self.leaving
    }
}
