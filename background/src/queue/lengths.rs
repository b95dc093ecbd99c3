//! Who wants to hear how many calls wait.

use std::collections::VecDeque;
use std::sync::Arc;

/// Told of a queue's length.
pub(super) type Listener = Arc<dyn Fn(usize) + Send + Sync>;

/// The changes that listeners have not heard of yet.
#[derive(Default)]
pub(super) struct Lengths {
    last: usize,
    /// Each with the number that the next listener would have had then.
    pending: VecDeque<(usize, u64)>,
    listeners: Vec<(u64, Listener)>,
    next: u64,
    /// Somebody tells; the others leave it to them.
    busy: bool,
}

impl Lengths {
    /// Notes a change. `true` when the caller is to tell the listeners.
    pub(super) fn note(&mut self, length: usize) -> bool {
        if length == self.last {
            return false;
        }
        self.last = length;
        if self.listeners.is_empty() {
            return false;
        }
        self.pending.push_back((length, self.next));
        !std::mem::replace(&mut self.busy, true)
    }

    /// The next change, and who is to hear of it; `None` when there is none, and somebody else may
    /// tell the next time.
    pub(super) fn next(&mut self) -> Option<(usize, Vec<Listener>)> {
        let Some((length, until)) = self.pending.pop_front() else {
            self.busy = false;
            return None;
        };
        let entitled = self.listeners.iter().filter(|(number, _)| *number < until);
        Some((length, entitled.map(|(_, listener)| Arc::clone(listener)).collect()))
    }

    pub(super) fn add(&mut self, listener: Listener) -> u64 {
        self.next += 1;
        let number = self.next - 1;
        self.listeners.push((number, listener));
        number
    }

    pub(super) fn remove(&mut self, number: u64) -> Option<Listener> {
        let at = self.listeners.iter().position(|(own, _)| *own == number)?;
        Some(self.listeners.remove(at).1)
    }
}
