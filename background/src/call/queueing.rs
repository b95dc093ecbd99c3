//! Calls to a queue, and updates of its workers.

use std::sync::Arc;

use crate::call::Builder;
use crate::failure::Failure;
use crate::handle::Background;
use crate::queue::{Maker, TaskQueue, TaskQueueBuilder};
use crate::site::Site;
use crate::strategy::Strategy;
use crate::sync::global::{Mutex, lock};
use crate::task::{Task, current};

#[cfg(feature = "process")]
use {
    crate::call::travel::{Packed, pack_once},
    crate::process::settings::ProcessPoolBuilder,
    crate::queue::worker::QueueWorker,
    serde::Serialize,
    serde::de::DeserializeOwned,
};

static SITE: Site = Site::new("update", "", "", 0);

impl TaskQueue {
    /// Calls a closure when it is its turn. For everything else that can be said, see
    /// [`task`](Self::task).
    ///
    /// Returns at once, unless the queue is [full](TaskQueueBuilder::bound).
    ///
    /// ```
    /// let queue = background::TaskQueue::threads(1);
    /// assert_eq!(queue.call(|| 6 * 7), 42);
    /// ```
    #[track_caller]
    pub fn call<T, F>(&self, body: F) -> Background<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        crate::call::front::task().on(self).spawn(body)
    }

    /// Begins the description of a call of this queue. Never blocks, never panics.
    ///
    /// ```
    /// let queue = background::TaskQueue::threads(1);
    /// assert_eq!(queue.task().name("answer").priority(-20).spawn(|| 6 * 7), 42);
    /// ```
    pub fn task(&self) -> Builder<std::convert::Infallible, Self> {
        crate::call::front::task().on(self.clone())
    }

    /// Has each worker run `update` before its next call, and every later one before its first:
    /// for state that belongs to a thread. Returns one result for each present worker, in the order
    /// in which they were attached.
    ///
    /// Updates run in the order in which they were asked for. Worker processes refuse closures, see
    /// [`update_with`](Self::update_with). What an update of a later worker fails with is told on
    /// stderr. Never blocks, never panics.
    ///
    /// ```
    /// use background::TaskQueue;
    /// use std::cell::Cell;
    ///
    /// thread_local! {
    ///     static FACTOR: Cell<f64> = const { Cell::new(1.0) };
    /// }
    ///
    /// let queue = TaskQueue::threads(3);
    /// let done = queue.update(|| {
    ///     FACTOR.set(3.0);
    ///     FACTOR.get()
    /// });
    /// let done: Vec<_> = done.into_iter().map(|it| *it.as_ref().unwrap()).collect();
    /// assert_eq!(done, [3.0; 3]);
    /// assert_eq!(queue.call(|| FACTOR.get()), 3.0);
    /// ```
    #[track_caller]
    pub fn update<T, F>(&self, update: F) -> Vec<Background<T, Failure>>
    where
        F: Fn() -> T + Send + Sync + 'static,
        T: Send + 'static,
    {
        self.spread_closure(update, true)
    }

    /// The same for the present workers only.
    ///
    /// ```
    /// use background::{QueueWorker, TaskQueue};
    ///
    /// let queue = TaskQueue::threads(2);
    /// assert_eq!(queue.update_ephemeral(|| 7).len(), 2);
    /// queue.attach(QueueWorker::thread()); // knows nothing of it
    /// ```
    #[track_caller]
    pub fn update_ephemeral<T, F>(&self, update: F) -> Vec<Background<T, Failure>>
    where
        F: Fn() -> T + Send + Sync + 'static,
        T: Send + 'static,
    {
        self.spread_closure(update, false)
    }

    #[track_caller]
    fn spread_closure<T, F>(&self, update: F, lasts: bool) -> Vec<Background<T, Failure>>
    where
        F: Fn() -> T + Send + Sync + 'static,
        T: Send + 'static,
    {
        let caller = std::panic::Location::caller();
        let update = Arc::new(update);
        let make = move || {
            let update = Arc::clone(&update);
            captured(move |place| {
                Builder::new(&SITE).called_at(caller).catch().on(place).spawn(move || update())
            })
        };
        self.spread_made(make, lasts)
    }

    /// [`update`](Self::update) for workers of all kinds, processes among them: a function with
    /// arguments, as [`Builder::spawn_with`] takes them.
    ///
    /// A worker may have one process after the other: one has died, even while it had nothing to do,
    /// or served its number of calls, or was idle for long. Each runs all earlier updates before its
    /// first call, but those that two of its predecessors have died of. This holds for workers made by
    /// [`QueueWorker::process`] and [`QueueWorker::process_of`]; of a strategy with several processes
    /// of its own only one runs an update.
    ///
    /// ```
    /// use background::{Background, TaskQueue};
    /// use std::sync::atomic::{AtomicU32, Ordering};
    ///
    /// static LEVEL: AtomicU32 = AtomicU32::new(0);
    ///
    /// let queue = TaskQueue::processes(1);
    /// let old = queue.update_with(|level: u32| LEVEL.swap(level, Ordering::Relaxed), 5);
    /// assert_eq!(old[0].as_ref().copied(), Ok(0));
    /// let level = queue.task().spawn_with(|()| LEVEL.load(Ordering::Relaxed), ());
    /// assert_eq!(Background::join(level), 5);
    /// ```
    #[cfg(feature = "process")]
    #[track_caller]
    pub fn update_with<A, T, F>(&self, function: F, arguments: A) -> Vec<Background<T, Failure>>
    where
        A: Serialize + DeserializeOwned + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(A) -> T + Copy + Send + Sync + 'static,
    {
        self.spread_function(function, arguments, true)
    }

    /// The same for the present workers only.
    ///
    /// ```
    /// use background::TaskQueue;
    ///
    /// let queue = TaskQueue::processes(1);
    /// let pids = queue.update_with_ephemeral(|()| std::process::id(), ());
    /// assert_ne!(*pids[0], Ok(std::process::id()));
    /// ```
    #[cfg(feature = "process")]
    #[track_caller]
    pub fn update_with_ephemeral<A, T, F>(
        &self,
        function: F,
        arguments: A,
    ) -> Vec<Background<T, Failure>>
    where
        A: Serialize + DeserializeOwned + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(A) -> T + Copy + Send + Sync + 'static,
    {
        self.spread_function(function, arguments, false)
    }

    #[cfg(feature = "process")]
    #[track_caller]
    fn spread_function<A, T, F>(
        &self,
        function: F,
        arguments: A,
        lasts: bool,
    ) -> Vec<Background<T, Failure>>
    where
        A: Serialize + DeserializeOwned + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(A) -> T + Copy + Send + Sync + 'static,
    {
        let caller = std::panic::Location::caller();
        let packed: Packed = pack_once(arguments);
        let make = move || {
            captured(|place| {
                let description = Builder::new(&SITE).called_at(caller).catch().on(place);
                description.send_packed::<A, T, F>(function, &packed)
            })
        };
        self.spread_made(make, lasts)
    }

    fn spread_made<T: Send + 'static>(
        &self,
        make: impl Fn() -> (Background<T, Failure>, Task) + Send + Sync + 'static,
        lasts: bool,
    ) -> Vec<Background<T, Failure>> {
        let make = Arc::new(make);
        let later = Arc::clone(&make);
        // Whoever happens to bring a later worker has nothing to do with the update.
        let alone = move || current::outside(|| (*later)().1);
        let later = lasts.then(|| Arc::new(alone) as Maker);
        let mut futures = Vec::new();
        self.spread(later, || {
            let (future, task) = (*make)();
            futures.push(future);
            task
        });
        futures
    }

    /// A queue with so many worker processes, each of which runs one call at a time. Closures, which
    /// cannot travel, fail there as [`Failure::Unsupported`]. Blocks on nothing, never panics.
    ///
    /// ```
    /// use background::{Background, TaskQueue};
    ///
    /// let queue = TaskQueue::processes(2);
    /// let pid = queue.task().priority(-1).spawn_with(|()| std::process::id(), ());
    /// assert_ne!(Background::join(pid), std::process::id());
    /// ```
    #[cfg(feature = "process")]
    #[must_use]
    pub fn processes(processes: usize) -> Self {
        Self::builder().processes(processes).build()
    }
}

