//! What the ends of a channel share.

use std::collections::{BTreeMap, VecDeque};
use std::task::{Poll, Waker};

use crate::sync::global::{Mutex, lock};

/// The values under way, and who waits. Nobody is woken, and nothing dropped, under the lock.
pub(super) struct Channel<T> {
    capacity: usize,
    state: Mutex<State<T>>,
}

struct State<T> {
    values: VecDeque<T>,
    senders: usize,
    /// The receiver is there.
    open: bool,
    receiver: Option<Waker>,
    /// Those who wait for room, in the order they came. A waker that was used is not there.
    waiting: BTreeMap<u64, Option<Waker>>,
    tickets: u64,
}

/// What became of a value.
pub(super) enum Sent<T> {
    Done,
    Full(T),
    Closed(T),
}

impl<T> Channel<T> {
    pub(super) fn new(capacity: usize) -> Self {
        let state = State {
            values: VecDeque::new(),
            senders: 1,
            open: true,
            receiver: None,
            waiting: BTreeMap::new(),
            tickets: 0,
        };
        Self { capacity, state: Mutex::new(state) }
    }

    pub(super) fn more_senders(&self) {
        lock(&self.state).senders += 1;
    }

    pub(super) fn fewer_senders(&self) {
        let mut state = lock(&self.state);
        state.senders -= 1;
        let waker = if state.senders == 0 { state.receiver.take() } else { None };
        drop(state);
        waker.into_iter().for_each(Waker::wake);
    }

    /// Sends a value if there is room, and nobody waits who came earlier than `ticket`.
    pub(super) fn send(&self, value: T, ticket: Option<u64>) -> Sent<T> {
        let mut state = lock(&self.state);
        if !state.open {
            return Sent::Closed(value);
        }
        let first = state.waiting.first_key_value().map(|(first, _)| *first);
        let turn = match (first, ticket) {
            (None, _) => true,
            (Some(first), Some(ticket)) => ticket <= first,
            (Some(_), None) => false,
        };
        if !turn || state.values.len() >= self.capacity {
            return Sent::Full(value);
        }
        state.values.push_back(value);
        let own = ticket.and_then(|ticket| state.waiting.remove(&ticket));
        // Where there is still room, the next in the queue is to come.
        let next = state.next(self.capacity);
        let receiver = state.receiver.take();
        drop(state);
        drop(own);
        receiver.into_iter().chain(next).for_each(Waker::wake);
        Sent::Done
    }

    /// Waits for room. `true` when there is some, or nobody to send to: then look again.
    pub(super) fn wait_for_room(&self, ticket: &mut Option<u64>, waker: Waker) -> bool {
        let mut state = lock(&self.state);
        let number = ticket.unwrap_or_else(|| {
            state.tickets += 1;
            state.tickets
        });
        *ticket = Some(number);
        let before = state.waiting.insert(number, Some(waker));
        let is_first = state.waiting.first_key_value().is_some_and(|(first, _)| *first == number);
        let again = !state.open || (is_first && state.values.len() < self.capacity);
        drop(state);
        drop(before);
        again
    }

    /// Leaves the queue, for a sender that was in it and gives up.
    pub(super) fn give_up(&self, ticket: u64) {
        let mut state = lock(&self.state);
        let own = state.waiting.remove(&ticket);
        // It may have been this one's turn.
        let next = state.next(self.capacity);
        drop(state);
        drop(own);
        next.into_iter().for_each(Waker::wake);
    }

    /// The next value; `None` when there is none and will be none.
    pub(super) fn receive(&self) -> Poll<Option<T>> {
        let mut state = lock(&self.state);
        let Some(value) = state.values.pop_front() else {
            return if state.senders == 0 { Poll::Ready(None) } else { Poll::Pending };
        };
        let next = state.next(self.capacity);
        drop(state);
        next.into_iter().for_each(Waker::wake);
        Poll::Ready(Some(value))
    }

    /// Waits for a value. `true` when there may be one, or no sender: then look again.
    pub(super) fn wait_for_value(&self, waker: Waker) -> bool {
        let mut state = lock(&self.state);
        let before = state.receiver.replace(waker);
        let again = !state.values.is_empty() || state.senders == 0;
        drop(state);
        drop(before);
        again
    }

    /// How many values are under way.
    pub(super) fn len(&self) -> usize {
        lock(&self.state).values.len()
    }

    /// The receiver is gone.
    pub(super) fn close(&self) {
        let mut state = lock(&self.state);
        state.open = false;
        let values = std::mem::take(&mut state.values);
        let waiting = std::mem::take(&mut state.waiting);
        let receiver = state.receiver.take();
        drop(state);
        waiting.into_values().flatten().for_each(Waker::wake);
        drop((values, receiver));
    }
}

impl<T> State<T> {
    /// The waker of the first who waits for room, if there is room.
    ///
    /// Its place stays in the queue until it has sent, so that nobody overtakes it.
    fn next(&mut self, capacity: usize) -> Option<Waker> {
        if self.values.len() >= capacity {
            return None;
        }
        self.waiting.first_entry()?.get_mut().take()
    }
}
