//! The part of the cell that knows no types: the state and the waiters.

use std::task::Waker;

use crate::cell::count::Count;
use crate::cell::state::{FILLING, ORPHAN, READY, STOP, State, WAITING};
use crate::cell::waiters::{Key, Waiter, Waiters};
use crate::sync::{Mutex, lock};

/// State, count and waiters of one job.
pub(crate) struct Core {
    pub(crate) state: State,
    pub(crate) count: Count,
    /// Made for the first who waits: most jobs have nobody.
    waiters: Mutex<Option<Box<Waiters>>>,
}

impl Core {
    /// A core that so many refer to.
    #[inline]
    pub(crate) fn new(bits: u32, references: u32) -> Self {
        Self { state: State::new(bits), count: Count::new(references), waiters: Mutex::new(None) }
    }

    /// The outcome is there.
    #[inline]
    pub(crate) fn is_ready(&self) -> bool {
        self.state.read() & READY != 0
    }

    /// Nobody but the caller, who holds the handle and the task, can reach the cell or can get to,
    /// nobody waits for the outcome, and nobody has resolved it. All that others did before is
    /// visible.
    #[inline]
    pub(crate) fn is_left_alone(&self) -> bool {
        self.count.is(2) && self.state.glance() & (FILLING | WAITING) == 0
    }

    /// The running body is to unwind.
    #[inline]
    pub(crate) fn is_stopped(&self) -> bool {
        self.state.glance() & STOP != 0
    }

    /// Enters a waiter; hands it back when the outcome is there already.
    pub(crate) fn register(&self, waiter: Waiter) -> Result<Key, Waiter> {
        let mut waiters = lock(&self.waiters);
        let waiters = waiters.get_or_insert_default();
        let key = waiters.add(waiter);
        if self.state.begin_wait() {
            return match waiters.remove(key) {
                Some(waiter) => Err(waiter),
                None => Ok(key),
            };
        }
        Ok(key)
    }

    /// Takes a waiter back. A waiter that the outcome already took is no concern of ours.
    pub(crate) fn withdraw(&self, key: Key) {
        let withdrawn = lock(&self.waiters).as_mut().and_then(|waiters| waiters.remove(key));
        // A waker's destructor is foreign code: it runs outside of the lock.
        drop(withdrawn);
    }

    /// Somebody waits. The answer may be outdated by the time it is given.
    pub(crate) fn is_awaited(&self) -> bool {
        lock(&self.waiters).as_ref().is_some_and(|waiters| !waiters.is_empty())
    }

    /// Publishing the outcome now would wake threads and run no foreign code. The answer may be
    /// outdated by the time it is given.
    pub(crate) fn wakes_only_threads(&self) -> bool {
        self.state.glance() & ORPHAN == 0
            && lock(&self.waiters).as_ref().is_none_or(|waiters| waiters.are_threads())
    }

    /// The list has this entry, and it wakes the same as this waker.
    pub(crate) fn will_wake(&self, key: Key, waker: &Waker) -> bool {
        lock(&self.waiters).as_ref().is_some_and(|waiters| waiters.has(key, waker))
    }

    /// Keeps the waker of an earlier registration up to date. `false` when it has to register
    /// anew.
    pub(crate) fn renew(&self, key: Key, waker: &Waker) -> bool {
        // Cloning and dropping a waker is foreign code: it runs outside of the lock.
        let fresh = waker.clone();
        let unneeded = match &mut *lock(&self.waiters) {
            Some(waiters) => waiters.renew(key, fresh),
            None => Err(fresh),
        };
        unneeded.is_ok()
    }

    /// Makes the outcome visible with `bits` describing it. Returns the bits before.
    ///
    /// `serve` is given every callback first, while the outcome is still the caller's alone, and
    /// then everybody else who waits. It must not unwind: that would forget the others. The caller
    /// holds the right to the outcome and has written it.
    pub(crate) fn publish(&self, bits: u32, mut serve: impl FnMut(Waiter)) -> u32 {
        loop {
            if let Ok(before) = self.state.publish(bits) {
                return before;
            }
            let mut waiters = lock(&self.waiters);
            let callbacks = waiters.as_mut().map(|list| list.take_callbacks()).unwrap_or_default();
            if !callbacks.is_empty() {
                drop(waiters);
                callbacks.into_iter().for_each(&mut serve);
                continue;
            }
            let before = self.state.publish_waiting(bits);
            let list = waiters.take();
            drop(waiters);
            if let Some(mut list) = list {
                list.take_all().for_each(|(_, waiter)| serve(waiter));
            }
            return before;
        }
    }
}
