//! What had not ended in time.

use std::error::Error;
use std::fmt;

use crate::handle::Background;
use crate::sentinel::Sentinel;

/// The futures that had not ended when the time was over. Handed out by
/// [`Within`](crate::Within).
///
/// Prints as `2 (of 4) futures unfinished`, as Python's `concurrent.futures` says it. Dropping it
/// drops the futures: they run on, unless their `on_drop` says otherwise.
///
/// ```
/// use background::{Background, as_completed, promise};
/// use std::time::Duration;
///
/// let (promise, future) = promise::<u8>();
/// let mut items = as_completed([future]).within(Duration::ZERO);
/// let unfinished = items.next().unwrap().unwrap_err();
/// assert_eq!((unfinished.len(), unfinished.of()), (1, 1));
/// for (number, future) in unfinished.into_futures() {
///     assert_eq!(number, 0);
///     Background::cancel(&future);
/// }
/// assert_eq!(promise.set(7), Err(7));
/// ```
pub struct Unfinished<T, S: Sentinel> {
    futures: Vec<(usize, Background<T, S>)>,
    of: usize,
}

impl<T, S: Sentinel> Unfinished<T, S> {
    pub(crate) fn new(futures: Vec<(usize, Background<T, S>)>, of: usize) -> Self {
        Self { futures, of }
    }

    /// How many had not ended; never 0.
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.futures.len()
    }

    /// Of how many, those that had been handed out before the limit was set not counted.
    pub fn of(&self) -> usize {
        self.of
    }

    /// Gives the futures back, each with its number among all, in their first order.
    pub fn into_futures(self) -> Vec<(usize, Background<T, S>)> {
        self.futures
    }
}

impl<T, S: Sentinel> fmt::Display for Unfinished<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (of {}) futures unfinished", self.futures.len(), self.of)
    }
}

/// Does not look into the futures, which would be touches.
impl<T, S: Sentinel> fmt::Debug for Unfinished<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unfinished")
            .field("futures", &self.futures.len())
            .field("of", &self.of)
            .finish()
    }
}

impl<T, S: Sentinel> Error for Unfinished<T, S> {}
