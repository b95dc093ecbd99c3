//! A stream that is fed by hand.

use std::fmt;
use std::future::poll_fn;
use std::io::{self, Write};
use std::sync::Arc;

use crate::call::Builder;
use crate::combine::promise::Promise;
use crate::handle::continuation;
use crate::site::Site;
use crate::stream::LOOK_AHEAD;
use crate::stream::background_iter::BackgroundIter;
use crate::stream::inbox::Local;
use crate::stream::producer::{Shared, wake};
use crate::task::block_on::block_on;

static SITE: Site = Site::new("feeder", "", "", 0);

/// Makes a stream and the feeder of its items: turns anything that pushes into an iterator.
///
/// At most 64 items wait to be taken; [`feeder_with`] takes another number. Returns at once. What
/// [`promise`](crate::promise()) is for one value, this is for many.
///
/// ```
/// use background::feeder;
///
/// let (feeder, numbers) = feeder::<u32>();
/// let pushing = background::spawn(move || (0..100).try_for_each(|n| feeder.push(n)));
/// assert!(numbers.eq(0..100));
/// assert_eq!(*pushing, Ok(()));
/// ```
#[track_caller]
pub fn feeder<T: Send + 'static>() -> (Feeder<T>, BackgroundIter<T>) {
    feeder_with(LOOK_AHEAD)
}

/// [`feeder`] with room for so many items; 0 means 1.
///
/// ```
/// let (feeder, mut items) = background::feeder_with::<u32>(1);
/// assert_eq!((feeder.try_push(1), feeder.try_push(2)), (Ok(()), Err(2)));
/// assert_eq!(items.next(), Some(1));
/// # drop((feeder, items));
/// ```
#[track_caller]
pub fn feeder_with<T: Send + 'static>(look_ahead: usize) -> (Feeder<T>, BackgroundIter<T>) {
    let (promise, producer) = Builder::new(&SITE).promise::<()>();
    let shared = Shared::new(look_ahead);
    let inbox = Box::new(Local::new(Arc::clone(&shared)));
    let ended = Arc::clone(&shared);
    // Who waits for room hears of it when the stream is cancelled.
    continuation::when_ended(&producer.job(), move || ended.channel.end());
    let feeder = Feeder { shared, promise: Some(promise) };
    (feeder, BackgroundIter::new(inbox, producer))
}

/// Feeds a stream by hand. Made by [`feeder`]. Several threads may push at the same time.
///
/// Dropping it ends the stream; [`fail`](Self::fail) ends it with an error for its reader. Writing to a
/// feeder of byte vectors pushes what is written, so whatever writes to a file feeds a stream.
#[must_use = "dropping a feeder ends its stream"]
pub struct Feeder<T> {
    shared: Arc<Shared<T>>,
    /// That the stream will have an end.
    promise: Option<Promise<()>>,
}

impl<T> Feeder<T> {
    /// Adds an item.
    ///
    /// Blocks until there is room for it; a [`checkpoint`](crate::checkpoint) of the current task
    /// meanwhile.
    ///
    /// # Errors
    ///
    /// The item, when nobody wants more: the iterator is gone, or was cancelled.
    pub fn push(&self, item: T) -> Result<(), T> {
        block_on(self.push_async(item))
    }

    /// Adds an item if there is room for it now. Never blocks.
    ///
    /// # Errors
    ///
    /// The item, when there is no room, or nobody wants more.
    pub fn try_push(&self, item: T) -> Result<(), T> {
        if !self.is_wanted() {
            return Err(item);
        }
        self.shared.channel.try_push(item).map(wake)
    }

    /// Adds an item as soon as there is room: the same as [`push`](Self::push) for `async` code.
    ///
    /// # Errors
    ///
    /// As for [`push`](Self::push).
    ///
    /// ```
    /// use background::{Background, feeder, task};
    ///
    /// let (feeder, items) = feeder();
    /// let pushing = task().spawn_async(async move { feeder.push_async(7).await });
    /// assert_eq!(items.collect::<Vec<u8>>(), [7]);
    /// assert_eq!(Background::join(pushing), Ok(()));
    /// ```
    pub async fn push_async(&self, item: T) -> Result<(), T> {
        let mut item = item;
        while self.is_wanted() && poll_fn(|it| self.shared.channel.poll_room(it)).await > 0 {
            match self.shared.channel.try_push(item) {
                Ok(waiting) => {
                    wake(waiting);
                    return Ok(());
                }
                // Somebody else who pushes was faster.
                Err(back) => item = back,
            }
        }
        Err(item)
    }

    /// Somebody may still take items. Never blocks.
    ///
    /// ```
    /// let (feeder, items) = background::feeder::<u8>();
    /// assert!(feeder.is_wanted());
    /// drop(items);
    /// assert!(!feeder.is_wanted());
    /// ```
    pub fn is_wanted(&self) -> bool {
        self.promise.as_ref().is_some_and(Promise::is_wanted)
    }

    /// Ends the stream with [`Failure::Rejected`](crate::Failure::Rejected), with a reason for its
    /// reader, after the items that were pushed. Never blocks.
    ///
    /// ```
    /// let (feeder, mut items) = background::feeder();
    /// feeder.push(1).unwrap();
    /// feeder.fail("the line is dead");
    /// assert_eq!(items.next(), Some(1));
    /// let next = std::panic::AssertUnwindSafe(move || items.next());
    /// assert!(std::panic::catch_unwind(next).is_err());
    /// ```
    pub fn fail(mut self, reason: impl Into<String>) {
        if let Some(promise) = self.promise.take() {
            promise.reject(reason);
        }
    }
}

impl<T> Drop for Feeder<T> {
    fn drop(&mut self) {
        if let Some(promise) = self.promise.take() {
            // That nobody wants to know is no news.
            let _ = promise.set(());
        }
    }
}

impl Write for Feeder<Vec<u8>> {
    /// Pushes the bytes as one item. Blocks until there is room.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() {
            self.push(bytes.to_vec()).map_err(|_| io::ErrorKind::BrokenPipe)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<T> fmt::Debug for Feeder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feeder").field("is_wanted", &self.is_wanted()).finish_non_exhaustive()
    }
}
