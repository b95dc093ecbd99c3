//! Starting streams.

use crate::call::Builder;
use crate::sentinel::Sentinel;
use crate::strategy::Strategy;
use crate::stream::LOOK_AHEAD;
use crate::stream::background_iter::BackgroundIter;
use crate::stream::inbox::Local;
use crate::stream::producer::{Calling, Producing, Shared};

impl<S, P> Builder<S, P> {
    /// Lets a stream's producer run ahead of its consumer by at most so many items; 0 means 1. Without
    /// this it is 64. Has no meaning for tasks that are no streams.
    ///
    /// ```
    /// use background::{BackgroundIter, task};
    ///
    /// let two = task().inline().look_ahead(2).stream(|| 0..10);
    /// assert_eq!(BackgroundIter::ahead(&two), 2);
    /// # drop(two);
    /// ```
    pub fn look_ahead(mut self, items: usize) -> Self {
        self.look_ahead = Some(items);
        self
    }

    pub(crate) fn items_ahead(&self) -> usize {
        self.look_ahead.unwrap_or(LOOK_AHEAD)
    }
}

impl<S: Sentinel, P: Strategy> Builder<S, P> {
    /// Starts a producer: `body` makes an iterator, whose items arrive while it runs.
    ///
    /// Returns at once, unless a [`limit`](Self::limit) is full. With [`inline`](Self::inline) the
    /// first items are made here, and the others when they are asked for, on the consumer's thread.
    /// With [`lazy`](Self::lazy) the producer starts in the pool when the first item is asked for.
    /// Panics only if the strategy does.
    ///
    /// ```
    /// use background::task;
    ///
    /// let words = task().look_ahead(2).stream(|| "so it goes".split(' '));
    /// assert_eq!(words.map(str::len).sum::<usize>(), 8);
    /// ```
    #[track_caller]
    pub fn stream<F, I>(self, body: F) -> BackgroundIter<I::Item, S>
    where
        F: FnOnce() -> I + Send + 'static,
        I: Iterator<Item: Send + 'static> + Send + 'static,
    {
        let shared = Shared::new(self.items_ahead());
        let inbox = Box::new(Local::new(shared.clone()));
        let calling = Calling::new(&shared);
        let producer = self.spawn_body(Producing { function: body, shared }, None);
        drop(calling);
        BackgroundIter::new(inbox, producer)
    }
}
