//! Where calls come to that were stopped in order to come back.

use crate::queue::leftover::Leftover;
use crate::sync::global::{Condvar, Mutex, PoisonError, lock};

/// Waits for what is under way to it.
#[derive(Default)]
pub(super) struct Basket {
    contents: Mutex<Contents>,
    changed: Condvar,
}

#[derive(Default)]
struct Contents {
    expected: usize,
    arrived: Vec<Leftover>,
}

impl Basket {
    /// One more is under way.
    pub(super) fn expect(&self) {
        lock(&self.contents).expected += 1;
    }

    pub(super) fn put(&self, leftover: Leftover) {
        lock(&self.contents).arrived.push(leftover);
    }

    /// One less is under way, whether or not it has been put here.
    pub(super) fn arrived(&self) {
        lock(&self.contents).expected -= 1;
        self.changed.notify_all();
    }

    /// Waits for all that were expected: they have been stopped.
    pub(super) fn empty(&self) -> Vec<Leftover> {
        let mut contents = lock(&self.contents);
        while contents.expected > 0 {
            contents = self.changed.wait(contents).unwrap_or_else(PoisonError::into_inner);
        }
        std::mem::take(&mut contents.arrived)
    }
}
