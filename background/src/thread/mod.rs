//! A pool of reused threads that grows while its threads wait.

mod load;
mod pool;

use crate::strategy::Strategy;
use crate::task::Task;
use pool::Pool;

/// The program's elastic pool of threads: the default.
///
/// As many threads as there are cores run at once; while some of them wait (in a sleep, a system
/// call, a lock, a touch) and tasks are queued, others are started in their place. So sleeping
/// tasks never keep others waiting, and computing tasks do not crowd the cores. A queued task that
/// is touched runs on the thread that touches it. Idle threads leave after some seconds.
///
/// ```
/// use background::{strategies::Thread, task};
///
/// assert_eq!(task().on(Thread).spawn(|| 6 * 7), 42);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Thread;

impl Strategy for Thread {
    fn start(&self, task: Task) {
        Pool::of_the_program().start(task);
    }

    fn claim_on_touch(&self) -> bool {
        true
    }
}
