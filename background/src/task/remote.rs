//! What runs a body in another process.

use crate::clock::Tick;
use crate::failure::Failure;
use crate::task::job_ref::{JobRef, Rights};

/// Has the claim of a job whose body runs, or is about to run, in another process.
///
/// It owes the job an answer: [`settle`](crate::task::job_ref::JobRef::settle), or one of the ways
/// to fail. What waits for the job sleeps in its cell as for any other.
pub(crate) trait Remote: Send + Sync {
    /// The job is to end as `failure`; the rights are to its outcome. Nobody may see the outcome
    /// before the body has ceased to run.
    fn stop(&self, job: &JobRef, rights: Rights, failure: Failure);

    /// A thread is about to wait for the job, at most until `until`. Helps the answer along, for a
    /// short while, if that is of use.
    fn attend(&self, job: &JobRef, until: Tick);

    /// Of the stream that the job makes, its consumer has had so many items and bytes by now.
    fn feed(&self, items: u64, bytes: u64) {
        let _ = (items, bytes);
    }

    /// Nobody wants more of the stream that the job makes.
    fn cut(&self) {}
}
