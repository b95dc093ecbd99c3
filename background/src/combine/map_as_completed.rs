//! A function over many items, in the order in which the calls end.

use std::convert::Infallible;
use std::fmt;
use std::iter::FusedIterator;

use crate::clock::Tick;
use crate::combine::completions::Completions;
use crate::combine::feed::Feed;
use crate::handle::Background;
use crate::sentinel::Sentinel;

/// The results of a function over many items as they come, each with the number of its item. Made
/// by [`Map::as_completed`](crate::Map::as_completed).
///
/// `next` takes as many items as there is room for, calls the function with them in the background
/// and blocks until another call has ended, as [`AsCompleted`](crate::AsCompleted) does. It panics with what that call has panicked with, or, at once, with what the items' own
/// `next` panics with. Dropping it cancels the calls that are under way.
#[must_use = "an iterator does nothing until it is asked for items"]
pub struct MapAsCompleted<I: Iterator, T, S: Sentinel = Infallible> {
    feed: Feed<I, T, S>,
    completions: Completions<T, S>,
}

impl<I: Iterator, T, S: Sentinel> MapAsCompleted<I, T, S> {
    pub(crate) fn new(feed: Feed<I, T, S>, completions: Completions<T, S>) -> Self {
        Self { feed, completions }
    }
}

impl<I: Iterator, T, S: Sentinel> Iterator for MapAsCompleted<I, T, S> {
    type Item = (usize, S::Yields<T>);

    fn next(&mut self) -> Option<Self::Item> {
        while self.completions.len() < self.feed.in_flight {
            let number = self.feed.taken;
            let Some(part) = self.feed.start_next() else { break };
            self.completions.add(number, part);
        }
        let (number, part) = self.completions.next(Tick::NEVER).ok().flatten()?;
        Some((number, Background::join(part)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (under_way, (least, most)) = (self.completions.len(), self.feed.size_hint());
        (least.saturating_add(under_way), most.and_then(|most| most.checked_add(under_way)))
    }
}

impl<I: Iterator, T, S: Sentinel> FusedIterator for MapAsCompleted<I, T, S> {}

impl<I: Iterator, T, S: Sentinel> Drop for MapAsCompleted<I, T, S> {
    fn drop(&mut self) {
        self.completions.cancel();
    }
}

impl<I: Iterator, T, S: Sentinel> fmt::Debug for MapAsCompleted<I, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MapAsCompleted")
            .field("taken", &self.feed.taken)
            .field("under_way", &self.completions.len())
            .finish_non_exhaustive()
    }
}
