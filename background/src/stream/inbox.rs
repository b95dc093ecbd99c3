//! The consumer's end of a channel.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Waker};

use crate::cell::outcome::Payload;
use crate::cell::waiters::Waiter;
use crate::failure::Failure;
use crate::stream::channel::drop_items;
use crate::stream::producer::{Calling, Rest, Shared};
use crate::task::job_ref::JobRef;
use crate::task::{panics, stack};

/// Where a consumer gets its items.
pub(crate) trait Inbox<T>: Send {
    /// The next item, if one is there. Never blocks.
    fn next(&mut self, producer: &JobRef) -> Option<Result<T, Stopped>>;

    /// There is one, or it can be made here.
    fn has_more(&self) -> bool;

    /// So many are there.
    fn len(&self) -> usize;

    /// The producer goes on here, when its items are asked for.
    fn is_driven(&self) -> bool;

    /// Drops what would go on here.
    fn drop_rest(&mut self);

    /// Enters who waits for one. Hands it back when there is one.
    fn wait(&self, consumer: Waiter) -> Result<(), Waiter>;

    /// Runs a producer that nobody has started, on this thread, as far as there is room.
    fn run_here(&self, producer: &JobRef);

    /// Nobody wants any more.
    fn close(&mut self, producer: &JobRef);
}

/// Why there is no item, and will be none.
pub(crate) enum Stopped {
    /// The producer, which ran on this thread, has panicked.
    Panicked(Payload),
    /// What has come is no item.
    Failed(Failure),
}

/// Items of this process.
pub(crate) struct Local<T> {
    shared: Arc<Shared<T>>,
    own: VecDeque<T>,
    /// So many of its own have been had since the channel was told.
    had: usize,
    rest: Option<Rest>,
}

impl<T> Local<T> {
    pub(crate) fn new(shared: Arc<Shared<T>>) -> Self {
        Self { shared, own: VecDeque::new(), had: 0, rest: None }
    }

    /// The channel is told at half time: the producer goes on while the second half is had, and does
    /// not have to be woken for each item.
    fn is_half_time(&self) -> bool {
        2 * self.had >= self.shared.channel.look_ahead()
    }

    pub(crate) fn tell(&mut self) {
        self.shared.channel.free(std::mem::take(&mut self.had));
    }

    #[cfg(feature = "process")]
    pub(crate) fn look_ahead(&self) -> usize {
        self.shared.channel.look_ahead()
    }

    /// What is there, without making any.
    pub(crate) fn pop(&mut self) -> Option<T> {
        if self.own.is_empty() {
            let had = std::mem::take(&mut self.had);
            self.shared.channel.take(&mut self.own, had);
        }
        let item = self.own.pop_front()?;
        self.had += 1;
        if self.is_half_time() {
            self.tell();
        }
        Some(item)
    }

    /// Goes on with a producer that was left here.
    pub(crate) fn go_on(&mut self) -> Result<(), Payload> {
        if self.rest.is_none() {
            self.rest = self.shared.take_rest();
        }
        let Some(rest) = &mut self.rest else { return Ok(()) };
        let mut context = Context::from_waker(Waker::noop());
        let polled = catch_unwind(AssertUnwindSafe(|| rest.as_mut().poll(&mut context)));
        match polled {
            Ok(polled) if polled.is_pending() => Ok(()),
            ended => {
                let rest = self.rest.take();
                let dropped = catch_unwind(AssertUnwindSafe(|| drop(rest)));
                ended.map(drop).and(dropped)
            }
        }
    }

    pub(crate) fn has_more(&self) -> bool {
        self.len() > 0 || self.is_driven()
    }

    pub(crate) fn is_driven(&self) -> bool {
        self.rest.is_some() || self.shared.has_rest()
    }

    pub(crate) fn len(&self) -> usize {
        self.own.len() + self.shared.channel.len()
    }

    pub(crate) fn drop_rest(&mut self) {
        let rest = self.rest.take().or_else(|| self.shared.take_rest());
        panics::guarded("dropping a producer", || drop(rest));
    }

    pub(crate) fn wait(&self, consumer: Waiter) -> Result<(), Waiter> {
        self.shared.channel.wait(consumer)
    }

    pub(crate) fn run_here(&self, producer: &JobRef) {
        let _calling = Calling::new(&self.shared);
        stack::with_room(|| producer.claim_and_run());
    }

    pub(crate) fn close(&mut self) {
        self.shared.channel.close();
        drop_items(std::mem::take(&mut self.own));
        let rest = self.rest.take().or_else(|| self.shared.take_rest());
        panics::guarded("dropping a producer", || drop(rest));
    }
}

impl<T: Send> Inbox<T> for Local<T> {
    fn next(&mut self, _: &JobRef) -> Option<Result<T, Stopped>> {
        if let Some(item) = self.pop() {
            return Some(Ok(item));
        }
        if let Err(payload) = self.go_on() {
            // After the items that it has made before.
            return match self.pop() {
                Some(item) => {
                    self.rest = Some(Box::pin(async move { std::panic::resume_unwind(payload) }));
                    Some(Ok(item))
                }
                None => Some(Err(Stopped::Panicked(payload))),
            };
        }
        self.pop().map(Ok)
    }

    fn has_more(&self) -> bool {
        Self::has_more(self)
    }

    fn len(&self) -> usize {
        Self::len(self)
    }

    fn is_driven(&self) -> bool {
        Self::is_driven(self)
    }

    fn drop_rest(&mut self) {
        Self::drop_rest(self);
    }

    fn wait(&self, consumer: Waiter) -> Result<(), Waiter> {
        Self::wait(self, consumer)
    }

    fn run_here(&self, producer: &JobRef) {
        Self::run_here(self, producer);
    }

    fn close(&mut self, _: &JobRef) {
        Self::close(self);
    }
}
