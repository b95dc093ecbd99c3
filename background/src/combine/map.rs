//! A function over many items, in their order.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::iter::FusedIterator;
use std::panic::Location;

use crate::call::Builder;
use crate::combine::completions::Completions;
use crate::combine::crew::Crew;
use crate::combine::feed::Feed;
use crate::combine::map_as_completed::MapAsCompleted;
use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::strategy::Strategy;

static SITE: Site = Site::new("map", "", "", 0);

/// Calls `f` with every item in the background, and hands out the results in the items' order.
///
/// Lazy: nothing is taken from `items` before the first `next`, and then no more than so many items
/// at once that are not handed out yet: twice as many as there are cores, unless
/// [`in_flight`](Map::in_flight) says otherwise. So `items` may be endless, and a slow reader holds
/// it up. For the results as they come, see [`as_completed`](Map::as_completed).
///
/// With time limits, failures as values or another strategy: [`map_with`].
///
/// ```
/// use background::map;
///
/// let squares: Vec<u64> = map(1..=4_u64, |n| n * n).collect();
/// assert_eq!(squares, [1, 4, 9, 16]);
///
/// let first = map(1_u64.., |n| n * n).find(|square| square % 10 == 6);
/// assert_eq!(first, Some(16));
/// ```
#[track_caller]
pub fn map<I, F, T>(items: I, f: F) -> Map<I::IntoIter, T>
where
    I: IntoIterator,
    I::Item: Send + 'static,
    F: Fn(I::Item) -> T + Send + Sync + 'static,
    T: Send + 'static,
{
    let describe = || Builder::new(&SITE);
    Map::new(Feed::new(describe, items.into_iter(), f, Location::caller()))
}

/// As [`map`], with calls as described: `describe` is asked before every call.
///
/// What is handed out is what a future so described yields: with a time limit, or with `catch`,
/// `Result`s. (A [`limit`](Builder::limit) that blocks makes `next` block.)
///
/// ```
/// use background::{Failure, map_with, task};
///
/// let describe = || task().catch().name("half");
/// let halves: Vec<Result<u32, Failure>> = map_with(describe, [6, 7], |n| {
///     assert!(n % 2 == 0, "{n} is odd");
///     n / 2
/// })
/// .collect();
/// assert_eq!(halves[0], Ok(3));
/// assert!(halves[1].as_ref().unwrap_err().is_panic());
/// ```
#[track_caller]
pub fn map_with<D, I, F, T, S, P>(describe: D, items: I, f: F) -> Map<I::IntoIter, T, S>
where
    D: FnMut() -> Builder<S, P> + Send + 'static,
    I: IntoIterator,
    I::Item: Send + 'static,
    F: Fn(I::Item) -> T + Send + Sync + 'static,
    T: Send + 'static,
    S: Sentinel,
    P: Strategy,
{
    Map::new(Feed::new(describe, items.into_iter(), f, Location::caller()))
}

/// The results of a function over many items, in their order. Made by [`map`].
///
/// `next` takes as many items as there is room for, calls the function with them in the background
/// and blocks until the oldest result is there; a call that has not started by then runs right
/// here, as with every touch. It panics with what that call has panicked with, or, at once, with
/// what the items' own `next` panics with, which is then not asked again. In both cases the
/// iteration can go on.
///
/// Dropping it cancels the calls that are under way: those that have not started never run, those
/// that run unwind at their next checkpoint.
#[must_use = "an iterator does nothing until it is asked for items"]
pub struct Map<I: Iterator, T, S: Sentinel = Infallible> {
    feed: Feed<I, T, S>,
    window: Crew<T, S>,
}

impl<I: Iterator, T, S: Sentinel> Map<I, T, S> {
    fn new(feed: Feed<I, T, S>) -> Self {
        Self { feed, window: Crew(VecDeque::new()) }
    }

    /// Lets `most` items at once be taken and not yet handed out.
    ///
    /// With 1, every call ends before the next begins. Of less than are under way already, none is
    /// taken back.
    ///
    /// # Panics
    ///
    /// When `most` is 0: then nothing could ever begin.
    ///
    /// ```
    /// let mut taken = 0;
    /// let items = std::iter::from_fn(|| { taken += 1; Some(taken) });
    /// assert_eq!(background::map(items, |n| n).in_flight(3).next(), Some(1));
    /// assert_eq!(taken, 3);
    /// ```
    #[track_caller]
    pub fn in_flight(mut self, most: usize) -> Self {
        assert!(most > 0, "a map with 0 calls in flight never begins; write 1 or more");
        self.feed.in_flight = most;
        self
    }

    /// Hands the results out as they come, each with the number of its item.
    ///
    /// ```
    /// let mut squares: Vec<_> = background::map([1, 2, 3], |n| n * n).as_completed().collect();
    /// squares.sort();
    /// assert_eq!(squares, [(0, 1), (1, 4), (2, 9)]);
    /// ```
    pub fn as_completed(mut self) -> MapAsCompleted<I, T, S> {
        let mut completions = Completions::new();
        let handed_out = self.feed.taken - self.window.0.len();
        for (number, part) in (handed_out..).zip(self.window.0.drain(..)) {
            completions.add(number, part);
        }
        MapAsCompleted::new(self.feed, completions)
    }
}

impl<I: Iterator, T, S: Sentinel> Iterator for Map<I, T, S> {
    type Item = S::Yields<T>;

    fn next(&mut self) -> Option<S::Yields<T>> {
        while self.window.0.len() < self.feed.in_flight {
            let Some(part) = self.feed.start_next() else { break };
            self.window.0.push_back(part);
        }
        // It stays in the window until it has ended: a checkpoint may unwind from here.
        let _ = Background::outcome(self.window.0.front()?);
        self.window.0.pop_front().map(Background::join)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (under_way, (least, most)) = (self.window.0.len(), self.feed.size_hint());
        (least.saturating_add(under_way), most.and_then(|most| most.checked_add(under_way)))
    }
}

impl<I: Iterator, T, S: Sentinel> FusedIterator for Map<I, T, S> {}

impl<I: Iterator, T, S: Sentinel> fmt::Debug for Map<I, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map")
            .field("taken", &self.feed.taken)
            .field("under_way", &self.window.0.len())
            .finish_non_exhaustive()
    }
}
