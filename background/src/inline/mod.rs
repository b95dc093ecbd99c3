//! At the call, on the caller's thread.

use crate::strategy::Strategy;
use crate::task::Task;

/// Runs every task at the call, on the caller's thread.
///
/// For debugging: everything happens in the order in which it is written. A time limit cannot
/// interrupt the caller; it ends the body at its next checkpoint.
///
/// ```
/// use background::{strategies::Inline, task};
///
/// let here = std::thread::current().id();
/// assert_eq!(task().on(Inline).spawn(move || std::thread::current().id()), here);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Inline;

impl Strategy for Inline {
    fn start(&self, task: Task) {
        task.run();
    }
}
