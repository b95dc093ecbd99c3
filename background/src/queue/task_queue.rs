//! A queue as its users hold it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Tick;
use crate::queue::leftover::Leftover;
use crate::queue::settings::TaskQueueBuilder;
use crate::queue::shared::Shared;
use crate::queue::state::Maker;
use crate::queue::statistics::QueueStatistics;
use crate::queue::worker::{Detach, NoSuchWorker, QueueWorker, WorkerId, WorkerState};
use crate::strategy::Strategy;
use crate::sync::global::lock;
use crate::task::Task;

/// Calls that wait for workers, and are served by weight: a strategy, and more.
///
/// Workers are threads of the queue's own, worker processes, or any [`Strategy`]; they are attached
/// and detached while the queue runs. Calls come in by [`call`](Self::call), by
/// [`task`](Self::task), and from functions with `#[background(on = QUEUE, priority = 5)]`.
///
/// # Order
///
/// The k-th call of a [series](crate::Builder::series) (those without one are a series too) with
/// [niceness](crate::Builder::priority) n has the number k · (1 + ((n + 20) / 10)²), and the
/// smallest number is served first; among equals, the first to come. So nice calls get fewer turns,
/// and none is left out. A series that begins late begins where the furthest one is; the calls of a
/// named series begin in the order of their calls. [`next`](crate::Builder::next) and
/// [`last`](crate::Builder::last) are before and behind all numbers. The count begins anew whenever
/// nothing waits.
///
/// # Touching
///
/// A touch waits for the call's turn. Only a call that is made from within a body of the same queue
/// may be run by the touch, so that a body can wait for calls of its own queue, however few workers
/// there are. A body that waits for such a call through another thread of its own making may wait
/// for ever, where no worker is free.
///
/// # Streams
///
/// A [stream](crate::Builder::stream) has its worker from its first item to its end, or until its
/// iterator is dropped: while nobody reads it, it waits there for room. So whoever reads several
/// streams in turn needs as many workers; with fewer, the first are to be read to their ends, or
/// dropped, before the next. A stream whose worker process dies ends as
/// [`Failure::Crashed`](crate::Failure::Crashed) behind the items that came before, and is not tried
/// again.
///
/// ```
/// let queue = background::TaskQueue::threads(1);
/// let squares = queue.task().priority(3).stream(|| (0..4).map(|n| n * n));
/// let cubes = queue.task().stream(|| (0..4).map(|n| n * n * n));
/// assert_eq!(squares.chain(cubes).collect::<Vec<_>>(), [0, 1, 4, 9, 0, 1, 8, 27]);
/// ```
///
/// # The end
///
/// Cloning gives another handle to the same queue. When the last one is dropped, what waits is still
/// served, and then the workers leave; calls for which there is no worker end as
/// [`Failure::Lost`](crate::Failure::Lost). [`shutdown`](Self::shutdown) waits for the end.
///
/// ```
/// use background::{Background, TaskQueue};
///
/// let queue = TaskQueue::threads(2);
/// let slow = queue.task().priority(10).spawn(|| 6);
/// let urgent = queue.task().next().spawn(|| 7);
/// assert_eq!(slow * urgent, 42);
/// ```
#[derive(Clone)]
pub struct TaskQueue {
    handle: Arc<Handle>,
}

struct Handle {
    shared: Arc<Shared>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.close();
    }
}

impl TaskQueue {
    pub(super) fn of(shared: Arc<Shared>) -> Self {
        Self { handle: Arc::new(Handle { shared }) }
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.handle.shared
    }

