//! The end of a channel that sends.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::state::{Channel, Sent};

/// The end of a [`channel`](crate::cooperative::channel) that sends. A clone sends to the same
/// receiver.
///
/// ```
/// let (sender, mut receiver) = background::cooperative::unbounded();
/// let other = sender.clone();
/// sender.try_send(1).unwrap();
/// other.try_send(2).unwrap();
/// assert_eq!((receiver.try_recv(), receiver.try_recv()), (Some(1), Some(2)));
/// ```
pub struct Sender<T>(Arc<Channel<T>>);

impl<T> Sender<T> {
    pub(super) fn of(channel: Arc<Channel<T>>) -> Self {
        Self(channel)
    }

    /// Sends a value, when it is awaited; waits while the channel is full, in the order of coming.
    ///
    /// Dropped before it is ready, it has not sent the value.
    ///
    /// # Errors
    ///
    /// The await gives the value back when the receiver is gone.
    ///
    /// ```
    /// use background::cooperative::{SendError, channel, wrap};
    ///
    /// let (sender, receiver) = channel(1);
    /// assert_eq!(wrap(sender.send("first")), Ok(()));
    /// drop(receiver);
    /// assert_eq!(wrap(sender.send("second")), Err(SendError("second")));
    /// ```
    pub fn send(&self, value: T) -> Send<'_, T> {
        Send { channel: &self.0, value: Some(value), ticket: None }
    }

    /// Sends a value if there is room, and nobody else waits for that. Never waits.
    ///
    /// # Errors
    ///
    /// The value, with the reason.
    ///
    /// ```
    /// use background::cooperative::{TrySendError, channel};
    ///
    /// let (sender, receiver) = channel(1);
    /// assert_eq!(sender.try_send(1), Ok(()));
    /// assert_eq!(sender.try_send(2), Err(TrySendError::Full(2)));
    /// drop(receiver);
    /// assert_eq!(sender.try_send(3), Err(TrySendError::Closed(3)));
    /// ```
    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        match self.0.send(value, None) {
            Sent::Done => Ok(()),
            Sent::Full(value) => Err(TrySendError::Full(value)),
            Sent::Closed(value) => Err(TrySendError::Closed(value)),
        }
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.0.more_senders();
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.fewer_senders();
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("len", &self.0.len()).finish_non_exhaustive()
    }
}

/// The future of [`Sender::send`].
///
/// ```
/// use background::cooperative::{channel, wrap};
///
/// let (sender, mut receiver) = channel(1);
/// let send: background::cooperative::Send<'_, u8> = sender.send(1);
/// wrap(send).unwrap();
/// assert_eq!(receiver.try_recv(), Some(1));
/// ```
#[must_use = "sends only when it is awaited"]
pub struct Send<'a, T> {
    channel: &'a Channel<T>,
    /// `None` once it was sent.
    value: Option<T>,
    /// The place in the queue.
    ticket: Option<u64>,
}

impl<T> Unpin for Send<'_, T> {}

impl<T> Future for Send<'_, T> {
    type Output = Result<(), SendError<T>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        loop {
            let value = this.value.take().expect("a future is not polled after it was ready");
            match this.channel.send(value, this.ticket) {
                Sent::Done => {
                    this.ticket = None;
                    return Poll::Ready(Ok(()));
                }
                Sent::Closed(value) => return Poll::Ready(Err(SendError(value))),
                Sent::Full(value) => this.value = Some(value),
            }
            if !this.channel.wait_for_room(&mut this.ticket, context.waker().clone()) {
                return Poll::Pending;
            }
        }
    }
}

impl<T> Drop for Send<'_, T> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.channel.give_up(ticket);
        }
    }
}

impl<T> fmt::Debug for Send<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Send").field("waits", &self.ticket.is_some()).finish_non_exhaustive()
    }
}

/// The error of [`Sender::send`]: the receiver is gone. It has the value.
///
/// ```
/// let error = background::cooperative::SendError(7);
/// assert_eq!(error.to_string(), "nobody receives any more");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SendError<T>(pub T);

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError").finish_non_exhaustive()
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("nobody receives any more")
    }
}

impl<T> Error for SendError<T> {}

/// The error of [`Sender::try_send`]. It has the value.
///
/// ```
/// use background::cooperative::TrySendError;
///
/// assert_eq!(TrySendError::Full(7).to_string(), "the channel is full");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrySendError<T> {
    /// There is no room, or others wait for it.
    Full(T),
    /// The receiver is gone.
    Closed(T),
}

impl<T> fmt::Debug for TrySendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Full(_) => "Full(..)",
            Self::Closed(_) => "Closed(..)",
        })
    }
}

impl<T> fmt::Display for TrySendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Full(_) => "the channel is full",
            Self::Closed(_) => "nobody receives any more",
        })
    }
}

impl<T> Error for TrySendError<T> {}
