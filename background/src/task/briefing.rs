//! What a worker has to know before it is given its first call.

use crate::task::Task;
use crate::task::header::Header;

/// Briefs the workers of a pool that has one at a time, in the name of whoever gives it its calls.
///
/// Called under no lock. Runs no foreign code.
pub(crate) trait Briefing: Send + Sync {
    /// A worker is about to take its first call: what it has to run before that, each with a number.
    /// `to_come` are the addresses of the jobs that wait for it.
    fn tasks(&self, to_come: &[usize]) -> Vec<(u64, Task)>;

    /// A worker has died while it ran this job; the number is that of a task of its briefing.
    fn died_of(&self, job: &Header, number: Option<u64>);
}
