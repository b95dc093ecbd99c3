//! What one thread has under way.

use std::cell::Cell;

use crate::sync::global::{AtomicU64, Mutex, Ordering, lock, thread_local};
use crate::task::frames::Frames;

/// One thread's own counters and frames: only it writes them, so it needs no read-modify-write and
/// shares no cache line. Never freed; the next thread goes on where one that has ended stopped.
#[repr(align(128))]
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) submitted: AtomicU64,
    pub(crate) finished: AtomicU64,
    pub(crate) frames: Frames,
}

struct Tallies {
    all: Vec<&'static Tally>,
    /// Those whose threads have ended.
    free: Vec<&'static Tally>,
}

static TALLIES: Mutex<Tallies> = Mutex::new(Tallies { all: Vec::new(), free: Vec::new() });

thread_local! {
    /// This thread's tally, once it has one. Needs no destructor and no initialisation, so looking
    /// at it is one read.
    static OWN: Cell<Option<&'static Tally>> = const { Cell::new(None) };
    static LEASE: Lease = Lease(Tally::leased());
}

/// Gives the tally back when its thread ends.
struct Lease(&'static Tally);

impl Drop for Lease {
    fn drop(&mut self) {
        OWN.set(None);
        // The lock hands the counters over to the next owner.
        lock(&TALLIES).free.push(self.0);
    }
}

impl Tally {
    /// The tally of this thread; `None` while the thread is being torn down.
    #[inline]
    pub(crate) fn own() -> Option<&'static Self> {
        match OWN.get() {
            Some(own) => Some(own),
            None => Self::lease(),
        }
    }

    #[cold]
    fn lease() -> Option<&'static Self> {
        let own = LEASE.try_with(|lease| lease.0).ok();
        OWN.set(own);
        own
    }

    fn leased() -> &'static Self {
        let mut tallies = lock(&TALLIES);
        if let Some(left) = tallies.free.pop() {
            return left;
        }
        let fresh: &'static Self = Box::leak(Box::new(Self {
            submitted: AtomicU64::new(0),
            finished: AtomicU64::new(0),
            frames: Frames::new(),
        }));
        tallies.all.push(fresh);
        fresh
    }

    /// Shows all tallies there are. No thread gets a new one meanwhile.
    pub(crate) fn with_all<R>(look: impl FnOnce(&[&'static Self]) -> R) -> R {
        look(&lock(&TALLIES).all)
    }

    /// Counts one more in a counter that only this thread writes.
    #[inline]
    pub(crate) fn count(counter: &AtomicU64, ordering: Ordering) {
        // ORDERING: Relaxed. What this thread, or by way of the lock the one before it, wrote.
        let before = counter.load(Ordering::Relaxed);
        // ORDERING: the caller says which, and why.
        counter.store(before.wrapping_add(1), ordering);
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use crate::sync::global::thread;

    #[test]
    fn a_record_outlives_its_thread_and_is_used_again() {
        let leases =
            || thread::spawn(|| Tally::own().map(std::ptr::from_ref).map(<*const _>::addr));
        let before = Tally::with_all(<[_]>::len);
        for _ in 0..200 {
            assert!(leases().join().unwrap().is_some());
        }
        let made = Tally::with_all(<[_]>::len) - before;
        // Other tests have threads too, but not that many.
        assert!(made < 100, "{made} tallies for threads that came one after the other");
    }
}
