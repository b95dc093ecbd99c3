//! Doing something again and again.

use std::convert::Infallible;
use std::time::Duration;

use crate::cooperative::sleep::sleep;

/// Calls `act` at once, then sleeps for `pause`, and so on for ever: until its routine is cancelled or
/// its worker dropped.
///
/// To be awaited in a routine, or assigned as one. Panics if `act` does, and then is over.
///
/// ```
/// use background::cooperative::{Worker, repeat, sleep};
/// use background::{Background, VirtualClock};
/// use std::cell::Cell;
/// use std::rc::Rc;
/// use std::time::Duration;
///
/// let worker = Worker::with_clock(&VirtualClock::new());
/// let count = Rc::new(Cell::new(0));
/// let own = Rc::clone(&count);
/// let count_on = repeat(Duration::from_secs(60), move || own.set(own.get() + 1));
/// let endless = worker.assign(count_on);
/// let _ = worker.assign(async move {
///     sleep(Duration::from_secs(3600 - 1)).await;
///     Background::cancel(&endless);
/// });
/// worker.work();
/// assert_eq!(count.get(), 60);
/// ```
pub async fn repeat(pause: Duration, mut act: impl FnMut()) -> Infallible {
    loop {
        act();
        sleep(pause).await;
    }
}
