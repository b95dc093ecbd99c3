//! The body that fills a channel.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::cell::waiters::Waiter;
use crate::parcel::Reply;
use crate::stream::channel::Channel;
use crate::sync::global::{Mutex, lock, thread_local};
use crate::task::block_on::block_on;
use crate::task::body::{Body, Ended};
use crate::task::current;
use crate::task::header::Header;
use crate::task::job_ref::JobRef;
use crate::task::panics;

/// What a producer and its consumer share.
pub(crate) struct Shared<T> {
    pub(crate) channel: Channel<T>,
    /// The rest of a body that began on the consumer's own thread, which goes on with it when there
    /// is room.
    rest: Mutex<Option<Rest>>,
}

/// A body that is gone on with by its consumer.
pub(crate) type Rest = Pin<Box<dyn Future<Output = ()> + Send>>;

impl<T> Shared<T> {
    pub(crate) fn new(look_ahead: usize) -> Arc<Self> {
        Arc::new(Self { channel: Channel::new(look_ahead), rest: Mutex::new(None) })
    }

    pub(crate) fn take_rest(&self) -> Option<Rest> {
        lock(&self.rest).take()
    }

    pub(crate) fn has_rest(&self) -> bool {
        lock(&self.rest).is_some()
    }

    fn leave(&self, rest: Rest) {
        *lock(&self.rest) = Some(rest);
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

thread_local! {
    /// The stream for which this thread makes a call right now, by the address of what is shared.
    static CALLING: Cell<usize> = const { Cell::new(0) };
}

/// Says, until dropped, that this thread makes the call that starts the producer: if the body runs now,
/// it runs on the consumer's thread.
pub(crate) struct Calling(usize);

impl Calling {
    pub(crate) fn new<T>(shared: &Shared<T>) -> Self {
        Self(CALLING.replace(shared.address()))
    }
}

impl Drop for Calling {
    fn drop(&mut self) {
        CALLING.set(self.0);
    }
}

/// Fills the channel with what `items` yields, for as long as somebody wants it.
///
/// `steps`: others are to have the thread between two items.
async fn produce<T>(items: impl Iterator<Item = T>, shared: Arc<Shared<T>>, steps: bool) {
    let mut room = 0;
    // Before the item: at most so many are made ahead, not one more that waits here.
    let mut items = items;
    loop {
        if room == 0 {
            room = poll_fn(|context| shared.channel.poll_room(context)).await;
            if room == 0 {
                return;
            }
        }
        current::checkpoint();
        let Some(item) = items.next() else { return };
        let (waiting, left) = shared.channel.push(item);
        wake(waiting);
        room = left;
        if steps {
            give_way().await;
        }
    }
}

/// Wakes who waits for an item.
pub(crate) fn wake(consumer: Option<Waiter>) {
    match consumer {
        Some(Waiter::Thread(parker)) => parker.unpark(),
        Some(Waiter::Waker(waker)) => panics::guarded("a waker", || waker.wake()),
        _ => {}
    }
}

/// Lets others have the thread once.
async fn give_way() {
    let mut is_back = false;
    poll_fn(|context| {
        if std::mem::replace(&mut is_back, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Runs a producer on this thread, which sleeps while there is no room. On the consumer's own thread,
/// what is left when there is none is left to the consumer.
pub(crate) fn run<T, I>(items: I, shared: Arc<Shared<T>>)
where
    T: Send + 'static,
    I: Iterator<Item = T> + Send + 'static,
{
    if CALLING.get() != shared.address() {
        return block_on(produce(items, shared, false));
    }
    let mut rest: Rest = Box::pin(produce(items, Arc::clone(&shared), false));
    let mut context = Context::from_waker(Waker::noop());
    if rest.as_mut().poll(&mut context).is_pending() {
        shared.leave(rest);
    }
}

/// A producer as a body.
pub(crate) struct Producing<F, T> {
    pub(crate) function: F,
    pub(crate) shared: Arc<Shared<T>>,
}

impl<F, I> Body<()> for Producing<F, I::Item>
where
    F: FnOnce() -> I,
    I: Iterator<Item: Send + 'static> + Send + 'static,
{
    const TRAVELS: bool = false;
    const STEPS: bool = true;

    fn run(self, _: &Header) -> Result<(), Box<Ended>> {
        run((self.function)(), self.shared);
        Ok(())
    }

    async fn steps(self, _: JobRef) -> Result<(), Box<Ended>> {
        produce((self.function)(), self.shared, true).await;
        Ok(())
    }

    fn settle(self, _: Reply, _: &Header) -> Result<(), Box<Ended>> {
        unreachable!("nobody else can answer for a closure of this process")
    }
}

#[cfg(feature = "process")]
pub(crate) async fn produce_in_steps<T>(items: impl Iterator<Item = T>, shared: Arc<Shared<T>>) {
    produce(items, shared, true).await;
}
