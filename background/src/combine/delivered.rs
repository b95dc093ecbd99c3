//! What has become of a delivery.

use std::fmt;

use crate::failure::Failure;

/// What has become of a [`Delivery`](crate::Delivery): how many items the consumer was given, and why
/// there were no more.
///
/// ```
/// use background::{DeliveryEnd, deliver};
///
/// let delivered = deliver(1..=3, |n| if n < 3 { Ok(()) } else { Err("three is too many") }).wait();
/// assert_eq!(delivered.items(), 3);
/// assert_eq!(delivered.end(), &DeliveryEnd::ConsumerFailed("three is too many".into()));
/// assert_eq!(delivered.to_string(), "cut after 3 items: the consumer failed: three is too many");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Delivered {
    items: u64,
    end: DeliveryEnd,
}

/// Why a delivery has ended.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DeliveryEnd {
    /// All items were delivered.
    Complete,
    /// The consumer wanted no more.
    Enough,
    /// It was stopped from outside.
    Stopped,
    /// The consumer has panicked, or answered with an error; says with what.
    ConsumerFailed(String),
    /// There are no more items because what makes them has failed.
    ProducerFailed(Failure),
    /// The task that delivers was ended, as any other: the deadline has passed under which it was begun.
    Ended(Failure),
}

impl Delivered {
    pub(super) fn new(items: u64, end: DeliveryEnd) -> Self {
        Self { items, end }
    }

    /// The same when the last item was one that says that it is the last.
    pub(super) fn without_last(mut self) -> Self {
        if self.end == DeliveryEnd::Complete {
            self.items -= 1;
        }
        self
    }

    /// So many items were given to the consumer, the one included that it failed on.
    pub fn items(&self) -> u64 {
        self.items
    }

    /// Why it has ended.
    pub fn end(&self) -> &DeliveryEnd {
        &self.end
    }

    /// All items were delivered. Otherwise it was cut.
    pub fn is_complete(&self) -> bool {
        self.end == DeliveryEnd::Complete
    }
}

impl fmt::Display for Delivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items = if self.items == 1 { "item" } else { "items" };
        let count = self.items;
        match &self.end {
            DeliveryEnd::Complete => write!(f, "complete after {count} {items}"),
            DeliveryEnd::Enough => {
                write!(f, "cut after {count} {items}: the consumer wanted no more")
            }
            DeliveryEnd::Stopped => write!(f, "cut after {count} {items}: it was stopped"),
            DeliveryEnd::ConsumerFailed(what) => {
                write!(f, "cut after {count} {items}: the consumer failed: {what}")
            }
            DeliveryEnd::Ended(failure) => {
                write!(f, "cut after {count} {items}: the delivery {}", failure.predicate())
            }
            DeliveryEnd::ProducerFailed(failure) => {
                write!(f, "cut after {count} {items}: the producer {}", failure.predicate())
            }
        }
    }
}
