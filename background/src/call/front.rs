//! The two shortest ways to the background.

use crate::call::Builder;
use crate::handle::Background;

/// Runs a closure in the background, in the program's default strategy.
///
/// Returns at once. For everything else the attribute can say, see [`task`].
///
/// ```
/// use background::spawn;
///
/// let (x, y) = (spawn(|| 1), spawn(|| 2));
/// assert_eq!(x + y, 3);
/// ```
#[inline]
#[track_caller]
pub fn spawn<T, F>(body: F) -> Background<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    task().spawn(body)
}

/// Begins the description of a task.
///
/// ```
/// use background::{Background, Timeout, task};
/// use std::time::Duration;
///
/// let never = task().timeout(Duration::ZERO).spawn(|| unreachable!("no time to start"));
/// # let _: &Background<(), Timeout> = &never;
/// assert!(never == Timeout);
/// ```
#[inline]
pub fn task() -> Builder {
    Builder::of_closure()
}
