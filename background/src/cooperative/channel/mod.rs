//! Values from routine to routine, or from thread to thread.

pub(super) mod receiver;
pub(super) mod sender;
mod state;

use std::sync::Arc;

use receiver::Receiver;
use sender::Sender;
use state::Channel;

/// Makes a channel that holds at most `capacity` values: a send to a full one waits.
///
/// Many may send, one receives; values arrive in the order in which they were sent. Both ends work in
/// any routine, thread and executor; they are `Send` exactly if `T` is.
///
/// # Panics
///
/// When `capacity` is 0: nothing could ever be sent.
///
/// ```
/// use background::cooperative::{assign, channel, wrap};
///
/// let squares = wrap(async {
///     let (sender, mut receiver) = channel(1);
///     let _ = assign(async move {
///         for x in 1..=3 {
///             sender.send(x * x).await.unwrap();
///         }
///     });
///     let mut squares = Vec::new();
///     while let Some(square) = receiver.recv().await {
///         squares.push(square);
///     }
///     squares
/// });
/// assert_eq!(squares, [1, 4, 9]);
/// ```
#[track_caller]
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    assert!(capacity > 0, "a channel needs room for a value: give it a capacity of at least 1");
    ends(capacity)
}

/// Makes a channel that holds any number of values: a send never waits.
///
/// As [`channel`], otherwise.
///
/// ```
/// let (sender, mut receiver) = background::cooperative::unbounded();
/// sender.try_send(1).unwrap();
/// drop(sender);
/// assert_eq!(background::cooperative::wrap(receiver.recv()), Some(1));
/// assert_eq!(background::cooperative::wrap(receiver.recv()), None);
/// ```
pub fn unbounded<T>() -> (Sender<T>, Receiver<T>) {
    ends(usize::MAX)
}

fn ends<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let channel = Arc::new(Channel::new(capacity));
    (Sender::of(Arc::clone(&channel)), Receiver::of(channel))
}
