//! Giving something only so much time.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::cooperative::sleep::sleep;
use crate::timeout::Timeout;

/// Awaits `future` for at most `patience`, counted from the first poll, by the worker's clock.
///
/// To be awaited in a routine. Panics as [`sleep`](crate::cooperative::sleep) does. A future that is
/// ready as late as the time-out is not timed out.
///
/// # Errors
///
/// [`Timeout`], when the time is over; then `future` has been dropped.
///
/// ```
/// use background::Timeout;
/// use background::cooperative::{sleep, timeout, wrap};
/// use std::time::Duration;
///
/// let (short, long) = (Duration::from_millis(1), Duration::from_secs(3600));
/// assert_eq!(wrap(timeout(long, async { 7 })), Ok(7));
/// assert_eq!(wrap(timeout(short, sleep(long))), Err(Timeout));
/// ```
pub async fn timeout<F: Future>(patience: Duration, future: F) -> Result<F::Output, Timeout> {
    let mut future = pin!(future);
    let mut end = pin!(sleep(patience));
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        end.as_mut().poll(context).map(|()| Err(Timeout))
    })
    .await
}
