//! A future that is filled by hand.

use std::fmt;
use std::sync::Arc;

use crate::call::Builder;
use crate::cell::state::{CLAIMED, ORPHAN};
use crate::combine::keeping::Keeping;
use crate::combine::kept::Kept;
use crate::failure::Failure;
use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::sync::global::{Mutex, lock};
use crate::task::wait_graph::Keepers;
use crate::task::{Task, current};

static SITE: Site = Site::new("promise", "", "", 0);

/// Makes a future and the promise that fills it: turns any callback API into a future.
///
/// Returns at once. No task runs meanwhile, and no thread waits but those that touch the future.
/// See [`Promise`] for what may become of it. With a deadline, or with failures as values:
/// [`Builder::promise`].
///
/// The pair is that of Scala's and C++'s promises, and of the one-shot channels of Rust.
///
/// ```
/// use background::promise;
///
/// // Somebody else's function, which calls back when it has an answer.
/// fn ask(answer: impl FnOnce(u32) + Send + 'static) {
///     std::thread::spawn(|| answer(42));
/// }
///
/// let (promise, future) = promise::<u32>();
/// ask(|answer| drop(promise.set(answer)));
/// assert_eq!(future, 42);
/// ```
#[track_caller]
pub fn promise<T: Send + 'static>() -> (Promise<T>, Background<T>) {
    Builder::new(&SITE).promise()
}

impl<S: Sentinel, P> Builder<S, P> {
    /// Makes a future as described, and the [`Promise`] that fills it.
    ///
    /// A [`deadline`](Self::deadline) counts from here: once it has passed, the future yields
    /// [`Timeout`](crate::Timeout) and the promise gives its value back. A
    /// [`timeout`](Self::timeout) limits how long [`Promise::set_with`] may take. Where tasks run
    /// has no meaning here. Blocks only where a full [`limit`](Self::limit) does (`WhenFull::Inline`
    /// rejects the promise); the permit is held until the promise is gone.
    ///
    /// ```
    /// use background::{Background, Timeout, task};
    /// use std::time::Duration;
    ///
    /// let patience = Duration::from_millis(1);
    /// let (promise, answer) = task().name("answer").deadline(patience).promise::<u32>();
    /// assert!(answer == Timeout);
    /// assert_eq!(promise.set(42), Err(42));
    /// # let _: Background<u32, Timeout> = answer;
    /// ```
    #[track_caller]
    pub fn promise<T: Send + 'static>(self) -> (Promise<T>, Background<T, S>) {
        let slot = Arc::new(Slot(Mutex::new(None)));
        let body = Arc::clone(&slot);
        let kept = Kept::reserved();
        let future = self.on(&kept).spawn(move || match body.take() {
            Some(Given::Value(value)) => value,
            Some(Given::Work(work)) => work(),
            // Only a full limit runs it before.
            None => {
                current::fail(Failure::Rejected { reason: "a promise cannot run inline".into() })
            }
        });
        // No task: a full limit has rejected it.
        (Promise { task: kept.take(), slot, keeping: Keeping::default() }, future)
    }
}

/// The right, and the duty, to fill one future. Made by [`promise`].
///
/// Whoever holds it fills the future once, from any thread: with a value, or with a failure.
/// Callbacks of [`Background::on_ready`] then run on that thread. A promise that is dropped unfilled
/// fails its future as [`Failure::Lost`](crate::Failure::Lost), so nobody waits for ever; one that
/// is leaked leaves its future waiting. [`drain`](crate::drain) waits for promises too, and counts
/// them among those that have not started.
///
/// ```
/// use background::{Background, Failure, promise};
///
/// let (promise, future) = promise::<u32>();
/// drop(promise);
/// assert_eq!(Background::outcome(&future), Err(&Failure::Lost));
/// ```
#[must_use = "a promise that is dropped fails its future as lost"]
pub struct Promise<T> {
    /// `None` when it was fulfilled, or rejected from the start.
    task: Option<Task>,
    slot: Arc<Slot<T>>,
    keeping: Keeping,
}

/// What was given, on its way into the task.
struct Slot<T>(Mutex<Option<Given<T>>>);

enum Given<T> {
    Value(T),
    Work(Box<dyn FnOnce() -> T + Send>),
}

impl<T> Slot<T> {
    fn put(&self, given: Given<T>) {
        *lock(&self.0) = Some(given);
    }

    fn take(&self) -> Option<Given<T>> {
        lock(&self.0).take()
    }
}

impl<T> Promise<T> {
    /// Fills the future.
    ///
    /// Never blocks and never panics. Callbacks run here.
    ///
    /// # Errors
    ///
    /// The value, when nobody wants it: the future was cancelled, its deadline has passed, or it was
    /// dropped with nobody waiting. (If that happens at the same moment, it is dropped as any result
    /// that comes too late.)
    ///
    /// ```
    /// use background::{Background, promise};
    ///
    /// let (promise, future) = promise();
    /// assert_eq!(promise.set("value"), Ok(()));
    /// assert_eq!(future, "value");
    ///
    /// let (promise, future) = background::promise();
    /// Background::cancel(&future);
    /// assert_eq!(promise.set("value"), Err("value"));
    /// # let _: Background<&str> = future;
    /// ```
    pub fn set(mut self, value: T) -> Result<(), T> {
        let Some(task) = self.wanted() else { return Err(value) };
        self.slot.put(Given::Value(value));
        task.run();
        match self.slot.take() {
            Some(Given::Value(value)) => Err(value),
            _ => Ok(()),
        }
    }

