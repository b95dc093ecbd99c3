//! Promises: jobs that no thread runs, and who is to fulfil them.
//!
//! A job without a runner ends the search for a deadlock, as anybody might run it. Of a promise more
//! may be known: that a certain task keeps it, or that it is fulfilled when other jobs are. Then the
//! search goes on there. What is known is told here, and forgotten when the promise is kept or gone.

use std::collections::BTreeMap;

use crate::task::frame::Place;
use crate::task::job_ref::JobRef;

/// Who fulfils a promise.
pub(crate) enum Keepers {
    /// This task does.
    Task(JobRef),
    /// It is a body that is tried, perhaps more than once; this job is the try that is under way.
    Attempt(JobRef),
    /// It is fulfilled when all of these jobs have ended, or when one of them has failed.
    AllOf(Vec<JobRef>),
    /// It is fulfilled when one of these jobs has ended.
    OneOf(Vec<JobRef>),
    /// It is a body between two steps, which goes on when one of these jobs has ended.
    Awaits(Vec<(JobRef, Place)>),
}

/// By the address of the promise's job, which is alive until it is forgotten here.
#[derive(Default)]
pub(super) struct Promises(BTreeMap<usize, (JobRef, Keepers)>);

impl Promises {
    pub(super) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Returns what was known before, to be dropped outside of the lock.
    pub(super) fn keep(&mut self, promise: JobRef, keepers: Keepers) -> Option<(JobRef, Keepers)> {
        self.0.insert(promise.address().addr().get(), (promise, keepers))
    }

    pub(super) fn forget(&mut self, promise: &JobRef) -> Option<(JobRef, Keepers)> {
        self.0.remove(&promise.address().addr().get())
    }

    pub(super) fn of(&self, address: usize) -> Option<&(JobRef, Keepers)> {
        self.0.get(&address)
    }
}
