//! What an `async` body waits for while it is pending, as far as that is known.
//!
//! A future that is polled by [`block_on`](crate::task::block_on) may have given clones of its waker to
//! anybody. Each `.await` of a background future enters itself here; when every clone that there is
//! belongs to one of those, nobody else can wake the thread, and it waits for any of those jobs.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Waker;

use crate::cell::parker::Parker;
use crate::cell::waiters::Key;
use crate::sync::global::{Ordering, fence};
use crate::sync::thread_local;
use crate::task::current::StopWatch;
use crate::task::frame::Place;
use crate::task::job_ref::JobRef;

#[cfg(not(background_loom))]
thread_local! {
    /// That of the innermost `block_on` of this thread.
    static AWAITING: RefCell<Option<Rc<Awaiting>>> = const { RefCell::new(None) };
}

#[cfg(background_loom)]
thread_local! {
    static AWAITING: RefCell<Option<Rc<Awaiting>>> = RefCell::new(None);
}

/// The awaits of one `block_on`.
pub(crate) struct Awaiting {
    waker: Waker,
    entries: RefCell<Vec<Entry>>,
}

/// A waker that was left with a job, and may have been taken back since.
struct Entry {
    job: JobRef,
    key: Key,
    place: Place,
}

/// An await has left its waker with a job.
pub(crate) fn registered(job: &JobRef, key: Key, waker: &Waker, place: Place) {
    let innermost = AWAITING.try_with(|it| it.borrow().clone()).ok().flatten();
    if let Some(awaiting) = innermost.filter(|it| it.waker.data() == waker.data()) {
        awaiting.enter(Entry { job: job.clone(), key, place });
    }
}

impl Awaiting {
    pub(crate) fn new(waker: Waker) -> Rc<Self> {
        Rc::new(Self { waker, entries: RefCell::default() })
    }

    pub(crate) fn waker(&self) -> &Waker {
        &self.waker
    }

    /// Enters awaits here, until what is returned is dropped.
    pub(crate) fn begin(self: &Rc<Self>) -> Begun {
        let outer = AWAITING.try_with(|it| it.borrow_mut().replace(Rc::clone(self)));
        Begun(outer.ok().flatten())
    }

    fn enter(&self, entry: Entry) {
        let mut entries = self.entries.borrow_mut();
        if entries.len() == entries.capacity() {
            // Awaits that are over must not pile up.
            entries.retain(|it| it.job.core.will_wake(it.key, &self.waker));
        }
        entries.push(entry);
    }

    /// There may be awaits that are not over.
    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        !self.entries.borrow().is_empty()
    }

    /// The jobs any of which wakes this thread, if nobody else can. `bed` is where the waker wakes.
    ///
    /// Wakers that were taken back are forgotten; those that were used are too, and then the bed
    /// says so, or the job's outcome is there.
    pub(crate) fn needs(&self, bed: &Arc<Parker>, stop: &StopWatch) -> Vec<(JobRef, Place)> {
        // The bed is known to us, to our waker, and to whoever tells the task to stop.
        let own = 2 + usize::from(stop.is_on());
        self.needs_beside(own, || Arc::strong_count(bed), || bed.is_awake())
    }

    /// The same for a waker of any kind: of its `clones`, so many are nobody's who could wake it.
    pub(crate) fn needs_beside(
        &self,
        own: usize,
        clones: impl Fn() -> usize,
        is_awake: impl Fn() -> bool,
    ) -> Vec<(JobRef, Place)> {
        let mut entries = self.entries.borrow_mut();
        if clones() > own + entries.len() {
            return Vec::new();
        }
        entries.retain(|it| it.job.core.will_wake(it.key, &self.waker));
        if clones() != own + entries.len() {
            return Vec::new();
        }
        // ORDERING: Acquire pairs with the Release of every clone's drop: a clone that is gone has
        // woken us before, if ever, and then the bed says so.
        fence(Ordering::Acquire);
        if is_awake() {
            return Vec::new();
        }
        entries.iter().map(|it| (it.job.clone(), it.place)).collect()
    }
}

/// Goes back to the outer `block_on` when dropped.
pub(crate) struct Begun(Option<Rc<Awaiting>>);

impl Drop for Begun {
    fn drop(&mut self) {
        let outer = self.0.take();
        // What is dropped here holds references to jobs: outside of the borrow.
        let _own = AWAITING.try_with(|it| std::mem::replace(&mut *it.borrow_mut(), outer));
    }
}
