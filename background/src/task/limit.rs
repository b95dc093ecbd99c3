//! At most so many of one function at once.

use std::collections::VecDeque;

use crate::cell::parker::Parker;
use crate::clock::Tick;
use crate::sync::global::{Arc, AtomicBool, Mutex, Ordering, lock};
use crate::task::{current, host};

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
    queue: VecDeque<Arc<Place>>,
}

/// A place in the queue.
#[derive(Debug)]
struct Place {
    parker: Arc<Parker>,
    /// Only looked at and changed under the lock of the limit.
    granted: AtomicBool,
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
        Self { most, state: Mutex::new(State { taken: 0, queue: VecDeque::new() }) }
    }

    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// How many calls hold a permit now.
    #[must_use]
    pub fn in_use(&self) -> usize {
        lock(&self.state).taken
    }

    /// Takes a permit if there is one and nobody waits for it.
    pub(crate) fn try_take(&'static self) -> Option<Permit> {
        let mut state = lock(&self.state);
        if state.taken == self.most || !state.queue.is_empty() {
            return None;
        }
        state.taken += 1;
        drop(state);
        Some(Permit::of(self))
    }

    /// Takes a permit, blocking until there is one, or until `until`. A checkpoint of the current
    /// task.
    pub(crate) fn take(&'static self, until: Tick) -> Option<Permit> {
        let parker = Parker::new();
        let place = Arc::new(Place { parker, granted: AtomicBool::new(false) });
        let _stop = current::watch_stop(&place.parker);
        lock(&self.state).queue.push_back(Arc::clone(&place));
        let waiting = Waiting { limit: self, place: &place };
        // A permit may have come back before we stood in the queue.
        self.serve();
        loop {
            if waiting.is_granted() {
                std::mem::forget(waiting);
                return Some(Permit::of(self));
            }
            current::checkpoint();
            let now = Tick::now();
            if until <= now {
                return None;
            }
            let _blocking = host::blocking();
            place.parker.park(until.left(now));
        }
    }

    /// The task on this thread holds a permit, or was asked for by one that still does.
    pub(crate) fn is_held_above(&'static self) -> bool {
        current::held().contains(self)
    }

    /// Gives free permits to the first in the queue.
    fn serve(&self) {
        let mut state = lock(&self.state);
        while state.taken < self.most {
            let Some(first) = state.queue.pop_front() else { break };
            state.taken += 1;
            // ORDERING: Relaxed. The lock orders it.
            first.granted.store(true, Ordering::Relaxed);
            first.parker.unpark();
        }
    }

    fn give_back(&self) {
        lock(&self.state).taken -= 1;
        self.serve();
    }
}

/// Somebody who waits, and leaves the queue when a checkpoint unwinds or the time is over.
struct Waiting<'a> {
    limit: &'static Limit,
    place: &'a Arc<Place>,
}

impl Waiting<'_> {
    fn is_granted(&self) -> bool {
        let _state = lock(&self.limit.state);
        // ORDERING: Relaxed. The lock orders it.
        self.place.granted.load(Ordering::Relaxed)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.limit.state);
        // ORDERING: Relaxed. The lock orders it.
        if self.place.granted.load(Ordering::Relaxed) {
            state.taken -= 1;
            drop(state);
            self.limit.serve();
        } else {
            state.queue.retain(|place| !Arc::ptr_eq(place, self.place));
        }
    }
}

/// One permit, given back when dropped.
pub(crate) struct Permit(Arc<Link>);

impl Permit {
    /// A permit that was just counted.
    fn of(limit: &'static Limit) -> Self {
        Self(Arc::new(Link { limit, out: AtomicBool::new(true) }))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        // ORDERING: Relaxed. Who misses it takes a call that has just ended for one that runs.
        self.0.out.store(false, Ordering::Relaxed);
        self.0.limit.give_back();
    }
}

/// One limit under which a task runs.
struct Link {
    limit: &'static Limit,
    /// The permit has not been given back.
    out: AtomicBool,
}

impl Link {
    fn is_out(&self) -> bool {
        // ORDERING: Relaxed, as in `Permit::drop`. A task sees its own permits and those of the
        // tasks that it was asked for by: whatever handed it over ordered their making.
        self.out.load(Ordering::Relaxed)
    }
}

/// The permits under which a task runs: its own, and those of the tasks it was asked for by.
#[derive(Clone, Default)]
pub(crate) struct Held(Option<Arc<[Arc<Link>]>>);

impl Held {
    /// These, and one more. Permits that were given back meanwhile are forgotten, so there are
    /// never more than permits are out.
    #[inline]
    pub(crate) fn and(self, permit: Option<&Permit>) -> Self {
        match permit {
            None => self,
            Some(permit) => self.and_one(permit),
        }
    }

    #[cold]
    fn and_one(self, Permit(link): &Permit) -> Self {
        if self.is_empty() {
            return Self(Some(Arc::new([Arc::clone(link)])));
        }
        let outer = self.0.iter().flat_map(|links| links.iter()).filter(|link| link.is_out());
        Self(Some(outer.chain([link]).cloned().collect()))
    }

    /// No limit at all.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    fn contains(&self, limit: &'static Limit) -> bool {
        let mut links = self.0.iter().flat_map(|links| links.iter());
        links.any(|link| std::ptr::eq(link.limit, limit) && link.is_out())
    }
}
