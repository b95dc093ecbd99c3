//! Where the items of a stream arrive from another process.

use crate::cell::waiters::Waiter;

/// Takes items, in their order. They are decoded by whoever wants them.
pub(crate) trait Intake: Send + Sync {
    /// How many items may be ahead of the consumer.
    fn look_ahead(&self) -> u64;

    /// Takes an item. Returns who waits for it, to be woken.
    ///
    /// # Errors
    ///
    /// That it has more than it has asked for.
    fn take(&self, item: Vec<u8>) -> Result<Option<Waiter>, Overrun>;
}

/// The other process has sent more than was asked for.
#[derive(Debug)]
pub(crate) struct Overrun;
