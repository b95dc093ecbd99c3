//! Putting a thread to sleep until somebody wakes it.

use std::sync::Arc;
use std::task::Wake;
use std::time::Duration;

use crate::sync::atomic::{AtomicU8, Ordering};
use crate::sync::{Condvar, Mutex, lock, wait};

const EMPTY: u8 = 0;
const PARKED: u8 = 1;
const NOTIFIED: u8 = 2;

/// One thread's bed.
///
/// Not `std::thread::park`: its token belongs to the user, and a touch that consumed it would
/// swallow a wake-up the user is waiting for. The state byte spares a system call when nobody
/// sleeps. A wake-up is no evidence of anything; callers look again.
#[derive(Debug)]
pub(crate) struct Parker {
    state: AtomicU8,
    lock: Mutex<()>,
    woken: Condvar,
}

impl Parker {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { state: AtomicU8::new(EMPTY), lock: Mutex::new(()), woken: Condvar::new() })
    }

    /// The bed of this thread; a fresh one while the thread is being torn down.
    #[cfg(not(background_loom))]
    pub(crate) fn of_this_thread() -> Arc<Self> {
        thread_local! {
            static BED: Arc<Parker> = Parker::new();
        }
        BED.try_with(Arc::clone).unwrap_or_else(|_| Self::new())
    }

    /// In a model each wait has a bed of its own, so that no model inherits a stale wake-up.
    #[cfg(background_loom)]
    pub(crate) fn of_this_thread() -> Arc<Self> {
        Self::new()
    }

    /// Sleeps until [`Parker::unpark`], at most `patience`. Returns at once if a wake-up came
    /// first. May return early.
    pub(crate) fn park(&self, patience: Option<Duration>) {
        // ORDERING: Acquire pairs with the Release in `unpark`: what the waker did is seen.
        if self.state.swap(EMPTY, Ordering::Acquire) == NOTIFIED {
            return;
        }
        let guard = lock(&self.lock);
        // ORDERING: Acquire on failure pairs with the Release in `unpark`; Relaxed on success: it
        // publishes nothing but itself, and the lock below orders the sleep against the waker.
        if self.state.compare_exchange(EMPTY, PARKED, Ordering::Relaxed, Ordering::Acquire).is_err()
        {
            // ORDERING: Acquire pairs with the Release in `unpark`. Not a store: a second waker may
            // have come after the exchange, and what it did is seen only by who reads its mark.
            self.state.swap(EMPTY, Ordering::Acquire);
            return;
        }
        let guard = wait(&self.woken, guard, patience);
        // ORDERING: Acquire pairs with the Release in `unpark`.
        self.state.swap(EMPTY, Ordering::Acquire);
        drop(guard);
    }

    /// The next sleep would end at once.
    pub(crate) fn is_awake(&self) -> bool {
        // ORDERING: Acquire pairs with the Release in `unpark`: what the waker did is seen.
        self.state.load(Ordering::Acquire) == NOTIFIED
    }

    /// Wakes the sleeper, or keeps the next one awake.
    pub(crate) fn unpark(&self) {
        // ORDERING: Release pairs with the Acquires in `park`: what was done before is seen.
        if self.state.swap(NOTIFIED, Ordering::Release) == PARKED {
            // The sleeper holds the lock from its announcement until it sleeps: once the lock can
            // be had, the notification cannot come before the sleep.
            drop(lock(&self.lock));
            self.woken.notify_one();
        }
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.unpark();
    }
}
