//! The same items, awaited.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures_core::{FusedStream, Stream};

use crate::cell::waiters::{Key, Waiter};
use crate::sentinel::Sentinel;
use crate::stream::background_iter::BackgroundIter;
use crate::task::wait;

/// The items of a function that runs in the background, as a `futures_core::Stream`.
///
/// Made by [`BackgroundIter::into_stream`]. To be awaited in any executor; never blocks the thread.
/// Look-ahead, failures and dropping are those of the iterator: what the producer fails with comes
/// after the items that preceded it, as an error where the sentinel has a value for it, and else as a
/// panic of the poll.
#[must_use = "dropping a background stream stops its producer; await the items"]
pub struct BackgroundStream<T, S: Sentinel = Infallible> {
    iter: BackgroundIter<T, S>,
    /// Our entry among those who wait for the producer's end.
    entry: Option<(Key, Waker)>,
}

impl<T, S: Sentinel> BackgroundIter<T, S> {
    /// Makes a stream of it, whose items are awaited. Needs the feature `futures`. Never blocks.
    ///
    /// ```
    /// use background::{BackgroundIter, task};
    /// use futures_util::StreamExt;
    ///
    /// # fn block_on<F: std::future::Future + Send + 'static>(f: F) -> F::Output
    /// # where F::Output: Send { background::Background::join(task().spawn_async(f)) }
    /// let squares = BackgroundIter::into_stream(task().stream(|| (0..4).map(|n| n * n)));
    /// assert_eq!(block_on(squares.collect::<Vec<_>>()), [0, 1, 4, 9]);
    /// ```
    pub fn into_stream(iter: Self) -> BackgroundStream<T, S> {
        BackgroundStream { iter, entry: None }
    }
}

impl<T, S: Sentinel> BackgroundStream<T, S> {
    /// Makes an iterator of it again, with the items that are left. Never blocks.
    ///
    /// ```
    /// use background::{BackgroundIter, BackgroundStream, task};
    ///
    /// let stream = BackgroundIter::into_stream(task().stream(|| 0..4));
    /// assert!(BackgroundStream::into_inner(stream).eq(0..4));
    /// ```
    pub fn into_inner(stream: Self) -> BackgroundIter<T, S> {
        let Self { iter, entry } = stream;
        if let (Some(producer), Some((key, _))) = (iter.producer(), entry) {
            producer.job().core.withdraw(key);
        }
        iter
    }

    /// Sees to it that an item, or the producer's end, wakes this waker. `false` when there is one of
    /// them by now.
    fn watch(&mut self, waker: &Waker) -> bool {
        let Some(producer) = self.iter.producer() else { return false };
        let core = &producer.job().core;
        match &self.entry {
            Some((_, known)) if known.will_wake(waker) && !core.is_ready() => {}
            Some((key, _)) if core.renew(*key, waker) => {
                self.entry = Some((*key, waker.clone()));
            }
            _ => match core.register(Waiter::Waker(waker.clone())) {
                Ok(key) => self.entry = Some((key, waker.clone())),
                Err(_) => return false,
            },
        }
        self.iter.wait_with(Waiter::Waker(waker.clone())).is_ok()
    }
}

impl<T, S: Sentinel> Unpin for BackgroundStream<T, S> {}

impl<T, S: Sentinel> Stream for BackgroundStream<T, S> {
    type Item = S::Yields<T>;

    #[track_caller]
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let next = BackgroundIter::try_next(&mut this.iter);
            if next.is_ready() {
                return next;
            }
            if let Some(producer) = this.iter.producer() {
                wait::start_elsewhere(&producer.job());
            }
            if this.watch(context.waker()) {
                return Poll::Pending;
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.iter.size_hint()
    }
}

impl<T, S: Sentinel> FusedStream for BackgroundStream<T, S> {
    fn is_terminated(&self) -> bool {
        self.iter.producer().is_none()
    }
}

impl<T, S: Sentinel> fmt::Debug for BackgroundStream<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BackgroundStream").field(&self.iter).finish()
    }
}
