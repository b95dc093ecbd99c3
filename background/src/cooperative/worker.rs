//! The worker, as its owner sees it.

use std::fmt;
use std::future::Future;
use std::rc::Rc;

use crate::call::Builder;
use crate::clock::virtual_clock::VirtualClock;
use crate::cooperative::active;
use crate::cooperative::assign::SITE;
use crate::cooperative::core::{Bystander, Core, Step, rest};
use crate::cooperative::handle::Handle;
use crate::cooperative::nothing_in_queue::NothingInQueue;
use crate::handle::Background;
use crate::strategy::Strategy;
use crate::task::Task;
use crate::task::aside::{self, Aside};

/// Runs routines in turn, on the thread that it was made on.
///
/// See the [module](crate::cooperative) for what routines are. There may be any number of workers,
/// also on one thread. Dropping a worker ends its routines as
/// [`Failure::Lost`](crate::Failure::Lost), with their destructors, on this thread; what is sent to
/// its [`handle`](Self::handle) afterwards is rejected.
///
/// ```
/// use background::cooperative::Worker;
///
/// let worker = Worker::new();
/// let x = worker.assign(async { 123 });
/// worker.work();
/// assert_eq!(x, 123);
/// ```
pub struct Worker {
    core: Rc<Core>,
    /// What the thread has of it.
    aside: Rc<dyn Aside>,
}

impl Worker {
    /// Makes a worker that has nothing to do, for this thread.
    pub fn new() -> Self {
        Self::of(Core::new(None))
    }

    /// Makes a worker whose timers follow `clock`.
    ///
    /// Whenever it would wait because all its routines sleep, the clock jumps to the next timer
    /// instead: hours of [`sleep`](crate::cooperative::sleep) and
    /// [`repeat`](crate::cooperative::repeat) take milliseconds, and always go the same way. Time limits
    /// that are given to [`Builder::assign`] follow it too. What
    /// runs elsewhere (a pool, another process) takes no virtual time: the clock runs on while a routine
    /// awaits it. Only for a [`Command`](crate::cooperative::Command) does it wait.
    ///
    /// ```
    /// use background::VirtualClock;
    /// use background::cooperative::{Worker, sleep};
    /// use std::time::Duration;
    ///
    /// let clock = VirtualClock::new();
    /// let worker = Worker::with_clock(&clock);
    /// let _ = worker.assign(sleep(Duration::from_secs(3600)));
    /// worker.work(); // at once
    /// assert_eq!(clock.now(), Duration::from_secs(3600));
    /// ```
    pub fn with_clock(clock: &VirtualClock) -> Self {
        Self::of(Core::new(Some(clock.clone())))
    }

    fn of(core: Rc<Core>) -> Self {
        let aside: Rc<dyn Aside> = Rc::new(Bystander(Rc::clone(&core)));
        aside::enter(Rc::clone(&aside));
        Self { core, aside }
    }

    pub(super) fn core(&self) -> &Rc<Core> {
        &self.core
    }

    /// Puts a routine at the end of the queue.
    ///
    /// Returns at once; nothing of the routine runs yet. It need not be `Send`: it stays on this
    /// thread. With a name, time limits or failures as values: [`Builder::assign`]. Never panics.
    ///
    /// ```
    /// use background::cooperative::Worker;
    /// use std::rc::Rc;
    ///
    /// let worker = Worker::new();
    /// let local = Rc::new(21);
    /// let double = worker.assign(async move { 2 * *local });
    /// assert_eq!(double, 42); // the touch runs the worker
    /// ```
    #[track_caller]
    pub fn assign<F>(&self, routine: F) -> Background<F::Output>
    where
        F: Future<Output: Send + 'static> + 'static,
    {
        Builder::new(&SITE).assign(self, routine)
    }

    /// Runs the next routine that is ready, up to its next `.await` that is not. `false` when there is
    /// none that is ready: then nothing happens.
    ///
    /// Never waits. For programs that have a loop of their own. Never panics; a panic of the routine is
    /// its future's.
    ///
    /// ```
    /// use background::cooperative::Worker;
    ///
    /// let worker = Worker::new();
    /// assert!(!worker.tick());
    /// let x = worker.assign(async { 1 });
    /// assert!(worker.tick());
    /// assert_eq!(background::Background::try_get(&x), Some(&1));
    /// ```
    #[inline]
    pub fn tick(&self) -> bool {
        self.core.step() != Step::Nothing
    }

