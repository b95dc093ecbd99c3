//! What a job runs.

use std::future::Future;

use crate::cell::outcome::Payload;
use crate::failure::Failure;
use crate::parcel::Reply;
use crate::task::block_on::block_on;
use crate::task::header::Header;
use crate::task::job_ref::JobRef;

/// What a job runs, and what becomes of an answer from elsewhere.
pub(crate) trait Body<T> {
    /// It can be run in another process, whose answer settles the job.
    const TRAVELS: bool;

    /// It can be run in steps; what cannot is one step.
    const STEPS: bool = false;

    /// Runs the body on this thread. Unwinds when the body does.
    fn run(self, job: &Header) -> Result<T, Box<Ended>>;

    /// Runs the body in steps, on the thread that polls them.
    fn steps(self, job: JobRef) -> impl Future<Output = Result<T, Box<Ended>>>
    where
        Self: Sized,
    {
        async move { self.run(&job) }
    }

    /// Makes of the answer from elsewhere what the body would have returned.
    fn settle(self, reply: Reply, job: &Header) -> Result<T, Box<Ended>>;
}

/// Why a body has no value, if it has not panicked on this thread.
pub(crate) struct Ended {
    pub(crate) failure: Failure,
    /// What the first touch raises.
    pub(crate) payload: Option<Payload>,
}

/// A body that is a closure of this process.
pub(crate) struct Direct<F>(pub(crate) F);

impl<T, F: FnOnce() -> T> Body<T> for Direct<F> {
    const TRAVELS: bool = false;

    #[inline]
    fn run(self, _: &Header) -> Result<T, Box<Ended>> {
        Ok((self.0)())
    }

    fn settle(self, _: Reply, _: &Header) -> Result<T, Box<Ended>> {
        unreachable!("nobody else can answer for a closure of this process")
    }
}

/// A body that is an `async` closure of this process. Its future stays on the thread that runs it.
pub(crate) struct Asynchronous<F>(pub(crate) F);

impl<T, F: AsyncFnOnce() -> T> Body<T> for Asynchronous<F> {
    const TRAVELS: bool = false;
    const STEPS: bool = true;

    fn run(self, _: &Header) -> Result<T, Box<Ended>> {
        Ok(block_on((self.0)()))
    }

    async fn steps(self, _: JobRef) -> Result<T, Box<Ended>> {
        Ok((self.0)().await)
    }

    fn settle(self, _: Reply, _: &Header) -> Result<T, Box<Ended>> {
        unreachable!("nobody else can answer for a closure of this process")
    }
}
