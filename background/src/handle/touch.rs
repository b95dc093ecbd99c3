//! Touching: everything that needs the value.
#![allow(unsafe_code)]

use std::mem::{ManuallyDrop, MaybeUninit};
use std::panic::{Location, panic_any, resume_unwind};
use std::ptr::NonNull;
use std::thread;
use std::time::Duration;

use crate::cell::outcome::Record;
use crate::cell::state::{FAST, SLOT};
use crate::clock::Tick;
use crate::failure::Failure;
use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::task::frame::Place;
use crate::task::job_ref::JobRef;
use crate::task::{Task, current, panics, raised, stack, wait};

impl<T, S: Sentinel> Background<T, S> {
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
        Self::join_at(f, Some(Location::caller()))
    }

    /// The same, on behalf of whoever stands at `place`.
    #[track_caller]
    pub(crate) fn join_at(f: Self, place: Place) -> S::Yields<T> {
        if !f.shared().header.core.is_ready() {
            if let Some(task) = wait::begin(&f.job(), Tick::NEVER, place) {
                return f.join_own(task);
            }
            wait::until_filled(&f.job(), Tick::NEVER, place);
        }
        f.take()
    }

    /// Runs the task, which is this future's own, and returns what the future yields.
    ///
    /// Where nobody else has anything to do with the job, the value does not go by way of the cell.
    #[track_caller]
    pub(super) fn join_own(self, task: Task) -> S::Yields<T> {
        debug_assert!(task.is_of(&self.shared().header), "the task of another future");
        let this = ManuallyDrop::new(self);
        let mut place = MaybeUninit::<S::Yields<T>>::uninit();
        let (job, own_place) = (task.into_job(), NonNull::from(&mut place).cast());
        // SAFETY: the task's reference, and we hold the handle, which is untouched meanwhile; the
        // place is for what this handle yields.
        if stack::with_room(|| unsafe { job.run_for_owner(own_place) }) {
            // SAFETY: `true` says that it was written; the handle's reference is gone.
            return unsafe { place.assume_init() };
        }
        let this = ManuallyDrop::into_inner(this);
        wait::until_filled(&this.job(), Tick::NEVER, None);
        this.take()
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
            // The last thing done here, so that the fast path has no register to save.
            return f.settle();
        }
        // SAFETY: FAST says that the slot is initialised and the handle's.
        unsafe { shared.outcome.yielded() }
    }

    /// The slow part of a touch. Returns when there is something in the slot.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn settle(&self) -> &S::Yields<T> {
        wait::until_ready(&self.job(), Tick::NEVER, Some(Location::caller()));
        self.settle_ready();
        // SAFETY: `settle_ready` returns only with a slot, and the handle is borrowed.
        unsafe { self.shared().outcome.yielded() }
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
        // A second panic ends the program, and then a message says more than a payload.
        let payload = if thread::panicking() { None } else { record.take_payload() };
        if let Some(payload) = payload {
            if let Failure::Panicked { location, .. } = &record.failure {
                panics::set_place(location.clone());
            }
            raised::note(&*payload, &record.failure, &shared.header);
            resume_unwind(payload);
        }
        // `Timeout` alone is how the sentinel prints; in a sentence it wants a verb.
        let message = match &record.failure {
            Failure::Timeout => format!("background task {} has timed out", shared.header),
            failure => format!("background task {} {}", shared.header, failure.predicate()),
        };
        raised::note(&message, &record.failure, &shared.header);
        panic_any(message)
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
        let until = Tick::now().after(patience).min(wait::FOREVER);
        if !wait::until_ready(&f.job(), until, Some(Location::caller())) {
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
    #[track_caller]
    pub fn outcome(f: &Self) -> Result<&T, &Failure> {
        wait::until_ready(&f.job(), Tick::NEVER, Some(Location::caller()));
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
}
