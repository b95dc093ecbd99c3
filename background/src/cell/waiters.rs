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

/// The list. Nearly always empty or of one entry, so the first has a place of its own.
#[derive(Default)]
pub(crate) struct Waiters {
    first: Option<(Key, Waiter)>,
    rest: Vec<(Key, Waiter)>,
    last_key: Key,
}

impl Waiters {
    pub(crate) fn add(&mut self, waiter: Waiter) -> Key {
        self.last_key += 1;
        let entry = (self.last_key, waiter);
        if self.first.is_none() {
            self.first = Some(entry);
        } else {
            self.rest.push(entry);
        }
        self.last_key
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none() && self.rest.is_empty()
    }

    /// All are threads, which only have to be woken.
    pub(crate) fn are_threads(&self) -> bool {
        let mut entries = self.first.iter().chain(&self.rest);
        entries.all(|(_, waiter)| matches!(waiter, Waiter::Thread(_)))
    }

    /// Takes an entry back. `None` when the outcome was faster.
    pub(crate) fn remove(&mut self, key: Key) -> Option<Waiter> {
        if let Some((_, waiter)) = self.first.take_if(|(entry, _)| *entry == key) {
            return Some(waiter);
        }
        let at = self.rest.iter().position(|(entry, _)| *entry == key)?;
        Some(self.rest.remove(at).1)
    }

    /// Puts another waker in the place of an entry's. Returns the one that is not needed: the old
    /// one, or the new one (`Err`) when the entry is gone.
    pub(crate) fn renew(&mut self, key: Key, mut waker: Waker) -> Result<Waker, Waker> {
        let mut entries = self.first.iter_mut().chain(&mut self.rest);
        match entries.find(|(entry, _)| *entry == key) {
            Some((_, Waiter::Waker(old))) => {
                std::mem::swap(old, &mut waker);
                Ok(waker)
            }
            _ => Err(waker),
        }
    }

    /// The entry is there, and wakes the same as this waker.
    pub(crate) fn has(&self, key: Key, waker: &Waker) -> bool {
        let mut entries = self.first.iter().chain(&self.rest);
        entries.any(|(entry, waiter)| {
            // Not `will_wake`: clones of one waker need not have the same table of functions.
            *entry == key && matches!(waiter, Waiter::Waker(it) if it.data() == waker.data())
        })
    }

    /// Takes those that want the outcome before anybody else.
    pub(crate) fn take_callbacks(&mut self) -> Vec<Waiter> {
        let (callbacks, rest): (Vec<_>, Vec<_>) =
            self.take_all().partition(|(_, waiter)| matches!(waiter, Waiter::Callback(_)));
        self.rest = rest;
        callbacks.into_iter().map(|(_, callback)| callback).collect()
    }

    pub(crate) fn take_all(&mut self) -> impl Iterator<Item = (Key, Waiter)> + use<> {
        self.first.take().into_iter().chain(std::mem::take(&mut self.rest))
    }
}
