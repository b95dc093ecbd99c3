//! Calls that a queue may try more than once.

use std::any::Any;
use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

#[cfg(feature = "process")]
use serde::Serialize;
#[cfg(feature = "process")]
use serde::de::DeserializeOwned;

use crate::call::Builder;
use crate::failure::Failure;
use crate::handle::Background;
use crate::parcel::Reply;
use crate::queue::TaskQueue;
use crate::sentinel::Sentinel;
use crate::strategy::Strategy;
use crate::task::body::{Body, Ended};
use crate::task::header::Header;
use crate::task::repeat::Repeat;

/// A task that is being described, and that its queue may try more than once.
///
/// Made by [`Builder::retry`], which has an example.
#[must_use = "a description of a task does nothing; call `spawn`"]
pub struct Retrying<P> {
    task: Builder<Failure, P>,
}

impl<S: Sentinel, P: Strategy + Borrow<TaskQueue>> Builder<S, P> {
    /// Lets the queue try the task up to so many times again, when its worker is lost or its
    /// [`timeout`](Self::timeout) has passed; then the future yields
    /// [`Failure::GaveUp`]. A body that panics has failed, and is not tried again.
    ///
    /// A time limit counts for each try, from the moment it is handed to a worker; a
    /// [`deadline`](Self::deadline) for all of them. The last of the description: only `spawn` and
    /// `spawn_with` follow. Never blocks, never panics.
    ///
    /// ```
    /// use background::{Background, TaskQueue, checkpoint};
    /// use std::sync::atomic::{AtomicU32, Ordering};
    /// use std::time::Duration;
    ///
    /// let queue = TaskQueue::threads(2);
    /// let tries = AtomicU32::new(0);
    /// let second = queue.task().timeout(Duration::from_millis(500)).retry(1).spawn(move || {
    ///     if tries.fetch_add(1, Ordering::Relaxed) == 0 {
    ///         loop {
    ///             checkpoint(); // the first try hangs
    ///         }
    ///     }
    ///     7
    /// });
    /// assert_eq!(Background::join(second), Ok(7));
    /// ```
    pub fn retry(self, times: u32) -> Retrying<P> {
        Retrying { task: self.catch().ranked(|rank| rank.retries = times) }
    }
}

impl<P: Strategy> Retrying<P> {
    /// Starts the task. As [`Builder::spawn`], with a body that can be called again, also while an
    /// earlier try that was told to stop has not come to a checkpoint yet.
    #[track_caller]
    pub fn spawn<T, F>(self, body: F) -> Background<T, Failure>
    where
        F: Fn() -> T + Send + Sync + 'static,
        T: Send + 'static,
    {
        let Self { mut task } = self;
        let again = Arc::new(Again { body, _value: PhantomData::<fn() -> T> });
        let weak = Arc::downgrade(&again);
        task.rank.get_or_insert_default().again = Some(weak);
        task.spawn_body(Repeating(again), None)
    }

    /// Starts a function that can travel. As [`Builder::spawn_with`].
    ///
    /// ```
    /// use background::{Background, TaskQueue};
    ///
    /// let queue = TaskQueue::processes(1);
    /// let pid = queue.task().retry(2).spawn_with(|()| std::process::id(), ());
    /// assert_ne!(Background::join(pid), Ok(std::process::id()));
    /// ```
    #[cfg(feature = "process")]
    #[track_caller]
    pub fn spawn_with<A, T, F>(self, function: F, arguments: A) -> Background<T, Failure>
    where
        A: Serialize + DeserializeOwned + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(A) -> T + Copy + Send + Sync + 'static,
    {
        self.task.send_again(function, arguments)
    }
}

impl<P> fmt::Debug for Retrying<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retrying").field("task", &self.task).finish()
    }
}

struct Again<F, T> {
    body: F,
    _value: PhantomData<fn() -> T>,
}

impl<T: Send + 'static, F: Fn() -> T + Send + Sync> Repeat for Again<F, T> {
    fn run(&self, _: &Header) -> Result<Box<dyn Any + Send>, Box<Ended>> {
        Ok(Box::new((self.body)()))
    }
}

/// A closure that can be called again.
struct Repeating<F, T>(Arc<Again<F, T>>);

impl<T: 'static, F: Fn() -> T> Body<T> for Repeating<F, T> {
    const TRAVELS: bool = true;

    fn run(self, _: &Header) -> Result<T, Box<Ended>> {
        Ok((self.0.body)())
    }

    fn settle(self, _: Reply, job: &Header) -> Result<T, Box<Ended>> {
        match job.take_product().and_then(|product| product.downcast().ok()) {
            Some(value) => Ok(*value),
            None => Err(Box::new(Ended { failure: Failure::Lost, payload: None })),
        }
    }
}
