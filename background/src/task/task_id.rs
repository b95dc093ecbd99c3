//! Numbers for tasks.

use std::fmt;
use std::num::NonZeroU64;

use crate::sync::global::{AtomicU64, Ordering};

/// A number that names one task for as long as the program runs; never reused.
///
/// Numbers are given out when first asked for, counted from 1.
///
/// ```
/// use background::{Background, spawn};
///
/// let (x, y) = (spawn(|| 1), spawn(|| 2));
/// assert_ne!(Background::id(&x), Background::id(&y));
/// assert_eq!(Background::id(&x), Background::id(&x));
/// # assert_eq!(x + y, 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(NonZeroU64);

impl TaskId {
    /// The number.
    ///
    /// ```
    /// let x = background::spawn(|| 1);
    /// assert!(background::Background::id(&x).get() > 0);
    /// # assert_eq!(x, 1);
    /// ```
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0.get()
    }

    /// The number kept in `slot`, or the next free one, kept there from now on.
    pub(crate) fn kept_in(slot: &AtomicU64) -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        // ORDERING: Relaxed. The number stands for itself and publishes nothing.
        let id = match slot.load(Ordering::Relaxed) {
            0 => {
                // ORDERING: Relaxed, as above: only uniqueness counts.
                let fresh = LAST.fetch_add(1, Ordering::Relaxed) + 1;
                // ORDERING: Relaxed, as above: of two askers one keeps its number.
                match slot.compare_exchange(0, fresh, Ordering::Relaxed, Ordering::Relaxed) {
                    Ok(_) => fresh,
                    Err(other) => other,
                }
            }
            id => id,
        };
        Self(NonZeroU64::new(id).unwrap_or(NonZeroU64::MIN))
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