    /// Fills the future with what `work` returns, or with its panic.
    ///
    /// Runs `work` here, as the task of the future: it may come to a
    /// [`checkpoint`](crate::checkpoint) and be cancelled. Blocks as long as it does; never panics.
    /// `false` when nobody wants the value: then `work` was not called.
    ///
    /// ```
    /// use background::{Background, promise};
    ///
    /// let (promise, future) = promise::<u8>();
    /// let text = "no number";
    /// assert!(promise.set_with(move || text.parse().expect("a number")));
    /// assert!(Background::outcome(&future).unwrap_err().is_panic());
    /// ```
    pub fn set_with(mut self, work: impl FnOnce() -> T + Send + 'static) -> bool {
        let Some(task) = self.wanted() else { return false };
        self.slot.put(Given::Work(Box::new(work)));
        task.run();
        self.slot.take().is_none()
    }

    /// Fails the future as [`Failure::Rejected`](crate::Failure::Rejected), with a reason for its
    /// readers.
    ///
    /// Never blocks and never panics. Does nothing when nobody wants the value. For errors that
    /// belong to the caller's business, let the value be a `Result`: `promise::<Result<T, E>>()`.
    ///
    /// ```
    /// use background::{Background, promise};
    ///
    /// let (promise, future) = promise::<u8>();
    /// promise.reject("the line is dead");
    /// let failure = Background::outcome(&future).unwrap_err();
    /// assert_eq!(failure.to_string(), "was rejected: the line is dead");
    /// ```
    pub fn reject(self, reason: impl Into<String>) {
        self.fail(Failure::Rejected { reason: reason.into() });
    }

    /// Passes on an outcome, such as that of another future.
    ///
    /// Never blocks and never panics.
    ///
    /// # Errors
    ///
    /// The value, as for [`set`](Self::set). A failure that nobody wants is dropped.
    ///
    /// ```
    /// use background::{Background, Failure, promise, spawn};
    ///
    /// let (promise, future) = promise();
    /// let source = spawn(|| 7);
    /// Background::on_ready(&source, |outcome| {
    ///     let _ = promise.complete(outcome.copied().map_err(Failure::clone));
    /// });
    /// assert_eq!(future, 7);
    /// # assert_eq!(source, 7);
    /// ```
    pub fn complete(self, outcome: Result<T, Failure>) -> Result<(), T> {
        match outcome {
            Ok(value) => self.set(value),
            Err(failure) => {
                self.fail(failure);
                Ok(())
            }
        }
    }

    /// Says that the current task is the one that keeps this promise.
    ///
    /// A promise may be kept by whoever comes to hold it, so a thread that waits for its future is
    /// not taken to wait for anybody, and a deadlock over it is not found. With this it is: from now
    /// on, who waits for the future waits for the current task. To be said by a task that holds the
    /// promise until it has kept it, before others wait for it. Has no effect outside of a task, and
    /// only the first one counts. Never blocks.
    ///
    /// ```
    /// use background::{Background, Failure, promise, spawn};
    ///
    /// let (promise, future) = promise::<u32>();
    /// let careless = spawn(move || {
    ///     let promise = promise.adopt();
    ///     // Nobody else will give the answer.
    ///     let answer = Background::outcome(&future).copied().map_err(Failure::clone);
    ///     promise.set(42).ok();
    ///     answer
    /// });
    /// assert!(Background::join(careless).unwrap_err().is_deadlock());
    /// ```
    #[must_use = "the promise is given back; dropping it fails its future as lost"]
    pub fn adopt(self) -> Self {
        if let (Some(task), Some(current)) = (&self.task, current::job()) {
            self.keeping.tell(task.job(), Keepers::Task(current));
        }
        self
    }

    /// Somebody may still want the value: the future was not cancelled, its time is not over, and
    /// it was not dropped with nobody waiting. Callbacks wait, and so do the functions that combine
    /// futures.
    ///
    /// The answer may be outdated by the time it is given. Never blocks.
    ///
    /// ```
    /// let (promise, future) = background::promise::<u8>();
    /// assert!(promise.is_wanted());
    /// drop(future);
    /// assert!(!promise.is_wanted());
    /// ```
    pub fn is_wanted(&self) -> bool {
        self.task.as_ref().is_some_and(is_wanted)
    }

    /// The task, if somebody may still want its outcome.
    fn wanted(&mut self) -> Option<Task> {
        if self.is_wanted() { self.task.take() } else { None }
    }

    fn fail(mut self, failure: Failure) {
        if let Some(task) = self.wanted() {
            task.job().resolve_unstarted(failure);
        }
    }
}

fn is_wanted(task: &Task) -> bool {
    let core = &task.job().core;
    match core.state.glance() {
        bits if bits & CLAIMED != 0 => false,
        bits => bits & ORPHAN == 0 || core.is_awaited(),
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            // To lose what nobody wants is no news.
            let failure = if is_wanted(&task) { Failure::Lost } else { Failure::Cancelled };
            task.job().resolve_unstarted(failure);
        }
    }
}

impl<T> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Promise").field("task", &self.task).finish_non_exhaustive()
    }
}