    /// The same, but waits for a routine to become ready if there are only others.
    ///
    /// # Errors
    ///
    /// `nothing in queue`, when there is no routine.
    ///
    /// ```
    /// use background::cooperative::{NothingInQueue, Worker, sleep};
    /// use std::time::Duration;
    ///
    /// let worker = Worker::new();
    /// let _ = worker.assign(sleep(Duration::from_millis(1)));
    /// assert_eq!(worker.do_next_task(), Ok(())); // it goes to sleep
    /// assert_eq!(worker.do_next_task(), Ok(())); // a millisecond later
    /// assert_eq!(worker.do_next_task(), Err(NothingInQueue));
    /// ```
    pub fn do_next_task(&self) -> Result<(), NothingInQueue> {
        while self.core.step() == Step::Nothing {
            if self.core.len() == 0 {
                return Err(NothingInQueue);
            }
            rest();
        }
        Ok(())
    }

    /// Runs routines until all have ended, or until [`stop`](Self::stop).
    ///
    /// Blocks meanwhile; sleeps while no routine is ready. A checkpoint of the task that calls it, if
    /// one does.
    ///
    /// ```
    /// use background::cooperative::{Worker, yield_now};
    /// use std::{cell::Cell, rc::Rc};
    ///
    /// let (worker, turns) = (Worker::new(), Rc::new(Cell::new(0)));
    /// for _ in 0..3 {
    ///     let turns = Rc::clone(&turns);
    ///     let _ = worker.assign(async move {
    ///         turns.set(turns.get() + 1);
    ///         yield_now().await;
    ///         turns.set(turns.get() + 1);
    ///     });
    /// }
    /// worker.work();
    /// assert_eq!((turns.get(), worker.len()), (6, 0));
    /// ```
    pub fn work(&self) {
        self.run(|| true);
    }

    /// Runs routines, and waits for new ones, until [`stop`](Self::stop); or until there is neither
    /// a routine nor a [`Handle`] that could send one.
    ///
    /// For a thread that does nothing else. Blocks meanwhile. A checkpoint, as [`work`](Self::work).
    ///
    /// ```
    /// use background::cooperative::Worker;
    /// use background::task;
    ///
    /// let (sender, receiver) = std::sync::mpsc::channel();
    /// let thread = std::thread::spawn(move || {
    ///     let worker = Worker::new();
    ///     sender.send(worker.handle()).unwrap();
    ///     worker.serve();
    /// });
    /// let handle = receiver.recv().unwrap();
    /// let id = task().on(&handle).spawn(|| std::thread::current().id());
    /// assert_eq!(id, thread.thread().id());
    /// drop(handle);
    /// thread.join().unwrap();
    /// ```
    pub fn serve(&self) {
        self.run(|| !self.core.shared().has_handles());
    }

    fn run(&self, may_end: impl Fn() -> bool) {
        let _active = active::enter(Rc::clone(&self.core));
        while !self.core.shared().take_stop() {
            if self.core.step() == Step::Nothing {
                if may_end() && self.core.len() == 0 {
                    return;
                }
                rest();
            }
        }
    }

    /// Ends [`work`](Self::work) or [`serve`](Self::serve) after the routine that runs now; when
    /// neither runs, the next one ends at once.
    ///
    /// The routines stay where they are, and go on when the worker is run again. Never blocks.
    ///
    /// ```
    /// use background::cooperative::{Worker, yield_now};
    /// use std::rc::Rc;
    ///
    /// let worker = Rc::new(Worker::new());
    /// let own = Rc::clone(&worker);
    /// let _ = worker.assign(async move {
    ///     let mut turn = 0;
    ///     loop {
    ///         turn += 1;
    ///         if turn == 1000 {
    ///             own.stop();
    ///         }
    ///         yield_now().await;
    ///     }
    ///     # #[allow(unreachable_code)]
    ///     # ()
    /// });
    /// worker.work();
    /// assert_eq!(worker.len(), 1);
    /// # std::mem::forget(worker);
    /// ```
    pub fn stop(&self) {
        self.core.shared().stop();
    }

    /// How many routines there are that have not ended. Never blocks.
    pub fn len(&self) -> usize {
        self.core.len()
    }

    /// There is no routine.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What other threads may have of this worker: a strategy.
    ///
    /// ```
    /// use background::cooperative::Worker;
    /// use background::{spawn, task};
    ///
    /// let worker = Worker::new();
    /// let (handle, here) = (worker.handle(), std::thread::current().id());
    /// let there = spawn(move || {
    ///     let id = task().on(&handle).spawn(|| std::thread::current().id());
    ///     *id
    /// });
    /// assert_eq!(there, here); // the touch runs the worker
    /// ```
    pub fn handle(&self) -> Handle {
        Handle::of(self.core.shared())
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self::new()
    }
}

impl Strategy for Worker {
    /// Puts the task at the end of the queue.
    fn start(&self, task: Task) {
        self.core.adopt(task);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        aside::leave(&self.aside);
        self.core.close();
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("len", &self.len()).finish_non_exhaustive()
    }
}
