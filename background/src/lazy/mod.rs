//! At the first touch, on the toucher's thread.

use crate::strategy::Strategy;
use crate::task::Task;

/// Runs every task at the first touch, on the toucher's thread.
///
/// A task that nobody touches never runs. Whoever must not run it there (an `.await`, a reader
/// with a limit, a callback, [`detach`](crate::Background::detach)) starts it in the pool instead.
/// A time limit cannot interrupt the toucher; it ends the body at its next checkpoint.
///
/// ```
/// use background::{Background, strategies::Lazy, task};
///
/// let unread = task().on(Lazy).spawn(|| unreachable!());
/// # let _: &Background<()> = &unread;
/// drop(unread);
/// assert_eq!(task().on(Lazy).spawn(|| 7), 7);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lazy;

impl Strategy for Lazy {
    fn start(&self, task: Task) {
        task.park();
    }
}
