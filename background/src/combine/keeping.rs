//! What the graph of waits is told of a promise.

use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::sync::global::OnceLock;
use crate::task::job_ref::JobRef;
use crate::task::wait::Release;
use crate::task::wait_graph::{self, Keepers};

/// Who is to fulfil a promise: told once, and forgotten when this is dropped.
#[derive(Default)]
pub(crate) struct Keeping(OnceLock<Promise>);

struct Promise(JobRef);

impl Keeping {
    pub(crate) fn tell(&self, promise: &JobRef, keepers: Keepers) {
        self.0.get_or_init(|| {
            wait_graph::keep(promise, keepers);
            Promise(promise.clone())
        });
    }

    /// The promise of a combined future hangs on its parts. Very many are not told.
    pub(crate) fn tell_parts<T, S: Sentinel>(
        &self,
        whole: &Background<T, S>,
        parts: &[JobRef],
        keepers: fn(Vec<JobRef>) -> Keepers,
    ) {
        if parts.len() <= Release::MANY {
            self.tell(&whole.job(), keepers(parts.to_vec()));
        }
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        wait_graph::forget(&self.0);
    }
}
