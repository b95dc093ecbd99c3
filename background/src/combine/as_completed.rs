//! An iterator over futures in the order in which they end.

use std::fmt;
use std::iter::FusedIterator;
use std::time::Duration;

use crate::clock::Tick;
use crate::combine::completions::Completions;
use crate::combine::within::Within;
use crate::handle::Background;
use crate::sentinel::Sentinel;

/// Hands futures out in the order in which they end, each with its number among `parts`.
///
/// Reading an item never blocks. [`AsCompleted::within`] limits the time for all of them. Lazy
/// parts are started in the pool.
///
/// The function is that of Python's `concurrent.futures`.
///
/// ```
/// use background::{as_completed, promise, spawn};
///
/// let (promise, slow) = promise();
/// let mut promise = Some(promise);
/// let mut order = Vec::new();
/// for (number, value) in as_completed([slow, spawn(|| "fast")]) {
///     order.push((number, value.to_string()));
///     if let Some(promise) = promise.take() {
///         promise.set("slow").unwrap();
///     }
/// }
/// assert_eq!(order, [(1, "fast".into()), (0, "slow".into())]);
/// ```
pub fn as_completed<T, S: Sentinel>(
    parts: impl IntoIterator<Item = Background<T, S>>,
) -> AsCompleted<T, S> {
    let mut completions = Completions::new();
    for (number, part) in parts.into_iter().enumerate() {
        completions.add(number, part);
    }
    AsCompleted { completions }
}

/// An iterator over futures in the order in which they end. Made by [`as_completed`].
///
/// `next` blocks until another one has ended, and is a [`checkpoint`](crate::checkpoint) meanwhile.
/// It runs none of them here, as another could end meanwhile; where nobody starts a pool's tasks for
/// some time, it gives them threads. It never panics because of a part: that is for whoever looks at
/// the item. Dropping the iterator drops the futures that are left,
/// each of which does what its `on_drop` says; [`into_rest`](Self::into_rest) gives them back.
#[must_use = "an iterator does nothing until it is asked for items"]
pub struct AsCompleted<T, S: Sentinel> {
    completions: Completions<T, S>,
}

impl<T, S: Sentinel> AsCompleted<T, S> {
    /// Waits for all futures no longer than `patience`, counted from now.
    ///
    /// When the time is over, the iterator hands out an [`Unfinished`](crate::Unfinished) with
    /// those that are left, and nothing after it. The futures themselves go on.
    ///
    /// ```
    /// use background::{as_completed, promise, task};
    /// use std::time::Duration;
    ///
    /// let (promises, mut futures): (Vec<_>, Vec<_>) = (0..2).map(|_| promise::<u8>()).unzip();
    /// futures.extend((0..2).map(|n| task().inline().spawn(move || n)));
    /// let mut items = as_completed(futures).within(Duration::from_millis(1));
    /// let (number, value) = items.next().unwrap().unwrap();
    /// assert!(number == 2 && value == 0);
    /// assert!(items.next().unwrap().is_ok());
    /// let unfinished = items.next().unwrap().unwrap_err();
    /// assert_eq!(unfinished.to_string(), "2 (of 4) futures unfinished");
    /// assert!(items.next().is_none());
    /// # drop(unfinished);
    /// # drop(promises);
    /// ```
    pub fn within(self, patience: Duration) -> Within<T, S> {
        Within::new(self.completions, patience)
    }

    /// The futures that have not been handed out, each with its number, in their first order.
    ///
    /// Never blocks.
    ///
    /// ```
    /// use background::{Background, as_completed, promise};
    ///
    /// let (promise, future) = promise::<u8>();
    /// let rest = as_completed([future]).into_rest();
    /// assert!(rest.len() == 1 && rest[0].0 == 0 && !Background::is_ready(&rest[0].1));
    /// # drop(promise);
    /// ```
    pub fn into_rest(self) -> Vec<(usize, Background<T, S>)> {
        self.completions.into_rest()
    }
}

impl<T, S: Sentinel> Iterator for AsCompleted<T, S> {
    type Item = (usize, Background<T, S>);

    fn next(&mut self) -> Option<Self::Item> {
        self.completions.next(Tick::NEVER).ok().flatten()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.completions.len(), Some(self.completions.len()))
    }
}

impl<T, S: Sentinel> ExactSizeIterator for AsCompleted<T, S> {}
impl<T, S: Sentinel> FusedIterator for AsCompleted<T, S> {}

impl<T, S: Sentinel> fmt::Debug for AsCompleted<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsCompleted").field("left", &self.completions.len()).finish_non_exhaustive()
    }
}
