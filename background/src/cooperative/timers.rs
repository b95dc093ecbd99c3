//! Who is to be woken when.

use std::collections::BTreeMap;
use std::task::Waker;

use crate::clock::Tick;

/// When a timer is due, and which of those it is.
pub(super) type Alarm = (Tick, u64);

/// The timers of one worker, in the order they are due.
pub(super) struct Timers {
    due: BTreeMap<Alarm, Waker>,
    count: u64,
}

impl Timers {
    pub(super) const fn new() -> Self {
        Self { due: BTreeMap::new(), count: 0 }
    }

    pub(super) fn set(&mut self, due: Tick, waker: Waker) -> Alarm {
        let alarm = (due, self.count);
        self.count += 1;
        self.due.insert(alarm, waker);
        alarm
    }

    /// Another waker for a timer, or the same; returns the one before. `None` when it has gone off.
    pub(super) fn replace(&mut self, alarm: Alarm, waker: Waker) -> Option<Waker> {
        self.due.get_mut(&alarm).map(|known| std::mem::replace(known, waker))
    }

    pub(super) fn unset(&mut self, alarm: Alarm) -> Option<Waker> {
        self.due.remove(&alarm)
    }

    /// When the next one is due; `NEVER` when there is none.
    #[inline]
    pub(super) fn next(&self) -> Tick {
        self.due.first_key_value().map_or(Tick::NEVER, |((due, _), _)| *due)
    }

    /// The next one, if it is due by `now`.
    pub(super) fn pop(&mut self, now: Tick) -> Option<Waker> {
        let first = self.due.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    /// Takes all out.
    pub(super) fn drain(&mut self) -> BTreeMap<Alarm, Waker> {
        std::mem::take(&mut self.due)
    }
}
