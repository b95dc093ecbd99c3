//! The strategy's view of a job.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use crate::cell::state::{CLAIMED, FRESH, LIMITED, ORPHAN, SCOPED, WAITING};
use crate::failure::Failure;
use crate::site::Site;
use crate::task::header::Header;
use crate::task::job_ref::JobRef;
use crate::task::task_id::TaskId;
use crate::task::{ledger, wait};

/// A job as a strategy sees it: erased, to be run once, anywhere.
///
/// Given to [`Strategy::start`](crate::Strategy::start). Whoever holds it decides where and when
/// [`Task::run`] is called. A task that is dropped without having been run ends as
/// [`Failure::Lost`](crate::Failure::Lost), so nobody waits for it for ever.
///
/// ```
/// use background::{Background, Failure, Strategy, Task, task};
///
/// /// Forgets everything it is given.
/// struct Careless;
///
/// impl Strategy for Careless {
///     fn start(&self, task: Task) {
///         assert_eq!(task.name(), "chore");
///         drop(task);
///     }
/// }
///
/// let lost = task().name("chore").on(Careless).spawn(|| 1);
/// assert_eq!(Background::outcome(&lost), Err(&Failure::Lost));
/// ```
#[must_use = "a task that is dropped without being run is lost, and so is its caller's value"]
pub struct Task {
    /// Dropping the task ends the job. `None` only on the way out of a method that takes `self`:
    /// one word, so that queues are small.
    job: Option<JobRef>,
}

impl Task {
    #[inline]
    pub(crate) fn new(job: JobRef) -> Self {
        ledger::submitted();
        Self { job: Some(job) }
    }

    pub(crate) fn job(&self) -> &JobRef {
        match &self.job {
            Some(job) => job,
            None => unreachable!("a task has a job until it is consumed"),
        }
    }

    /// The task of this job.
    pub(crate) fn is_of(&self, job: &Header) -> bool {
        std::ptr::eq(&raw const **self.job(), job)
    }

    /// The task's reference to its job. Whoever takes it owes the job a run.
    #[inline]
    pub(crate) fn into_job(mut self) -> JobRef {
        match self.job.take() {
            Some(job) => job,
            None => unreachable!("a task has a job until it is consumed"),
        }
    }

    /// Runs the body on this thread and hands its value, or its panic, to whoever asked for it.
    ///
    /// Blocks for as long as the body does. Never panics because of the body. Does nothing when
    /// the task was cancelled, has timed out, or was run by whoever touched its future first.
    pub fn run(mut self) {
        if let Some(job) = self.job.take() {
            job.claim_and_run();
        }
    }

    /// Ends the task as [`Failure::Rejected`](crate::Failure::Rejected) without running it.
    ///
    /// Does nothing when the task was cancelled, has timed out, or was run by whoever touched its
    /// future first.
    ///
    /// ```
    /// use background::{Background, Strategy, Task, task};
    ///
    /// struct Closed;
    ///
    /// impl Strategy for Closed {
    ///     fn start(&self, task: Task) {
    ///         task.reject("closed on Sundays");
    ///     }
    /// }
    ///
    /// let refused = task().on(Closed).spawn(|| 1);
    /// let failure = Background::outcome(&refused).unwrap_err();
    /// assert_eq!(failure.to_string(), "was rejected: closed on Sundays");
    /// ```
    pub fn reject(self, reason: impl Into<String>) {
        self.job().resolve_unstarted(Failure::Rejected { reason: reason.into() });
    }

    /// Somebody may still want this task to run: it was neither cancelled nor claimed.
    ///
    /// The answer may be outdated by the time it is given; [`Task::run`] decides for good.
    pub fn is_wanted(&self) -> bool {
        self.job().core.state.glance() & CLAIMED == 0
    }

    /// Tells this job from every other one that is alive.
    pub(crate) fn address(&self) -> usize {
        self.job().address().addr().get()
    }

    /// The task's number.
    pub fn id(&self) -> TaskId {
        self.job().id()
    }

    /// The name that was asked for, else the function's.
    pub fn name(&self) -> &str {
        self.job().name()
    }

    /// Where the function stands.
    pub fn site(&self) -> Site {
        self.job().site()
    }

    /// Where it was called.
    pub fn call_site(&self) -> &'static Location<'static> {
        self.job().settings.caller
    }

    /// The niceness that was asked for with [`Builder::priority`](crate::Builder::priority): −20 is
    /// served soonest, 20 latest. 0 unless said.
    pub fn priority(&self) -> i8 {
        self.job().rank().map_or(0, |rank| rank.niceness)
    }

    /// The series that was asked for with [`Builder::series`](crate::Builder::series).
    ///
    /// ```
    /// use background::{Strategy, Task, task};
    ///
    /// struct Strict;
    ///
    /// impl Strategy for Strict {
    ///     fn start(&self, task: Task) {
    ///         assert_eq!((task.series(), task.priority()), (Some("reports"), -5));
    ///         task.run();
    ///     }
    /// }
    ///
    /// assert_eq!(task().series("reports").priority(-5).on(Strict).spawn(|| 7), 7);
    /// ```
    pub fn series(&self) -> Option<&str> {
        self.job().rank().and_then(|rank| rank.series.as_deref())
    }

    /// What is left until the task's deadline; `None` when it has none.
    pub fn remaining(&self) -> Option<Duration> {
        self.job().clocks().deadline.left(self.job().now())
    }

    /// Leaves the body in its cell until the first touch runs it there.
    ///
    /// When somebody waits already, or nobody is left who could touch it, it starts elsewhere; and
    /// so it does when it holds a permit that others may wait for.
    pub(crate) fn park(mut self) {
        if self.job().is(LIMITED) {
            self.offload();
            return;
        }
        let before = self.job().core.state.park();
        if before & CLAIMED != 0 {
            return;
        }
        ledger::finished();
        let Some(job) = self.job.take() else { return };
        let unseen = before & (SCOPED | FRESH) == SCOPED;
        if before & (WAITING | ORPHAN) != 0 || unseen {
            wait::start_elsewhere(&job);
        }
    }

    /// The task of a parked job, once more. The caller has won [`State::unpark`].
    ///
    /// [`State::unpark`]: crate::cell::state::State::unpark
    pub(crate) fn revived(job: JobRef) -> Self {
        Self::new(job)
    }

    /// Starts the task where it does not keep the caller.
    pub(crate) fn offload(self) {
        (self.job().settings.offload)(self);
    }
}

impl Drop for Task {
    #[inline]
    fn drop(&mut self) {
        if let Some(job) = &self.job {
            job.resolve_unstarted(Failure::Lost);
        }
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("name", &self.name())
            .field("call_site", &format_args!("{}", self.call_site()))
            .field("is_wanted", &self.is_wanted())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Task;

    #[test]
    fn a_task_is_one_word() {
        assert_eq!(size_of::<Task>(), size_of::<usize>());
    }
}
