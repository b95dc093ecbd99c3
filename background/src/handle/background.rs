//! The value.
#![allow(unsafe_code)]

use std::convert::Infallible;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;

use crate::cell::state::{CANCEL_ON_DROP, JOIN_ON_DROP, PARKED, READY};
use crate::clock::Tick;
use crate::failure::Failure;
use crate::sentinel::Sentinel;
use crate::task::header::Header;
use crate::task::job::Shared;
use crate::task::job_ref::{Borrowed, JobRef};
use crate::task::wait;

/// A value that is being computed in the background, and *is* that value for whoever looks at it.
///
/// What `#[background]` functions and [`spawn`](crate::spawn) return. Any access that needs the
/// value (a **touch**: `*f`, a method of `T`, `+`, `==`, `{}`, [`join`](Self::join), …) blocks
/// until it is there. A body that has not started yet runs on the thread that touches it, where
/// its strategy allows that. The [guide](crate::guide) has the table of all that works.
///
/// The second parameter says what there may be *instead of* a value: nothing
/// ([`Infallible`](std::convert::Infallible)), [`Timeout`](crate::Timeout) or
/// [`Failure`](crate::Failure); the future then dereferences to a `Result`.
///
/// All operations are associated functions, `Background::join(f)` rather than `f.join()`, so that
/// nothing hides a method of `T`; for the same reason there is no `Clone`, `Iterator` or `Future`
/// here. Share one future with `Arc<Background<T>>`; `.await` works through `IntoFuture`, on the
/// future and on a reference to it, in any executor.
///
/// # Dropping
///
/// Dropping a future **detaches** it: the task runs on, and its value is dropped when it is there.
/// `on_drop = cancel` or `join` changes that. A panic that nobody has seen by then is reported
/// once on stderr. A task that is detached when `main` returns ends with the program; see
/// [`drain`](crate::drain).
///
/// # Panics
///
/// A touch whose task has failed panics, unless the sentinel has a value for the failure: the
/// first touch with the panic's own payload, every later one with a message that names function,
/// call site and cause. [`outcome`](Self::outcome) never panics.
///
/// # Threads
///
/// `Send` and `Sync` exactly as `T` is. One thin pointer in size; a touch of a value that is there
/// costs one load and one predictable branch.
///
/// The idea is Io's: a message sent with `@` returned a "transparent future".
///
/// ```
/// use background::{Background, background};
///
/// #[background]
/// fn length(text: String) -> usize { text.len() }
///
/// let (x, y) = (length("background".into()), length("task".into()));
/// assert_eq!(&x + &y, 14);
/// assert!(x > y);
/// assert_eq!(Background::join(x), 10);
/// ```
#[must_use = "dropping a background value detaches its task; use the value, or say so with \
              `Background::detach`"]
pub struct Background<T, S: Sentinel = Infallible> {
    pub(super) shared: NonNull<Header>,
    /// Owns a `T`, and by way of the drop check what `T` borrows.
    _value: PhantomData<T>,
    _sentinel: PhantomData<fn() -> S>,
}

// SAFETY: the handle gives its holder a `T` and nothing else that is bound to a thread: header,
// waiters and the failure record are Send and Sync. That the body's thread may hand a `T` over was
// required when the job was made.
unsafe impl<T: Send, S: Sentinel> Send for Background<T, S> {}
// SAFETY: as above; a shared handle only gives shared access to `T`.
unsafe impl<T: Sync, S: Sentinel> Sync for Background<T, S> {}
impl<T: UnwindSafe, S: Sentinel> UnwindSafe for Background<T, S> {}
impl<T: RefUnwindSafe, S: Sentinel> RefUnwindSafe for Background<T, S> {}
impl<T, S: Sentinel> Unpin for Background<T, S> {}

impl<T, S: Sentinel> Background<T, S> {
    /// The handle of a job that was just made.
    ///
    /// # Safety
    ///
    /// The handle's count of the job is handed over, and there is no other handle.
    pub(crate) unsafe fn from_raw(shared: NonNull<Shared<T, S>>) -> Self {
        Self { shared: shared.cast(), _value: PhantomData, _sentinel: PhantomData }
    }

    #[inline]
    pub(crate) fn shared(&self) -> &Shared<T, S> {
        // SAFETY: the pointer came from a job of these types, and our count keeps it alive.
        unsafe { self.shared.cast::<Shared<T, S>>().as_ref() }
    }

    /// Our count, seen as a reference of the kind that the rest of the crate uses.
    pub(crate) fn job(&self) -> Borrowed<'_> {
        // SAFETY: our count lives as long as we do, and we are borrowed.
        unsafe { Borrowed::new(self.shared) }
    }

    /// Gives the handle up. A body that waits for its first touch is left to `parked`.
    ///
    /// # Safety
    ///
    /// Called once, and the handle is not used afterwards.
    pub(crate) unsafe fn release(&self, parked: fn(&JobRef)) {
        let state = &self.shared().header.core.state;
        let mut bits = state.read();
        if bits & READY == 0 {
            bits = state.orphan();
        }
        // SAFETY: this is the handle's count, given back at the end of this function, also when
        // the destructor of the value panics.
        let count = unsafe { JobRef::from_raw(self.shared) };
        if bits & READY != 0 {
            // SAFETY: READY was there, and the handle is gone with us: the outcome is ours.
            unsafe { self.shared().retire(bits) };
        } else if bits & PARKED != 0 {
            parked(&count);
        }
    }
}

impl<T, S: Sentinel> Deref for Background<T, S> {
    type Target = S::Yields<T>;

    #[inline]
    #[track_caller]
    fn deref(&self) -> &S::Yields<T> {
        Self::get(self)
    }
}

impl<T, S: Sentinel> DerefMut for Background<T, S> {
    #[inline]
    #[track_caller]
    fn deref_mut(&mut self) -> &mut S::Yields<T> {
        Self::get(self);
        // SAFETY: `get` returned, so there is a slot; the handle is borrowed mutably, callbacks
        // ran before READY, and nobody else reads the slot after that.
        unsafe { self.shared().outcome.yielded_mut() }
    }
}

impl<T, S: Sentinel> Drop for Background<T, S> {
    fn drop(&mut self) {
        // Released also when the wait below is a checkpoint that unwinds.
        let handle = Release(self);
        let job = handle.0.job();
        if job.is(CANCEL_ON_DROP) {
            job.resolve(Failure::Cancelled);
        } else if job.is(JOIN_ON_DROP) {
            wait::until_ready(&job, Tick::NEVER, None);
        }
    }
}

/// A handle that is being dropped.
struct Release<'a, T, S: Sentinel>(&'a Background<T, S>);

impl<T, S: Sentinel> Drop for Release<'_, T, S> {
    fn drop(&mut self) {
        // Nobody is left who could touch a parked body.
        let cancel = |job: &JobRef| job.resolve_unstarted(Failure::Cancelled);
        // SAFETY: made once, in the handle's destructor, whose last act this is.
        unsafe { self.0.release(cancel) };
    }
}
