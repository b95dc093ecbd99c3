//! Giving up control for a turn.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Gives up control: all others that are ready have their turn first.
///
/// Works in any executor. Never panics.
///
/// ```
/// use background::cooperative::{wrap, yield_now};
///
/// wrap(async {
///     for _ in 0..3 {
///         yield_now().await;
///     }
/// });
/// ```
pub fn yield_now() -> YieldNow {
    YieldNow { yielded: false }
}

/// The future of [`yield_now`].
///
/// ```
/// let once: background::cooperative::YieldNow = background::cooperative::yield_now();
/// background::cooperative::wrap(once);
/// ```
#[derive(Debug)]
#[must_use = "gives up control only when it is awaited"]
pub struct YieldNow {
    yielded: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            return Poll::Ready(());
        }
        self.yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
