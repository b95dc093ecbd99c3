//! Where items wait for their consumer.

use std::collections::VecDeque;
use std::task::{Context, Poll, Waker};

use crate::cell::waiters::Waiter;
#[cfg(feature = "process")]
use crate::parcel::intake::{Overrun, Taken};
use crate::sync::global::{AtomicUsize, Mutex, Ordering, lock};
use crate::task::panics;

/// Between one producer, or some who push, and one consumer.
pub(crate) struct Channel<T> {
    state: Mutex<State<T>>,
    /// The length of the queue, for who looks without the lock.
    there: AtomicUsize,
    /// So many items may be there, or on their way, that the consumer has not had.
    look_ahead: usize,
}

struct State<T> {
    items: VecDeque<T>,
    /// Those that the consumer is not known to have had.
    ahead: usize,
    /// The consumer is gone.
    is_closed: bool,
    /// There will be no more items.
    is_over: bool,
    /// Waits for an item.
    consumer: Option<Waiter>,
    /// Wait for room.
    producers: Vec<Waker>,
}

impl<T> Channel<T> {
    /// For so many items, at least one.
    pub(crate) fn new(look_ahead: usize) -> Self {
        let state = State {
            items: VecDeque::new(),
            ahead: 0,
            is_closed: false,
            is_over: false,
            consumer: None,
            producers: Vec::new(),
        };
        Self { state: Mutex::new(state), there: AtomicUsize::new(0), look_ahead: look_ahead.max(1) }
    }

    pub(crate) fn look_ahead(&self) -> usize {
        self.look_ahead
    }

    /// Room for how many more items, once there is some; 0 when no more are wanted.
    pub(crate) fn poll_room(&self, context: &mut Context<'_>) -> Poll<usize> {
        if let Poll::Ready(room) = lock(&self.state).room(self.look_ahead) {
            return Poll::Ready(room);
        }
        // To clone a waker, and to drop one, runs foreign code.
        let waker = context.waker().clone();
        let mut state = lock(&self.state);
        // There may be room since.
        let room = state.room(self.look_ahead);
        let mut earlier = None;
        if room.is_pending() {
            match state.producers.iter_mut().find(|it| it.will_wake(&waker)) {
                Some(known) => earlier = Some(std::mem::replace(known, waker)),
                None => state.producers.push(waker),
            }
        }
        drop(state);
        drop(earlier);
        room
    }

    /// Adds an item if there is room for it: for several who push at the same time. Returns who waits
    /// for it, to be woken.
    ///
    /// # Errors
    ///
    /// The item, when there is no room or nobody wants more.
    pub(crate) fn try_push(&self, item: T) -> Result<Option<Waiter>, T> {
        let mut state = lock(&self.state);
        if !matches!(state.room(self.look_ahead), Poll::Ready(1..)) {
            return Err(item);
        }
        state.items.push_back(item);
        state.ahead += 1;
        self.note(&state);
        Ok(state.consumer.take())
    }

    /// Adds an item. Returns who waits for it, to be woken, and the room that is left.
    pub(crate) fn push(&self, item: T) -> (Option<Waiter>, usize) {
        let mut state = lock(&self.state);
        if state.is_closed {
            drop(state);
            drop(item);
            return (None, 0);
        }
        state.items.push_back(item);
        state.ahead += 1;
        self.note(&state);
        (state.consumer.take(), self.look_ahead.saturating_sub(state.ahead))
    }

    /// Adds several, for a producer that may not keep to what there is room for.
    ///
    /// # Errors
    ///
    /// That there is no room for all.
    #[cfg(feature = "process")]
    pub(crate) fn push_all(
        &self,
        items: impl ExactSizeIterator<Item = T>,
    ) -> Result<Taken, Overrun> {
        let mut state = lock(&self.state);
        if state.is_closed {
            drop(state);
            drop(items);
            return Ok(Taken::Unwanted);
        }
        if items.len() > self.look_ahead - state.ahead.min(self.look_ahead) {
            return Err(Overrun);
        }
        state.ahead += items.len();
        state.items.extend(items);
        self.note(&state);
        Ok(Taken::Wanted(state.consumer.take()))
    }

    /// Takes what there is into `own`, which is empty; the consumer has had `had` more items.
    pub(crate) fn take(&self, own: &mut VecDeque<T>, had: usize) {
        debug_assert!(own.is_empty());
        let mut state = lock(&self.state);
        std::mem::swap(&mut state.items, own);
        self.note(&state);
        let producers = state.free(had, self.look_ahead);
        drop(state);
        wake(producers);
    }

