//! The tasks on a thread's stack, from the innermost outwards, for whoever asks who waits for whom.
//!
//! A task that runs has a frame on its thread's stack, which knows the frame below. Only the thread
//! itself adds and removes frames; another thread may look at them while it knows that this one
//! sleeps, which is what the wait-for graph is about.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::panic::Location;
use std::ptr::{self, NonNull};

use crate::sync::global::{self, Ordering};
use crate::sync::thread_local;
use crate::task::header::Header;
use crate::task::job_ref::Borrowed;

/// Where a touch stands in the source; not known in a destructor.
pub(crate) type Place = Option<&'static Location<'static>>;

/// One task that runs.
pub(crate) struct Frame {
    job: NonNull<Header>,
    outer: *const Frame,
    /// The scope that waits for this body to end, as a number that nobody else has; 0 for none.
    scope: Cell<usize>,
    /// The task that this one has claimed in a touch, and the place of the touch. Outdated once the
    /// touch is over; a frame above this one that runs the same task tells that it is not.
    touching: Cell<(*const Header, Place)>,
}

#[cfg(not(background_loom))]
thread_local! {
    static TOP: Cell<*const Frame> = const { Cell::new(ptr::null()) };
    static THREAD: Cell<usize> = const { Cell::new(0) };
}

#[cfg(background_loom)]
thread_local! {
    static TOP: Cell<*const Frame> = Cell::new(ptr::null());
    static THREAD: Cell<usize> = Cell::new(0);
}

/// This thread's number: never 0, and never another thread's.
#[inline]
pub(crate) fn thread() -> usize {
    match THREAD.with(Cell::get) {
        0 => first_look(),
        number => number,
    }
}

#[cold]
fn first_look() -> usize {
    static LAST: global::AtomicUsize = global::AtomicUsize::new(0);
    // ORDERING: Relaxed. The number stands for itself and publishes nothing.
    let number = LAST.fetch_add(1, Ordering::Relaxed) + 1;
    THREAD.with(|own| own.set(number));
    number
}

/// The innermost frame of this thread; null when it runs no task.
pub(crate) fn top() -> *const Frame {
    TOP.with(Cell::get)
}

/// The innermost task is about to run `job`, which it has touched at `place`.
#[inline]
pub(crate) fn touching(job: &Header, place: Place) {
    // SAFETY: the innermost frame of this thread is on its stack.
    if let Some(frame) = unsafe { top().as_ref() } {
        frame.touching.set((job, place));
    }
}

/// The innermost task belongs to a scope.
pub(crate) fn belong(scope: usize) {
    // SAFETY: the innermost frame of this thread is on its stack.
    if let Some(frame) = unsafe { top().as_ref() } {
        frame.scope.set(scope);
    }
}

/// One of the tasks on this thread's stack is such a one.
pub(crate) fn is_within(mut such: impl FnMut(&Header) -> bool) -> bool {
    // SAFETY: this thread adds and removes no frame while it looks.
    let mut frames = unsafe { Frame::stack(top()) };
    frames.any(|frame| {
        // SAFETY: a frame on the stack has a job that is alive, and the stack stays as it is.
        let job = unsafe { frame.job() };
        such(&job)
    })
}

/// Takes the frame off the stack when dropped.
pub(crate) struct OnTop<'a>(&'a Frame);

impl Frame {
    /// A frame for a job that this thread is about to run.
    #[inline]
    pub(crate) fn new(job: NonNull<Header>) -> Self {
        Self { job, outer: top(), scope: Cell::new(0), touching: Cell::new((ptr::null(), None)) }
    }

    /// Puts the frame on top of the others, and says in the job which thread runs it.
    ///
    /// # Safety
    ///
    /// The job is alive for as long as what is returned, which is dropped on this thread, before any
    /// frame that was on top earlier.
    #[inline]
    pub(crate) unsafe fn enter(&self) -> OnTop<'_> {
        TOP.with(|top| top.set(self));
        // SAFETY: by contract.
        let job = unsafe { self.job.as_ref() };
        // ORDERING: Relaxed. Who follows it looks for the thread among those that have said, under
        // the lock of the graph, that they sleep; that lock orders this store before the look.
        job.runner.store(thread(), Ordering::Relaxed);
        OnTop(self)
    }

    /// The frame's job.
    ///
    /// # Safety
    ///
    /// The frame is on its thread's stack for as long as the result is used.
    pub(crate) unsafe fn job<'a>(&self) -> Borrowed<'a> {
        // SAFETY: by contract of `enter` the job is alive.
        unsafe { Borrowed::new(self.job) }
    }

    /// The frame below.
    ///
    /// # Safety
    ///
    /// As for [`stack`](Self::stack).
    pub(crate) unsafe fn outer<'a>(&self) -> Option<&'a Self> {
        // SAFETY: by contract; and the frame below a frame on the stack is on it too.
        unsafe { self.outer.as_ref() }
    }

    pub(crate) fn scope(&self) -> usize {
        self.scope.get()
    }

    /// Where this task waits for `inner`, which runs on top of it: in a touch, else in the call.
    pub(crate) fn place_of(&self, inner: &Header) -> Place {
        let (touched, place) = self.touching.get();
        if ptr::eq(touched, inner) { place } else { Some(inner.settings.caller) }
    }

    /// This frame and those below it.
    ///
    /// # Safety
    ///
    /// `top` is null, or the innermost frame of a thread that neither adds nor removes a frame for as
    /// long as the result is used.
    pub(crate) unsafe fn stack<'a>(top: *const Self) -> impl Iterator<Item = &'a Self> {
        // SAFETY: by contract.
        let innermost = unsafe { top.as_ref() };
        // SAFETY: by contract.
        std::iter::successors(innermost, |frame| unsafe { frame.outer() })
    }
}

impl Drop for OnTop<'_> {
    #[inline]
    fn drop(&mut self) {
        TOP.with(|top| top.set(self.0.outer));
    }
}
