//! The value.
#![allow(unsafe_code)]

use std::convert::Infallible;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::panic::{Location, RefUnwindSafe, UnwindSafe, resume_unwind};
use std::ptr::NonNull;
use std::time::Duration;

use crate::cell::outcome::Record;
use crate::cell::state::{FAST, PARKED, READY, SLOT};
use crate::cell::waiters::Waiter;
use crate::clock::Tick;
use crate::failure::Failure;
use crate::handle::cancel::Cancel;
use crate::handle::continuation;
use crate::handle::status::Status;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::task::header::{Header, JobRef, OnDrop, Resolved};
use crate::task::job::Shared;
use crate::task::task_id::TaskId;
use crate::task::{current, panics, wait};

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
    shared: NonNull<Header>,
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
        Self {
            shared: shared.cast(),
            _value: PhantomData,
            _sentinel: PhantomData,
        }
    }

    #[inline]
    pub(crate) fn shared(&self) -> &Shared<T, S> {
        // SAFETY: the pointer came from a job of these types, and our count keeps it alive.
        unsafe { self.shared.cast::<Shared<T, S>>().as_ref() }
    }

    /// Our count, seen as a reference of the kind that the rest of the crate uses.
    pub(crate) fn job(&self) -> ManuallyDrop<JobRef> {
        // SAFETY: the reference is never dropped, so it does not use up our count, and the borrow
        // that every caller holds keeps us alive meanwhile.
        ManuallyDrop::new(unsafe { JobRef::from_raw(self.shared) })
    }

    /// Consumes the future and returns what it yields.
    ///
    /// Blocks until the task has ended. Panics as every touch does when the task has failed and
    /// the sentinel has no value for that.
    ///
    /// ```
    /// use background::{Background, Timeout, spawn, task};
    ///
    /// let words: Vec<&str> = Background::join(spawn(|| vec!["a", "b"]));
    /// assert_eq!(words, ["a", "b"]);
    /// let timed: Result<u8, Timeout> =
    ///     Background::join(task().timeout(std::time::Duration::MAX).spawn(|| 7));
    /// assert_eq!(timed, Ok(7));
    /// ```
    #[track_caller]
    pub fn join(f: Self) -> S::Yields<T> {
        wait::until_ready(&f.job(), Tick::NEVER);
        f.take()
    }

    /// The outcome is there: moves it out.
    #[track_caller]
    pub(crate) fn take(self) -> S::Yields<T> {
        let shared = self.shared();
        if shared.header.core.state.read() & SLOT == 0 {
            self.raise();
        }
        // The slot is empty from now on: the destructor must not see it.
        let this = ManuallyDrop::new(self);
        // SAFETY: SLOT is set, the handle is consumed, and its destructor does not run.
        let yielded = unsafe { this.shared().outcome.take() };
        // SAFETY: this is the handle's count, given back once.
        drop(unsafe { JobRef::from_raw(this.shared) });
        yielded
    }

    /// What the future yields, by reference: what `*f` is.
    ///
    /// Blocks and panics as every touch.
    ///
    /// ```
    /// use background::{Background, spawn};
    ///
    /// let x = spawn(|| String::from("text"));
    /// assert_eq!(Background::get(&x).len(), 4);
    /// ```
    #[inline]
    #[track_caller]
    pub fn get(f: &Self) -> &S::Yields<T> {
        let shared = f.shared();
        if shared.header.core.state.read() & FAST == 0 {
            f.settle();
        }
        // SAFETY: FAST, or `settle`, says that the slot is initialised and ours.
        unsafe { shared.outcome.yielded() }
    }

    /// The slow part of a touch. Returns when there is something in the slot.
    #[cold]
    #[track_caller]
    fn settle(&self) {
        wait::until_ready(&self.job(), Tick::NEVER);
        self.settle_ready();
    }

    /// The outcome is there: keeps book about it.
    #[track_caller]
    pub(crate) fn settle_ready(&self) {
        let state = &self.shared().header.core.state;
        match state.read() {
            bits if bits & FAST != 0 => {}
            bits if bits & SLOT != 0 => state.mark_read(),
            _ => self.raise(),
        }
    }

    /// Panics with the failure.
    #[cold]
    #[track_caller]
    fn raise(&self) -> ! {
        let shared = self.shared();
        shared.header.core.state.mark_read();
        let record = self.record();
        if record.failure.is_timeout() {
            current::expire_if_due();
        }
        if let (false, Some(payload)) = (std::thread::panicking(), record.take_payload()) {
            if let Failure::Panicked { location, .. } = &record.failure {
                panics::set_place(location.clone());
            }
            resume_unwind(payload);
        }
        panic!("background task {} {}", shared.header, record.failure);
    }

    /// The failure record of an outcome that is there and has no slot.
    fn record(&self) -> &Record {
        // SAFETY: every caller has seen READY, and the handle, which is borrowed, owns the record.
        let record = unsafe { self.shared().outcome.record() };
        record.unwrap_or_else(|| unreachable!("an outcome without a slot has a record"))
    }

    /// What the future yields, if it is there now.
    ///
    /// Never blocks, never panics: `None` while the task has not ended, and also when it has
    /// failed and the sentinel has no value for that; [`outcome`](Self::outcome) tells which.
    /// Does not start a lazy task.
    ///
    /// ```
    /// use background::{Background, task};
    ///
    /// let (sender, receiver) = std::sync::mpsc::channel::<u8>();
    /// let x = task().dedicated().spawn(move || receiver.recv().unwrap());
    /// assert_eq!(Background::try_get(&x), None);
    /// sender.send(7).unwrap();
    /// assert_eq!(x, 7);
    /// assert_eq!(Background::try_get(&x), Some(&7));
    /// ```
    pub fn try_get(f: &Self) -> Option<&S::Yields<T>> {
        if f.shared().header.core.state.read() & SLOT == 0 {
            return None;
        }
        f.settle_ready();
        // SAFETY: SLOT is set, and the handle is borrowed for as long as the result.
        Some(unsafe { f.shared().outcome.yielded() })
    }

    /// What the future yields, if it is there within `patience`.
    ///
    /// Only this reader gives up: the task goes on, and a later touch may find its value. Blocks
    /// at most `patience` and never runs the body itself; a lazy task is started in the pool.
    /// `Duration::ZERO` only looks, `Duration::MAX` waits without a limit. Panics as every touch
    /// when the task has failed within that time.
    ///
    /// ```
    /// use background::{Background, task};
    /// use std::time::Duration;
    ///
    /// let (sender, receiver) = std::sync::mpsc::channel::<u8>();
    /// let x = task().dedicated().spawn(move || receiver.recv().unwrap());
    /// assert_eq!(Background::get_timeout(&x, Duration::from_millis(1)), None);
    /// sender.send(7).unwrap();
    /// assert_eq!(Background::get_timeout(&x, Duration::MAX), Some(&7));
    /// ```
    #[track_caller]
    pub fn get_timeout(f: &Self, patience: Duration) -> Option<&S::Yields<T>> {
        // A limit that never comes still is one: the caller asked not to run the body.
        let until = Tick::now().after(patience).min(Tick(Tick::NEVER.0 - 1));
        if !wait::until_ready(&f.job(), until) {
            return None;
        }
        f.settle_ready();
        // SAFETY: `settle_ready` returns only with a slot, and the handle is borrowed.
        Some(unsafe { f.shared().outcome.yielded() })
    }

    /// The value or the failure, by reference.
    ///
    /// Blocks until the task has ended. Never panics.
    ///
    /// # Errors
    ///
    /// Why there is no value, a time-out included.
    ///
    /// ```
    /// use background::{Background, spawn};
    ///
    /// let fine = spawn(|| 7);
    /// let failed = spawn(|| -> u8 { panic!("no luck") });
    /// assert_eq!(Background::outcome(&fine), Ok(&7));
    /// assert!(Background::outcome(&failed).unwrap_err().is_panic());
    /// ```
    pub fn outcome(f: &Self) -> Result<&T, &Failure> {
        wait::until_ready(&f.job(), Tick::NEVER);
        let state = &f.shared().header.core.state;
        let bits = state.read();
        if bits & FAST == 0 {
            state.mark_read();
        }
        if bits & SLOT != 0 {
            // SAFETY: SLOT is set, and the handle is borrowed for as long as the result.
            return S::outcome_of(unsafe { f.shared().outcome.yielded() });
        }
        Err(&f.record().failure)
    }

    /// The task has ended: a touch will not block.
    ///
    /// Never blocks, never panics, and does not start a lazy task.
    ///
    /// ```
    /// use background::{Background, task};
    ///
    /// let x = task().inline().spawn(|| 7);
    /// assert!(Background::is_ready(&x));
    /// # assert_eq!(x, 7);
    /// ```
    pub fn is_ready(f: &Self) -> bool {
        f.shared().header.core.is_ready()
    }

    /// Ends the task, if there is still time.
    ///
    /// A body that has not started never runs. A body that runs is told to unwind at its next
    /// checkpoint ([`checkpoint`](crate::checkpoint), or a touch that waits). In both cases the
    /// future has failed as [`Failure::Cancelled`](crate::Failure::Cancelled) by the time this
    /// returns. Never blocks for the body; never panics.
    ///
    /// ```
    /// use background::{Background, Cancel, task};
    ///
    /// let unread = task().lazy().spawn(|| unreachable!("nobody reads it"));
    /// assert_eq!(Background::cancel(&unread), Cancel::NeverStarted);
    /// assert!(Background::outcome(&unread).unwrap_err().is_cancelled());
    /// # let _: &Background<()> = &unread;
    /// ```
    pub fn cancel(f: &Self) -> Cancel {
        match f.job().resolve(Failure::Cancelled) {
            Resolved::BeforeStart => Cancel::NeverStarted,
            Resolved::WhileRunning => Cancel::Stopping,
            Resolved::TooLate => Cancel::TooLate,
        }
    }

    /// Lets the task run on without anybody waiting for it, whatever `on_drop` says.
    ///
    /// Never blocks. A lazy task that has not started is started in the pool.
    ///
    /// ```
    /// use background::{Background, spawn};
    ///
    /// let (sender, receiver) = std::sync::mpsc::channel();
    /// Background::detach(spawn(move || sender.send(7).unwrap()));
    /// assert_eq!(receiver.recv(), Ok(7));
    /// ```
    pub fn detach(f: Self) {
        wait::start_elsewhere(&f.job());
        let this = ManuallyDrop::new(f);
        // SAFETY: the destructor does not run, so the handle is given up once.
        unsafe { this.release() };
    }

    /// The task's number.
    pub fn id(f: &Self) -> TaskId {
        f.shared().header.id()
    }

    /// Where the function stands in the source.
    pub fn site(f: &Self) -> Site {
        f.shared().header.site()
    }

    /// Where the function was called.
    ///
    /// ```
    /// use background::{Background, spawn};
    ///
    /// let x = spawn(|| 7);
    /// assert!(Background::call_site(&x).line() > 0);
    /// # assert_eq!(x, 7);
    /// ```
    pub fn call_site(f: &Self) -> &'static Location<'static> {
        f.shared().header.settings.caller
    }

    /// A picture of the future at this moment, to be printed or looked into.
    ///
    /// Never blocks. `{:?}` of a future is a touch, as `{}` is; this is for whoever must not wait.
    pub fn status(f: &Self) -> Status {
        Status::of(&f.shared().header)
    }

    /// Calls `g` with what the future yields, in the background, and returns that call's future.
    ///
    /// `g` starts in the pool as soon as the value is there, or on the thread that touches the new
    /// future first. Never blocks. A failure for which `f`'s sentinel has no value becomes the new
    /// future's failure. After a lazy future, `g` is lazy too.
    ///
    /// ```
    /// use background::{Background, spawn};
    ///
    /// let text = Background::then(spawn(|| 6), |n| "ab".repeat(n));
    /// assert_eq!(text.len(), 12);
    /// ```
    #[track_caller]
    pub fn then<U, G>(f: Self, g: G) -> Background<U>
    where
        T: Send + 'static,
        U: Send + 'static,
        G: FnOnce(S::Yields<T>) -> U + Send + 'static,
    {
        continuation::then(f, g, Location::caller())
    }

    /// Calls `callback` once with the value or the failure.
    ///
    /// When the task has ended already, right here. Otherwise on the thread that ends it, before
    /// anybody else sees the outcome; so a callback should be short, and must not touch the same
    /// future, which would wait for the callback. A panic in a callback is reported on stderr and
    /// goes no further. Dropping the future does not take the callback back. Never blocks.
    ///
    /// ```
    /// use background::{Background, spawn};
    ///
    /// let (sender, receiver) = std::sync::mpsc::channel();
    /// let x = spawn(|| 7);
    /// Background::on_ready(&x, move |outcome| sender.send(outcome.copied()).unwrap());
    /// assert_eq!(receiver.recv(), Ok(Ok(7)));
    /// # assert_eq!(x, 7);
    /// ```
    pub fn on_ready<C>(f: &Self, callback: C)
    where
        T: 'static,
        C: FnOnce(Result<&T, &Failure>) + Send + 'static,
    {
        let entry = Waiter::Callback(Box::new(move |shared| {
            let shared = shared.cast::<Shared<T, S>>();
            // SAFETY: the caller is either the filler of this very cell, whose outcome is written
            // and not yet READY, or `on_ready` below, with the handle borrowed and READY seen.
            callback(unsafe { outcome_for_callback(&*shared) });
        }));
        let shared = f.shared();
        wait::start_elsewhere(&f.job());
        if let Err(Waiter::Callback(callback)) = shared.header.core.register(entry) {
            callback(std::ptr::from_ref(shared).cast::<()>());
        }
    }

    /// Gives the handle up.
    ///
    /// # Safety
    ///
    /// Called once, and the handle is not used afterwards.
    unsafe fn release(&self) {
        let bits = self.shared().header.core.state.orphan();
        // SAFETY: this is the handle's count, given back at the end of this function, also when
        // the destructor of the value panics.
        let _count = unsafe { JobRef::from_raw(self.shared) };
        if bits & READY != 0 {
            // SAFETY: READY was there, we have just set ORPHAN: the outcome is ours.
            unsafe { self.shared().retire(bits) };
        }
    }
}

/// # Safety
///
/// The outcome is written; the caller owns it, or has seen READY and borrows the handle.
unsafe fn outcome_for_callback<T, S: Sentinel>(shared: &Shared<T, S>) -> Result<&T, &Failure> {
    // The state may not say READY yet. The record tells: there is one, or else there is a slot.
    shared.header.core.state.mark_read();
    // SAFETY: by contract.
    match unsafe { shared.outcome.record() } {
        Some(record) => Err(&record.failure),
        // SAFETY: by contract, and an outcome without a record has a slot.
        None => S::outcome_of(unsafe { shared.outcome.yielded() }),
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
        let job = self.job();
        match job.settings.on_drop {
            OnDrop::Detach => {}
            OnDrop::Cancel => {
                job.resolve(Failure::Cancelled);
            }
            OnDrop::Join => {
                wait::until_ready(&job, Tick::NEVER);
            }
        }
        if job.core.state.glance() & PARKED != 0 {
            // Nobody is left who could touch it.
            job.resolve_unstarted(Failure::Cancelled);
        }
        // SAFETY: the destructor runs once, and this is its end.
        unsafe { self.release() };
    }
}