    /// A queue without workers: calls wait until one is [attached](Self::attach). Never blocks, never
    /// panics.
    ///
    /// ```
    /// use background::{QueueWorker, TaskQueue};
    ///
    /// let queue = TaskQueue::new();
    /// let waits = queue.call(|| 7);
    /// assert_eq!(queue.queued(), 1);
    /// queue.attach(QueueWorker::thread());
    /// assert_eq!(waits, 7);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        TaskQueueBuilder::new().make()
    }

    /// Describes a queue. Never blocks, never panics.
    ///
    /// ```
    /// use background::{TaskQueue, WhenFull};
    ///
    /// let queue = TaskQueue::builder().bound(10, WhenFull::Reject).threads(1).build();
    /// assert_eq!(queue.call(|| 7), 7);
    /// ```
    pub fn builder() -> TaskQueueBuilder {
        TaskQueueBuilder::new()
    }

    /// A queue with so many threads of its own. Blocks on nothing, never panics.
    ///
    /// ```
    /// assert_eq!(background::TaskQueue::threads(2).workers().len(), 2);
    /// ```
    #[must_use]
    pub fn threads(threads: usize) -> Self {
        TaskQueueBuilder::new().threads(threads).make()
    }

    pub(super) fn attach_threads(&self, threads: usize) {
        for _ in 0..threads {
            self.attach(QueueWorker::thread());
        }
    }

    /// Takes on one more worker, which runs all earlier [updates](Self::update) before its first
    /// call. A queue that was shut down lets it go at once.
    ///
    /// May run calls that wait, if the worker's strategy runs them where it is given them; blocks on
    /// nothing else, and never panics.
    ///
    /// ```
    /// use background::{QueueWorker, TaskQueue, strategies::Dedicated};
    ///
    /// let queue = TaskQueue::new();
    /// let id = queue.attach(QueueWorker::new(Dedicated::new()).capacity(3));
    /// assert_eq!(queue.workers()[0].id(), id);
    /// assert_eq!(queue.call(|| 7), 7);
    /// ```
    #[allow(clippy::needless_pass_by_value, reason = "a description is used up")]
    pub fn attach(&self, worker: QueueWorker) -> WorkerId {
        self.shared().attach(&worker)
    }

    /// Lets a worker go: it gets no more calls. `how` says what becomes of those that it runs; those
    /// that come back are returned.
    ///
    /// Blocks only until the calls that were stopped have ended. Never panics.
    ///
    /// # Errors
    ///
    /// When the queue has no such worker, or has let it go already.
    ///
    /// ```
    /// use background::{Detach, QueueWorker, TaskQueue};
    ///
    /// let queue = TaskQueue::threads(1);
    /// let second = queue.attach(QueueWorker::thread());
    /// assert!(queue.detach(second, Detach::Reassign).unwrap().is_empty());
    /// assert_eq!(queue.call(|| 7), 7);
    /// ```
    pub fn detach(&self, worker: WorkerId, how: Detach) -> Result<Vec<Leftover>, NoSuchWorker> {
        self.shared().detach(worker, how)
    }

    /// The workers and what they are at, the longest attached first. Never blocks, never panics.
    ///
    /// ```
    /// let queue = background::TaskQueue::threads(3);
    /// assert_eq!(queue.workers().len(), 3);
    /// assert!(queue.workers().iter().all(|worker| worker.running() == 0));
    /// ```
    #[must_use]
    pub fn workers(&self) -> Vec<WorkerState> {
        let state = lock(&self.shared().state);
        let states = state.members.iter().map(|(id, member)| WorkerState {
            id: WorkerId(*id),
            running: member.runs.len(),
            leaving: member.leaving,
        });
        states.collect()
    }

    /// How many calls wait for a worker. One whose future was cancelled counts until the queue comes
    /// across it. Never blocks, never panics.
    ///
    /// ```
    /// let queue = background::TaskQueue::new();
    /// let _waits = queue.call(|| 7);
    /// assert_eq!(queue.queued(), 1);
    /// ```
    #[must_use]
    pub fn queued(&self) -> usize {
        lock(&self.shared().state).waiting.len()
    }

    /// How many calls the workers run, updates included. Never blocks, never panics.
    ///
    /// ```
    /// assert_eq!(background::TaskQueue::threads(1).running(), 0);
    /// ```
    #[must_use]
    pub fn running(&self) -> usize {
        lock(&self.shared().state).running
    }

    /// Calls `listener` with the number of calls that wait, at every change of it from now on: each
    /// change once, in order, on the thread that has changed it or on one that is at it already.
    ///
    /// Until the [`Subscription`] is dropped. A listener should be short; one that panics is told of
    /// on stderr. Never blocks, never panics.
    ///
    /// ```
    /// use background::TaskQueue;
    /// use std::sync::mpsc::channel;
    ///
    /// let queue = TaskQueue::new();
    /// let (sender, lengths) = channel();
    /// let subscription = queue.subscribe(move |length| sender.send(length).unwrap());
    /// let _futures = [queue.call(|| 1), queue.call(|| 2)];
    /// queue.cancel_all();
    /// drop(subscription);
    /// assert_eq!(lengths.iter().collect::<Vec<_>>(), [1, 2, 0]);
    /// ```
    pub fn subscribe(&self, listener: impl Fn(usize) + Send + Sync + 'static) -> Subscription {
        let number = self.shared().subscribe(Arc::new(listener));
        Subscription { shared: Arc::clone(self.shared()), number }
    }

    /// Cancels the calls of a series that wait. Returns how many there were. Runs their destructors;
    /// blocks on nothing else, never panics.
    ///
    /// ```
    /// let queue = background::TaskQueue::new();
    /// let page = queue.task().catch().series("pages").spawn(|| 7);
    /// let other = queue.task().catch().spawn(|| 7);
    /// assert_eq!((queue.cancel_series("pages"), queue.queued()), (1, 1));
    /// assert!(page.as_ref().unwrap_err().is_cancelled());
    /// # drop((queue, other));
    /// ```
    pub fn cancel_series(&self, series: &str) -> usize {
        self.shared().cancel(Some(series))
    }

    /// Cancels all calls that wait. Returns how many there were. Runs their destructors; blocks on
    /// nothing else, never panics.
    ///
    /// ```
    /// let queue = background::TaskQueue::new();
    /// let _futures: Vec<_> = (0..6).map(|n| queue.call(move || n)).collect();
    /// assert_eq!((queue.cancel_all(), queue.queued()), (6, 0));
    /// ```
    pub fn cancel_all(&self) -> usize {
        self.shared().cancel(None)
    }

    /// Blocks until fewer than `calls` calls wait or run; a body of the queue that calls this is one of
    /// them. A checkpoint of the current task.
    ///
    /// # Panics
    ///
    /// With 0: there are never fewer.
    ///
    /// ```
    /// let queue = background::TaskQueue::threads(2);
    /// for n in 0..100 {
    ///     queue.wait_until_fewer(10);
    ///     background::Background::detach(queue.call(move || n));
    /// }
    /// queue.wait_until_fewer(1);
    /// assert_eq!(queue.statistics().running().count(), 100);
    /// ```
    pub fn wait_until_fewer(&self, calls: usize) {
        self.wait_until_fewer_for(calls, Duration::MAX);
    }

    /// The same, at most for so long. `true` when there are fewer.
    ///
    /// # Panics
    ///
    /// With 0 calls: there are never fewer.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let queue = background::TaskQueue::new();
    /// let _waits = queue.call(|| 7);
    /// assert!(!queue.wait_until_fewer_for(1, Duration::from_millis(1)));
    /// assert!(queue.wait_until_fewer_for(2, Duration::ZERO));
    /// ```
    pub fn wait_until_fewer_for(&self, calls: usize, patience: Duration) -> bool {
        assert!(calls > 0, "there are never fewer than 0 calls; write 1 to wait for all");
        let until = Tick::now().after(patience);
        self.shared().wait_until(until, |state| state.unfinished() < calls)
    }

    /// How long calls have waited and run so far. Never blocks, never panics.
    ///
    /// ```
    /// let queue = background::TaskQueue::threads(1);
    /// assert_eq!(queue.statistics().waiting().count(), 0);
    /// ```
    #[must_use]
    pub fn statistics(&self) -> QueueStatistics {
        lock(&self.shared().state).statistics.clone()
    }

    /// Takes no more calls, waits up to `grace` until all are done, and returns what is not.
    ///
    /// Then what runs is cancelled, or comes back where it can be run again, as what still waits
    /// does; the workers leave. Blocks for at most `grace` and about a second, for bodies that come
    /// to no checkpoint: such a body goes on, and its thread ends with it. Once more is harmless.
    /// Called by a body of the queue, it does not wait for that body. Never panics.
    ///
    /// ```
    /// use background::TaskQueue;
    /// use std::time::Duration;
    ///
    /// let queue = TaskQueue::threads(2);
    /// let x = queue.call(|| 7);
    /// assert!(queue.shutdown(Duration::from_secs(60)).is_empty());
    /// assert!(queue.workers().is_empty());
    /// assert_eq!(x, 7);
    /// assert!(queue.shutdown(Duration::ZERO).is_empty());
    /// ```
    pub fn shutdown(&self, grace: Duration) -> Vec<Leftover> {
        self.shared().shut_down(grace)
    }

    /// Gives each worker a task that it runs before anything else; with a maker later ones too.
    pub(crate) fn spread(&self, later: Option<Maker>, mut make: impl FnMut() -> Task) {
        let beds = self.shared().change(|state| state.spread(later, &mut make));
        for bed in beds {
            bed.unpark();
        }
        self.shared().hand_out();
    }
}

impl Default for TaskQueue {
    fn default() -> Self {
        Self::new()
    }
}

impl Strategy for TaskQueue {
    fn start(&self, task: Task) {
        self.shared().submit(task);
    }

    fn claim_on_touch(&self) -> bool {
        self.shared().is_above()
    }
}

impl fmt::Debug for TaskQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskQueue")
            .field("workers", &self.workers().len())
            .field("queued", &self.queued())
            .field("running", &self.running())
            .finish_non_exhaustive()
    }
}

/// Keeps a listener of [`TaskQueue::subscribe`], which has an example, until it is dropped.
#[must_use = "a subscription that is dropped is over"]
pub struct Subscription {
    shared: Arc<Shared>,
    number: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.shared.unsubscribe(self.number);
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}
