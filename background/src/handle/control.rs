//! Everything about a future that does not need its value.
#![allow(unsafe_code)]

use std::mem::ManuallyDrop;
use std::panic::Location;

use crate::cell::waiters::Waiter;
use crate::failure::Failure;
use crate::handle::Background;
use crate::handle::cancel::Cancel;
use crate::handle::continuation;
use crate::handle::status::Status;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::task::job::Shared;
use crate::task::job_ref::Resolved;
use crate::task::task_id::TaskId;
use crate::task::{panics, wait};

impl<T, S: Sentinel> Background<T, S> {
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
        let this = ManuallyDrop::new(f);
        // SAFETY: the destructor does not run, so the handle is given up once.
        unsafe { this.release(wait::start_elsewhere) };
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
    /// future's failure. After a lazy future, `g` is lazy too; dropping a long chain of those
    /// unread goes as deep into the stack as the chain is long.
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
    /// Background::on_ready(&x, move |outcome| sender.send(outcome.is_ok()).unwrap());
    /// assert_eq!(receiver.recv(), Ok(true));
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
        match shared.header.core.register(entry) {
            Ok(_) => wait::start_elsewhere(&f.job()),
            Err(Waiter::Callback(callback)) => {
                let address = std::ptr::from_ref(shared).cast::<()>();
                panics::guarded("a callback of `on_ready`", || callback(address));
            }
            Err(_) => unreachable!("what was registered comes back"),
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