    /// The consumer has had so many more items.
    pub(crate) fn free(&self, had: usize) {
        let producers = lock(&self.state).free(had, self.look_ahead);
        wake(producers);
    }

    fn note(&self, state: &State<T>) {
        // ORDERING: Relaxed, as in `len`.
        self.there.store(state.items.len(), Ordering::Relaxed);
    }

    /// The consumer is gone.
    #[cfg(feature = "process")]
    pub(crate) fn is_closed(&self) -> bool {
        lock(&self.state).is_closed
    }

    /// So many items are there. The answer may be outdated by the time it is given.
    pub(crate) fn len(&self) -> usize {
        // ORDERING: Relaxed. A hint; whoever takes items takes the lock, and whoever is to be woken has
        // been entered under it.
        self.there.load(Ordering::Relaxed)
    }

    /// Enters who waits for an item. Hands it back when there is one.
    pub(crate) fn wait(&self, consumer: Waiter) -> Result<(), Waiter> {
        let mut state = lock(&self.state);
        if !state.items.is_empty() {
            return Err(consumer);
        }
        let earlier = state.consumer.replace(consumer);
        drop(state);
        drop(earlier);
        Ok(())
    }

    /// There will be no more items, and is no more room. Those that are there stay.
    pub(crate) fn end(&self) {
        let mut state = lock(&self.state);
        state.is_over = true;
        let producers = std::mem::take(&mut state.producers);
        drop(state);
        wake(producers);
    }

    /// The consumer is gone: there is no more room, and what is there is dropped.
    pub(crate) fn close(&self) {
        let mut state = lock(&self.state);
        state.is_closed = true;
        let items = std::mem::take(&mut state.items);
        self.note(&state);
        let (consumer, producers) = (state.consumer.take(), std::mem::take(&mut state.producers));
        drop(state);
        wake(producers);
        drop_items(items);
        panics::guarded("dropping a waker", || drop(consumer));
    }
}

impl<T> State<T> {
    /// As for [`Channel::poll_room`].
    fn room(&self, look_ahead: usize) -> Poll<usize> {
        if self.is_closed || self.is_over {
            Poll::Ready(0)
        } else if self.ahead < look_ahead {
            Poll::Ready(look_ahead - self.ahead)
        } else {
            Poll::Pending
        }
    }

    fn free(&mut self, had: usize, look_ahead: usize) -> Vec<Waker> {
        self.ahead -= had;
        if self.ahead < look_ahead { std::mem::take(&mut self.producers) } else { Vec::new() }
    }
}

fn wake(producers: Vec<Waker>) {
    for producer in producers {
        panics::guarded("a waker", || producer.wake());
    }
}

/// Drops items that nobody wants. Their destructors are foreign, and each may panic.
pub(crate) fn drop_items<T>(items: VecDeque<T>) {
    for item in items {
        panics::guarded("dropping an item that nobody wants", || drop(item));
    }
}

#[cfg(test)]
mod tests {
    use super::Channel;
    use std::collections::VecDeque;
    use std::task::{Context, Poll, Waker};

    fn room(channel: &Channel<u32>) -> Poll<usize> {
        channel.poll_room(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn there_is_room_for_what_has_been_had() {
        let channel = Channel::new(3);
        assert_eq!(room(&channel), Poll::Ready(3));
        for (item, left) in [(1, 2), (2, 1), (3, 0)] {
            assert_eq!(channel.push(item).1, left);
        }
        assert_eq!(room(&channel), Poll::Pending);
        let mut own = VecDeque::new();
        channel.take(&mut own, 0);
        assert_eq!(own, [1, 2, 3]);
        // To have taken it is not to have had it.
        assert_eq!(room(&channel), Poll::Pending);
        channel.free(2);
        assert_eq!(room(&channel), Poll::Ready(2));
    }

    #[test]
    fn nobody_waits_for_a_consumer_that_is_gone() {
        let channel = Channel::new(1);
        channel.push(1);
        channel.close();
        assert_eq!((room(&channel), channel.len()), (Poll::Ready(0), 0));
        assert_eq!(channel.push(2).1, 0);
        assert_eq!(channel.len(), 0);
    }
}
