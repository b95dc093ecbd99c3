//! Tasks that borrow.
#![allow(unsafe_code)]

use std::fmt;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::Arc;

use crate::call::Builder;
use crate::cell::parker::Parker;
use crate::cell::state::PARKED;
use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::strategy::Strategy;
use crate::sync::global::{Mutex, lock};
use crate::task::frame::{self, Place};
use crate::task::job_ref::JobRef;
use crate::task::wait_graph::{self, Need};
use crate::task::{host, wait};

/// Runs `f` with a [`Scope`], whose tasks may borrow from outside of the call.
///
/// Blocks until all of the scope's tasks have ended, also when `f` panics, when their futures were
/// dropped, leaked or carried out of the scope, and when they have timed out or been cancelled but
/// still run. Lazy tasks that nobody has touched run at the end of the scope.
///
/// Where a task of the scope waits for the task that the scope is in, neither can go on: then the
/// latter fails as [`Failure::Deadlock`](crate::Failure::Deadlock), at once.
///
/// What `f` panics with is re-raised. A panic of a task whose future nobody has read is reported on
/// stderr, as everywhere.
///
/// The interface and the proof obligations are those of [`std::thread::scope`].
///
/// ```
/// use background::scope;
///
/// let text = String::from("borrowed");
/// let total = scope(|s| {
///     let length = s.spawn(|| text.len());
///     let vowels = s.spawn(|| text.matches(['o', 'e']).count());
///     length + vowels
/// });
/// assert_eq!(total, 11);
/// assert_eq!(text, "borrowed");
/// ```
#[track_caller]
pub fn scope<'env, F, R>(f: F) -> R
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> R,
{
    let scope = Scope { tasks: Arc::new(Tasks::new()), _own: PhantomData, _env: PhantomData };
    let result = catch_unwind(AssertUnwindSafe(|| f(&scope)));
    scope.tasks.wait(Some(Location::caller()));
    result.unwrap_or_else(|payload| resume_unwind(payload))
}

/// Where tasks are started that may borrow; see [`scope`].
pub struct Scope<'scope, 'env: 'scope> {
    tasks: Arc<Tasks>,
    /// Invariant in both lifetimes, as std's: shortening `'scope` would let a task outlive what it
    /// borrows.
    _own: PhantomData<&'scope mut &'scope ()>,
    _env: PhantomData<&'env mut &'env ()>,
}

impl<'scope> Scope<'scope, '_> {
    /// Runs a closure in the background, in the program's default strategy.
    ///
    /// Returns at once. The future may be dropped, leaked or returned from the scope; the scope
    /// waits for the task in any case.
    #[track_caller]
    pub fn spawn<T, F>(&'scope self, body: F) -> Background<T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        self.spawn_with(crate::call::front::task(), body)
    }

    /// Runs a closure as described, for instance with a time limit or another strategy.
    ///
    /// Returns at once, as [`Builder::spawn`] does. A task that has timed out or was cancelled but
    /// has not come to a checkpoint keeps the scope waiting: it still borrows.
    ///
    /// ```
    /// use background::{scope, task};
    ///
    /// let mut counts = [0; 3];
    /// scope(|s| {
    ///     for (n, count) in counts.iter_mut().enumerate() {
    ///         let done = s.spawn_with(task().dedicated().name("count"), move || *count = n);
    ///         drop(done);
    ///     }
    /// });
    /// assert_eq!(counts, [0, 1, 2]);
    /// ```
    #[track_caller]
    pub fn spawn_with<T, F, S, P>(&'scope self, task: Builder<S, P>, body: F) -> Background<T, S>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
        S: Sentinel,
        P: Strategy,
    {
        let guard = Entry::new(&self.tasks);
        let number = self.tasks.number();
        let body = move || {
            frame::belong(number);
            body()
        };
        // SAFETY: body and value are Send. What they borrow outlives 'scope, and `scope` does not
        // return before every guard was dropped: after the body, and after a value that nobody
        // wants. A value that somebody wants is in the hands of its future, whose type carries its
        // lifetime.
        let future = unsafe { task.spawn_unchecked(body, guard, true) };
        let job = future.job();
        if job.core.state.look() & PARKED != 0 {
            lock(&self.tasks.state).parked.push(JobRef::clone(&job));
            // The scope may be waiting already: a task of its own has started this one.
            self.tasks.parker.unpark();
        }
        future
    }
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("tasks", &lock(&self.tasks.state).left)
            .finish_non_exhaustive()
    }
}

/// What the scope waits for. Shared, because the last task may look at it after the scope has
/// returned.
struct Tasks {
    state: Mutex<State>,
    parker: Arc<Parker>,
}

struct State {
    left: usize,
    /// Lazy tasks, which somebody has to touch in the end.
    parked: Vec<JobRef>,
}

impl Tasks {
    fn new() -> Self {
        Self { state: Mutex::new(State { left: 0, parked: Vec::new() }), parker: Parker::new() }
    }

    /// A number that no other scope has for as long as this one is there.
    fn number(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    fn wait(&self, place: Place) {
        loop {
            let mut state = lock(&self.state);
            if state.left == 0 {
                return;
            }
            let parked = std::mem::take(&mut state.parked);
            drop(state);
            if parked.is_empty() {
                let _blocking = host::blocking();
                // Not a checkpoint: the tasks borrow until they have ended.
                let stoppable = false;
                if let Some(_waiting) =
                    wait_graph::enter(&Need::Scope(self.number(), place), stoppable)
                {
                    self.parker.park(None);
                }
            }
            for job in parked {
                wait::run_parked(&job);
            }
        }
    }
}

/// One task's place in its scope; left when dropped.
struct Entry(Arc<Tasks>);

impl Entry {
    fn new(tasks: &Arc<Tasks>) -> Self {
        lock(&tasks.state).left += 1;
        Self(Arc::clone(tasks))
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.left -= 1;
        if state.left == 0 {
            drop(state);
            self.0.parker.unpark();
        }
    }
}
