//! Where a call stands among others that wait.

use std::any::Any;
use std::sync::{Arc, Weak};

use crate::sync::global::{Mutex, lock};
use crate::task::repeat::Repeat;

/// What a call says about its place in a queue. Few calls say anything, so it is boxed.
#[derive(Default)]
pub(crate) struct Rank {
    /// −20 comes soonest, 20 latest.
    pub(crate) niceness: i8,
    pub(crate) series: Option<Arc<str>>,
    pub(crate) turn: Turn,
    /// How often it may be tried again.
    pub(crate) retries: u32,
    /// The body, if it can be run more than once in this process. Not counted: the body is dropped
    /// with the job's other contents, not by whoever has the last reference to its memory.
    pub(crate) again: Option<Weak<dyn Repeat>>,
    /// The value that an attempt in this process has come to.
    product: Mutex<Option<Box<dyn Any + Send>>>,
}

/// Whether a call is weighed with the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Turn {
    /// Before all that are weighed.
    Next,
    #[default]
    Weighed,
    /// After all that are weighed.
    Last,
}

impl Rank {
    /// Leaves a value for the body that is about to be settled.
    pub(super) fn leave(&self, product: Box<dyn Any + Send>) {
        let earlier = lock(&self.product).replace(product);
        debug_assert!(earlier.is_none(), "a job is settled once");
    }

    pub(super) fn take(&self) -> Option<Box<dyn Any + Send>> {
        lock(&self.product).take()
    }
}
