//! The list of those who wait for an outcome.

use std::sync::Arc;
use std::task::Waker;

use crate::cell::parker::Parker;

/// Names an entry, so that whoever made it can change it or take it back.
pub(crate) type Key = u64;

/// A callback that is given the address of the cell's owner; it knows the type behind it.
pub(crate) type Callback = Box<dyn FnOnce(*const ()) + Send>;

/// Who waits.
pub(crate) enum Waiter {
    /// A thread that sleeps in a touch, or that runs the body and has to hear of a stop.
    Thread(Arc<Parker>),
    /// An asynchronous task.
    Waker(Waker),
    /// Something to be done once the outcome is there, such as starting a continuation.
    After(Box<dyn FnOnce() + Send>),
    /// Something to be done with the outcome before anybody else sees it.
    Callback(Callback),
}

/// The list. Short: nearly always empty or of one entry.
#[derive(Default)]
pub(crate) struct Waiters {
    entries: Vec<(Key, Waiter)>,
    last_key: Key,
}

impl Waiters {
    pub(crate) fn add(&mut self, waiter: Waiter) -> Key {
        self.last_key += 1;
        self.entries.push((self.last_key, waiter));
        self.last_key
    }

    /// Takes an entry back. `None` when the outcome was faster.
    pub(crate) fn remove(&mut self, key: Key) -> Option<Waiter> {
        let at = self.entries.iter().position(|(entry, _)| *entry == key)?;
        Some(self.entries.remove(at).1)
    }

    /// Puts another waker in the place of an entry's. Returns the one that is not needed: the old
    /// one, or the new one (`Err`) when the entry is gone.
    pub(crate) fn renew(&mut self, key: Key, mut waker: Waker) -> Result<Waker, Waker> {
        match self.entries.iter_mut().find(|(entry, _)| *entry == key) {
            Some((_, Waiter::Waker(old))) => {
                std::mem::swap(old, &mut waker);
                Ok(waker)
            }
            _ => Err(waker),
        }
    }

    pub(crate) fn take_callbacks(&mut self) -> Vec<Callback> {
        let mut callbacks = Vec::new();
        for (key, waiter) in self.take_all() {
            match waiter {
                Waiter::Callback(callback) => callbacks.push(callback),
                other => self.entries.push((key, other)),
            }
        }
        callbacks
    }

    pub(crate) fn take_all(&mut self) -> Vec<(Key, Waiter)> {
        std::mem::take(&mut self.entries)
    }
}
