//! A clock that stands still until somebody moves it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Tick;
use crate::sync::global::{AtomicU64, Mutex, Ordering, lock};

/// A clock that stands still until somebody moves it: hours of waiting take a test milliseconds.
///
/// [`Builder::clock`](crate::Builder::clock) lets a task's time limits follow it; and a
/// [`cooperative::Worker`](crate::cooperative::Worker) that is made with it lets it jump to the next
/// timer whenever all its routines sleep. A clone is another hand on the same clock. Work that really
/// runs does not move it: a body that computes for a minute takes no virtual time at all.
///
/// ```
/// use background::{Background, Timeout, VirtualClock, task};
/// use std::time::Duration;
///
/// let clock = VirtualClock::new();
/// let hour = Duration::from_secs(3600);
/// let (started, has_started) = std::sync::mpsc::channel();
/// let x = task().clock(&clock).timeout(hour).dedicated().spawn(move || {
///     started.send(()).unwrap();
///     loop {
///         background::checkpoint(); // it takes for ever
///         std::thread::yield_now();
///     }
/// });
/// has_started.recv().unwrap();
/// clock.advance(hour); // at once
/// assert!(x == Timeout);
/// # let _: Background<(), Timeout> = x;
/// ```
#[derive(Clone, Default)]
pub struct VirtualClock(Arc<Inner>);

#[derive(Default)]
struct Inner {
    now: AtomicU64,
    due: Mutex<Alarms>,
}

/// In the order they are due, told apart by a number.
type Alarms = BTreeMap<(Tick, usize), Arc<dyn Alarm>>;

/// What is to happen at a point of virtual time.
pub(crate) trait Alarm: Send + Sync {
    /// The time has come. May run foreign code.
    fn ring(&self);
}

impl VirtualClock {
    /// Makes a clock that shows zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the clock shows: the time that it was moved by since it was made. Never blocks.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let clock = background::VirtualClock::new();
    /// clock.advance(Duration::from_secs(90));
    /// assert_eq!(clock.now(), Duration::from_secs(90));
    /// ```
    pub fn now(&self) -> Duration {
        Duration::from_nanos(self.tick().0)
    }

    /// Moves the clock by `duration`, and ends the tasks whose limits that passes: one after the
    /// other as they are due, each at its own time.
    ///
    /// Blocks as long as the callbacks and destructors do that ending those tasks runs. Timers of a
    /// cooperative worker go off when it next runs. Never panics.
    ///
    /// ```
    /// use background::{Timeout, VirtualClock, task};
    /// use std::time::Duration;
    ///
    /// let clock = VirtualClock::new();
    /// let (_promise, answer) =
    ///     task().clock(&clock).deadline(Duration::from_secs(3600)).promise::<u32>();
    /// clock.advance(Duration::from_secs(3599));
    /// assert!(!background::Background::is_ready(&answer));
    /// clock.advance(Duration::from_secs(1));
    /// assert!(answer == Timeout);
    /// ```
    pub fn advance(&self, duration: Duration) {
        self.reach(self.tick().after(duration));
    }

    pub(crate) fn tick(&self) -> Tick {
        // ORDERING: Acquire pairs with the Release in `show`: who sees a time has what was done before.
        Tick(self.0.now.load(Ordering::Acquire))
    }

    /// Moves the clock to `until`, unless it is later already.
    pub(crate) fn reach(&self, until: Tick) {
        loop {
            let mut due = lock(&self.0.due);
            let Some(first) = due.first_entry().filter(|first| first.key().0 <= until) else {
                break;
            };
            let ((tick, _), alarm) = first.remove_entry();
            drop(due);
            self.show(tick);
            alarm.ring();
        }
        self.show(until);
    }

    fn show(&self, tick: Tick) {
        // ORDERING: Release pairs with the Acquire in `tick`.
        self.0.now.fetch_max(tick.0, Ordering::Release);
    }

    /// Rings `alarm` at `tick`. `number` tells it from others of the same time.
    pub(crate) fn set(&self, tick: Tick, number: usize, alarm: Arc<dyn Alarm>) {
        let before = lock(&self.0.due).insert((tick, number), alarm);
        // Foreign code may hang on it: dropped outside of the lock.
        drop(before);
        if tick <= self.tick() {
            // The clock was moved past it meanwhile.
            self.reach(tick);
        }
    }

    /// Forgets an alarm.
    pub(crate) fn unset(&self, tick: Tick, number: usize) {
        let alarm = lock(&self.0.due).remove(&(tick, number));
        drop(alarm);
    }

    /// When the next alarm rings; `NEVER` when there is none.
    pub(crate) fn next(&self) -> Tick {
        lock(&self.0.due).first_key_value().map_or(Tick::NEVER, |((tick, _), _)| *tick)
    }

    /// Both are the same clock.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for VirtualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VirtualClock").field("now", &self.now()).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(background_loom)))]
mod tests {
    use super::{Alarm, VirtualClock};
    use crate::clock::Tick;
    use crate::sync::global::{Mutex, lock};
    use std::sync::Arc;
    use std::time::Duration;

    struct Note(VirtualClock, Arc<Mutex<Vec<Duration>>>);

    impl Alarm for Note {
        fn ring(&self) {
            lock(&self.1).push(self.0.now());
        }
    }

    #[test]
    fn alarms_ring_in_order_each_at_its_time() {
        let clock = VirtualClock::new();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let note = || Arc::new(Note(clock.clone(), Arc::clone(&heard)));
        for (number, second) in [5, 1, 3, 3].into_iter().enumerate() {
            clock.set(Tick(second), number, note());
        }
        clock.set(Tick(4), 9, note());
        clock.unset(Tick(4), 9);
        assert_eq!(clock.next(), Tick(1));
        clock.advance(Duration::from_nanos(4));
        assert_eq!(*lock(&heard), [1, 3, 3].map(Duration::from_nanos));
        assert_eq!((clock.next(), clock.tick()), (Tick(5), Tick(4)));
        // Too late is at once.
        clock.set(Tick(2), 0, note());
        assert_eq!(lock(&heard).len(), 4);
        clock.advance(Duration::MAX);
        assert_eq!(lock(&heard).last(), Some(&Duration::from_nanos(5)));
    }
}
