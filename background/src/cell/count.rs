//! How many refer to one cell.

use crate::sync::atomic::{AtomicU32, Ordering, fence};

/// The count of references to a cell. Whoever gives back the last one frees the memory.
#[derive(Debug)]
pub(crate) struct Count(AtomicU32);

impl Count {
    /// More than this is a mistake: the references alone would fill the memory.
    const MOST: u32 = u32::MAX / 2;

    pub(crate) fn new(references: u32) -> Self {
        Self(AtomicU32::new(references))
    }

    /// Counts one more.
    ///
    /// # Panics
    ///
    /// When there are two thousand million already, leaked by somebody. That one is not counted:
    /// a count that overflowed would free the memory under somebody's feet.
    #[inline]
    pub(crate) fn more(&self) {
        // ORDERING: Relaxed. A new reference comes from an existing one, which keeps the cell.
        if self.0.fetch_add(1, Ordering::Relaxed) >= Self::MOST {
            // ORDERING: Relaxed, as above. So many threads as would have to be between the two
            // lines for an overflow do not exist.
            self.0.fetch_sub(1, Ordering::Relaxed);
            too_many();
        }
    }

    /// Counts one less. `true` when that was the last: the memory is the caller's.
    #[inline]
    pub(crate) fn fewer(&self) -> bool {
        // The last one needs no read-modify-write: a new reference can only come from its own.
        if self.is(1) {
            return true;
        }
        // ORDERING: Release pairs with the Acquire in `is` and with the fence below: all that was
        // done through this reference happens before the memory is freed.
        if self.0.fetch_sub(1, Ordering::Release) != 1 {
            return false;
        }
        if cfg!(background_thread_sanitizer) {
            // ORDERING: Acquire, as the fence, which the thread sanitizer would not understand.
            self.0.load(Ordering::Acquire);
        } else {
            // ORDERING: Acquire pairs with the Release of every other reference's decrement.
            fence(Ordering::Acquire);
        }
        true
    }

    /// There are exactly so many references. When all of them are the caller's, nobody else has
    /// one or can get one, and what was done through any earlier one has happened before.
    #[inline]
    pub(crate) fn is(&self, references: u32) -> bool {
        // ORDERING: Acquire pairs with the Release in `fewer`.
        self.0.load(Ordering::Acquire) == references
    }
}

#[cold]
fn too_many() -> ! {
    panic!("too many references to one background task");
}

#[cfg(all(test, not(background_loom)))]
mod tests {
    use super::Count;
    use crate::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn an_overflow_is_refused_for_good() {
        let full = Count(AtomicU32::new(Count::MOST));
        for _ in 0..3 {
            assert!(std::panic::catch_unwind(|| full.more()).is_err());
        }
        assert_eq!(full.0.load(Ordering::Relaxed), Count::MOST);
    }

    #[test]
    fn the_last_of_three_is_told() {
        let count = Count::new(2);
        count.more();
        assert_eq!([count.fewer(), count.fewer(), count.fewer()], [false, false, true]);
    }
}
