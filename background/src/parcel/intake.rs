//! Where the items of a stream arrive from another process.

use crate::cell::waiters::Waiter;

/// Takes items, in their order. They are decoded by whoever wants them.
pub(crate) trait Intake: Send + Sync {
    /// How many items may be ahead of the consumer.
    fn look_ahead(&self) -> u64;

    /// Takes items, or drops them when nobody wants them any more.
    ///
    /// # Errors
    ///
    /// That these are more than were asked for.
    fn take(&self, items: Vec<Vec<u8>>) -> Result<Taken, Overrun>;
}

/// What has become of items that have come.
pub(crate) enum Taken {
    /// They are where their consumer finds them, who may be waiting and is to be woken.
    Wanted(Option<Waiter>),
    /// The consumer is gone.
    Unwanted,
}

/// The other process has sent more than was asked for.
#[derive(Debug)]
pub(crate) struct Overrun;
