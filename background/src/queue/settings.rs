//! What users say about a queue.

use crate::queue::shared::Shared;
use crate::queue::task_queue::TaskQueue;
use crate::task::limit::WhenFull;

/// What a queue does when a call in it fails: panics, crashes, is lost or given up. A call that was
/// cancelled or whose time is up is no failure in this sense.
///
/// ```
/// use background::{Background, FailurePolicy, TaskQueue};
///
/// let queue = TaskQueue::builder().on_failure(FailurePolicy::Stop).threads(1).build();
/// let failed = queue.task().catch().spawn(|| -> u32 { panic!("boom") });
/// assert!(Background::join(failed).unwrap_err().is_panic());
/// queue.wait_until_fewer(1);
/// let refused = queue.task().catch().spawn(|| 7);
/// assert!(Background::join(refused).unwrap_err().is_rejected());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailurePolicy {
    /// The call's future has the failure; nothing else happens.
    #[default]
    Return,
    /// It is told on stderr as well, at once.
    Warn,
    /// The queue takes no more calls, and rejects those that wait. What runs goes on.
    Stop,
}

/// What a queue does with a call whose worker process has died after it began.
///
/// A call that was not begun is given to another process in any case. Calls that say how often they
/// may be tried, with [`retry`](crate::Builder::retry), are not concerned.
///
/// ```
/// use background::{Background, OnCrash, TaskQueue};
///
/// let queue = TaskQueue::builder().on_crash(OnCrash::Rerun(2)).processes(1).build();
/// let poison = queue.task().catch().spawn_with(|()| std::process::abort(), ());
/// let failure = Background::<(), _>::join(poison).unwrap_err();
/// assert!(failure.to_string().ends_with("gave up after three tries"), "{failure}");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnCrash {
    /// It ends as [`Failure::Crashed`](crate::Failure::Crashed): what it did so far cannot be known.
    #[default]
    Answer,
    /// It is run again, at most so many times.
    Rerun(u32),
}

impl OnCrash {
    pub(super) fn reruns(self) -> u32 {
        match self {
            Self::Answer => 0,
            Self::Rerun(times) => times,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(super) bound: usize,
    pub(super) when_full: WhenFull,
    pub(super) on_failure: FailurePolicy,
    pub(super) on_crash: OnCrash,
}

/// A queue that is being described. Made by [`TaskQueue::builder`].
///
/// ```
/// use background::{Background, TaskQueue, WhenFull};
///
/// let queue = TaskQueue::builder().bound(1000, WhenFull::Reject).threads(2).build();
/// assert_eq!(queue.call(|| 6 * 7), 42);
/// ```
#[derive(Debug)]
#[must_use = "a description of a queue does nothing; call `build`"]
pub struct TaskQueueBuilder {
    settings: Settings,
    threads: usize,
    pub(crate) processes: usize,
}

impl TaskQueueBuilder {
    pub(super) fn new() -> Self {
        let settings = Settings {
            bound: usize::MAX,
            when_full: WhenFull::Block,
            on_failure: FailurePolicy::Return,
            on_crash: OnCrash::Answer,
        };
        Self { settings, threads: 0, processes: 0 }
    }

    /// Attaches so many threads of the queue's own. Blocks on nothing, never panics.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// Lets at most so many calls wait; no limit unless said. `when_full` says what a call does then;
    /// a call from a body that runs in this queue does not block, but runs where it is.
    ///
    /// # Panics
    ///
    /// With 0: nothing could ever be called.
    pub fn bound(mut self, calls: usize, when_full: WhenFull) -> Self {
        assert!(calls > 0, "a queue for 0 calls takes none; write 1 or more");
        (self.settings.bound, self.settings.when_full) = (calls, when_full);
        self
    }

    /// Says what happens when a call fails. Never panics.
    pub fn on_failure(mut self, policy: FailurePolicy) -> Self {
        self.settings.on_failure = policy;
        self
    }

    /// Says what becomes of a call whose worker process dies. Never panics.
    pub fn on_crash(mut self, policy: OnCrash) -> Self {
        self.settings.on_crash = policy;
        self
    }

    /// Makes the queue and attaches its threads; what else was said about workers is the front
    /// desk's.
    pub(crate) fn make(self) -> TaskQueue {
        let queue = TaskQueue::of(Shared::new(self.settings));
        queue.attach_threads(self.threads);
        queue
    }
}