impl TaskQueueBuilder {
    /// Attaches so many worker processes. Blocks on nothing, never panics.
    #[cfg(feature = "process")]
    pub fn processes(mut self, processes: usize) -> Self {
        self.processes = processes;
        self
    }

    /// Makes the queue and attaches its workers. Blocks on nothing, never panics.
    #[must_use]
    pub fn build(self) -> TaskQueue {
        #[cfg(feature = "process")]
        let processes = self.processes;
        let queue = self.make();
        #[cfg(feature = "process")]
        for _ in 0..processes {
            queue.attach(QueueWorker::process());
        }
        queue
    }
}

#[cfg(feature = "process")]
impl QueueWorker {
    /// A worker process of the queue's own, which stays until it is detached. Blocks on nothing,
    /// never panics.
    ///
    /// ```
    /// use background::{Background, QueueWorker, TaskQueue};
    ///
    /// let queue = TaskQueue::threads(1);
    /// queue.attach(QueueWorker::process().series(["elsewhere"]));
    /// let call = queue.task().series("elsewhere").spawn_with(|n: u32| n + 1, 6);
    /// assert_eq!(Background::join(call), 7);
    /// ```
    pub fn process() -> Self {
        Self::process_of(ProcessPoolBuilder::new().idle(std::time::Duration::MAX))
    }

    /// A worker process with settings of your own: one process at a time, whatever they say about
    /// that. Blocks on nothing, never panics.
    ///
    /// ```
    /// use background::{Background, QueueWorker, TaskQueue, processes};
    ///
    /// let queue = TaskQueue::new();
    /// queue.attach(QueueWorker::process_of(processes().max_calls(1).env("GREETING", "hello")));
    /// let greet = |()| (std::process::id(), std::env::var("GREETING").ok());
    /// let [one, other] = [(); 2].map(|()| Background::join(queue.task().spawn_with(greet, ())));
    /// assert_eq!(one.1.as_deref(), Some("hello"));
    /// assert_ne!(one.0, other.0);
    /// ```
    pub fn process_of(settings: ProcessPoolBuilder) -> Self {
        let pool = settings.workers(1).build();
        let briefed = pool.clone();
        let introduce = Box::new(move |briefing| briefed.brief_by(briefing));
        Self::new(pool).travelling().introduced(introduce)
    }
}

/// Keeps the task that it is to start.
#[derive(Default)]
struct Captor(Mutex<Option<Task>>);

impl Strategy for Captor {
    fn start(&self, task: Task) {
        *lock(&self.0) = Some(task);
    }
}

/// A task that nobody starts yet, and its future.
fn captured<T>(
    spawn: impl FnOnce(&Captor) -> Background<T, Failure>,
) -> (Background<T, Failure>, Task) {
    let captor = Captor::default();
    let future = spawn(&captor);
    let task = lock(&captor.0).take();
    match task {
        Some(task) => (future, task),
        None => unreachable!("a call without a limit is started"),
    }
}
