//! The end of a channel that receives.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::state::Channel;

/// The end of a [`channel`](crate::cooperative::channel) that receives. Dropping it drops the values
/// under way, and whoever sends gets its value back.
///
/// ```
/// let (sender, mut receiver) = background::cooperative::unbounded();
/// sender.try_send(1).unwrap();
/// assert_eq!(receiver.try_recv(), Some(1));
/// ```
pub struct Receiver<T>(Arc<Channel<T>>);

impl<T> Receiver<T> {
    pub(super) fn of(channel: Arc<Channel<T>>) -> Self {
        Self(channel)
    }

    /// The next value, when it is awaited; `None` when all senders are gone and nothing is left.
    ///
    /// Dropped before it is ready, it has taken nothing.
    ///
    /// ```
    /// use background::cooperative::{unbounded, wrap};
    ///
    /// let (sender, mut receiver) = unbounded();
    /// let thread = std::thread::spawn(move || sender.try_send(1));
    /// assert_eq!(wrap(receiver.recv()), Some(1));
    /// assert_eq!(wrap(receiver.recv()), None);
    /// # thread.join().unwrap().unwrap();
    /// ```
    pub fn recv(&mut self) -> Recv<'_, T> {
        Recv(&self.0)
    }

    /// The next value, if there is one now. Never waits.
    ///
    /// ```
    /// let (_sender, mut receiver) = background::cooperative::unbounded::<u8>();
    /// assert_eq!(receiver.try_recv(), None);
    /// ```
    pub fn try_recv(&mut self) -> Option<T> {
        match self.0.receive() {
            Poll::Ready(value) => value,
            Poll::Pending => None,
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("len", &self.0.len()).finish_non_exhaustive()
    }
}

/// The future of [`Receiver::recv`].
///
/// ```
/// let (sender, mut receiver) = background::cooperative::unbounded::<u8>();
/// drop(sender);
/// let recv: background::cooperative::Recv<'_, u8> = receiver.recv();
/// assert_eq!(background::cooperative::wrap(recv), None);
/// ```
#[must_use = "receives only when it is awaited"]
pub struct Recv<'a, T>(&'a Channel<T>);

impl<T> Future for Recv<'_, T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        loop {
            if let Poll::Ready(value) = self.0.receive() {
                return Poll::Ready(value);
            }
            if !self.0.wait_for_value(context.waker().clone()) {
                return Poll::Pending;
            }
        }
    }
}

impl<T> fmt::Debug for Recv<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recv").finish_non_exhaustive()
    }
}
