//! An iterator over futures as they end, for a limited time.

use std::fmt;
use std::iter::FusedIterator;
use std::mem;
use std::time::Duration;

use crate::clock::Tick;
use crate::combine::completions::Completions;
use crate::combine::unfinished::Unfinished;
use crate::handle::Background;
use crate::sentinel::Sentinel;

/// An iterator over futures as they end, for a limited time. Made by
/// [`AsCompleted::within`](crate::AsCompleted::within).
///
/// `next` blocks until another future has ended or the time is over, and is a
/// [`checkpoint`](crate::checkpoint) meanwhile. What has ended by the time it is asked for is handed
/// out even then. The last item is an [`Unfinished`] if there are futures left.
#[must_use = "an iterator does nothing until it is asked for items"]
pub struct Within<T, S: Sentinel> {
    completions: Completions<T, S>,
    of: usize,
    until: Tick,
}

impl<T, S: Sentinel> Within<T, S> {
    pub(crate) fn new(completions: Completions<T, S>, patience: Duration) -> Self {
        let of = completions.len();
        Self { completions, of, until: Tick::now().after(patience) }
    }
}

impl<T, S: Sentinel> Iterator for Within<T, S> {
    type Item = Result<(usize, Background<T, S>), Unfinished<T, S>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Ok(next) = self.completions.next(self.until) {
            return next.map(Ok);
        }
        let left = mem::replace(&mut self.completions, Completions::new());
        Some(Err(Unfinished::new(left.into_rest(), self.of)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.completions.len();
        // All that are left may turn out to be one `Unfinished`.
        (left.min(1), Some(left))
    }
}

impl<T, S: Sentinel> FusedIterator for Within<T, S> {}

impl<T, S: Sentinel> fmt::Debug for Within<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Within").field("left", &self.completions.len()).finish_non_exhaustive()
    }
}
