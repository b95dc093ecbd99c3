//! At most so many of one function at once.

use std::collections::VecDeque;

use crate::cell::parker::Parker;
use crate::sync::global::{Arc, Mutex, lock};
use crate::task::current;

/// What a call does when its function's limit is reached.
///
/// ```
/// use background::{Background, WhenFull, background};
///
/// #[background(limit = 1, when_full = reject, catch)]
/// fn exclusive(wait: std::sync::mpsc::Receiver<()>) -> &'static str {
///     wait.recv().ok();
///     "done"
/// }
///
/// let (go, gate) = std::sync::mpsc::channel();
/// let (_, closed) = std::sync::mpsc::channel();
/// let first = exclusive(gate);
/// let second = exclusive(closed);
/// assert!(Background::join(second).unwrap_err().is_rejected());
/// go.send(()).unwrap();
/// assert_eq!(Background::join(first), Ok("done"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WhenFull {
    /// The call blocks until an earlier one has ended. A call from within one of the calls that
    /// hold the limit, directly or through others, runs inline: waiting for itself would be for
    /// ever.
    #[default]
    Block,
    /// The call runs on the caller's thread.
    Inline,
    /// The call fails as [`Failure::Rejected`](crate::Failure::Rejected).
    Reject,
}

/// A count of permits, usually a `static` beside its function.
///
/// Made by `#[background(limit = …)]`; by hand for [`Builder::limit`](crate::Builder::limit).
///
/// ```
/// use background::{Limit, WhenFull, task};
///
/// static ONE: Limit = Limit::new(1);
///
/// let x = task().limit(&ONE, WhenFull::Block).spawn(|| 1);
/// let y = task().limit(&ONE, WhenFull::Block).spawn(|| 2); // waits until x has ended
/// assert_eq!(x + y, 3);
/// ```
#[derive(Debug)]
pub struct Limit {
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    taken: usize,
    /// First come, first served: a permit that is given back goes to the first in the queue.
    queue: VecDeque<Arc<Parker>>,
    granted: Vec<Arc<Parker>>,
}

impl Limit {
    /// A limit of `most` calls at once.
    ///
    /// # Panics
    ///
    /// When `most` is 0: then no call could ever run. In a `static` that is a compile error.
    #[must_use]
    pub const fn new(most: usize) -> Self {
        assert!(most > 0, "a limit of 0 lets no call run; write 1 or more");
        let state = State { taken: 0, queue: VecDeque::new(), granted: Vec::new() };
        Self { most, state: Mutex::new(state) }
    }

    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// How many calls hold a permit now.
    #[must_use]
    pub fn in_use(&self) -> usize {
        lock(&self.state).taken
    }

    /// Takes a permit if there is one.
    pub(crate) fn try_take(&'static self) -> Option<Permit> {
        let mut state = lock(&self.state);
        (state.taken < self.most && state.queue.is_empty()).then(|| {
            state.taken += 1;
            Permit(self)
        })
    }

    /// Takes a permit, blocking until there is one. A checkpoint of the current task.
    pub(crate) fn take(&'static self) -> Permit {
        if let Some(permit) = self.try_take() {
            return permit;
        }
        let parker = Parker::new();
        let _stop = current::watch_stop(&parker);
        lock(&self.state).queue.push_back(Arc::clone(&parker));
        let mut place = InQueue { limit: self, parker: &parker, served: false };
        // A permit may have come back between the two locks.
        self.serve();
        loop {
            if place.is_served() {
                return Permit(self);
            }
            current::checkpoint();
            parker.park(None);
        }
    }

    /// The task on this thread holds a permit, or was asked for by one that does.
    pub(crate) fn is_held_above(&'static self) -> bool {
        let held = current::held();
        std::iter::successors(held.as_deref(), |link| link.outer.as_deref())
            .any(|link| std::ptr::eq(link.limit, self))
    }

    /// Gives free permits to the first in the queue.
    fn serve(&self) {
        let mut state = lock(&self.state);
        while state.taken < self.most {
            let Some(next) = state.queue.pop_front() else {
                break;
            };
            state.taken += 1;
            state.granted.push(Arc::clone(&next));
            next.unpark();
        }
    }

    fn give_back(&self) {
        lock(&self.state).taken -= 1;
        self.serve();
    }
}

/// A place in the queue, given up when a checkpoint unwinds.
struct InQueue<'a> {
    limit: &'a Limit,
    parker: &'a Arc<Parker>,
    served: bool,
}

impl InQueue<'_> {
    fn is_served(&mut self) -> bool {
        let mut state = lock(&self.limit.state);
        if let Some(at) = state.granted.iter().position(|p| Arc::ptr_eq(p, self.parker)) {
            state.granted.swap_remove(at);
            self.served = true;
        }
        self.served
    }
}

impl Drop for InQueue<'_> {
    fn drop(&mut self) {
        if self.served {
            return;
        }
        if self.is_served() {
            self.limit.give_back();
        } else {
            lock(&self.limit.state).queue.retain(|p| !Arc::ptr_eq(p, self.parker));
        }
    }
}

/// One permit, given back when dropped.
pub(crate) struct Permit(&'static Limit);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.give_back();
    }
}

/// The limits under which a task runs, innermost first; nested calls inherit the chain.
pub(crate) struct Held {
    limit: &'static Limit,
    outer: Option<Arc<Held>>,
}

impl Held {
    pub(crate) fn inside(limit: &'static Limit, outer: Option<Arc<Self>>) -> Arc<Self> {
        Arc::new(Self { limit, outer })
    }
}
