//! Why a task has no value.

mod call;
mod chain;
mod deadlock_member;
mod signal;
mod tries;
mod worker_process;

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use call::Call;
pub use chain::Chain;
pub use deadlock_member::DeadlockMember;
pub use worker_process::WorkerProcess;

use crate::timeout::Timeout;

/// Why a task ended without a value.
///
/// A failure becomes a value where the caller asked for that: `#[background(catch)]`,
/// [`Builder::catch`](crate::Builder::catch) and [`Background::outcome`](crate::Background::outcome).
/// Elsewhere the touch that needs the value panics.
///
/// A `Failure` is never a time-out in disguise and a time-out never a failure in disguise: a body
/// that panics after its limit has passed, but before anybody was told of the limit, has panicked.
///
/// ```
/// use background::{Background, Failure, task};
///
/// let parsed = task().catch().spawn(|| "x".parse::<u8>().expect("a number"));
/// let failure = Background::join(parsed).unwrap_err();
/// assert!(failure.is_panic());
/// assert!(matches!(failure, Failure::Panicked { ref message, .. } if message.starts_with("a number")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The time limit passed first.
    Timeout,
    /// The body panicked.
    #[non_exhaustive]
    Panicked {
        /// What the panic said; a fixed text when the payload is neither `&str` nor `String`.
        message: String,
        /// `file:line:column` of the panic; `None` when another panic hook has replaced ours.
        location: Option<String>,
        /// The calls that the panic came through; empty when the task's own body panicked.
        chain: Chain,
        /// The calls on the stack, if it was a worker process that panicked and `RUST_BACKTRACE` asks
        /// for them.
        backtrace: Option<Arc<str>>,
    },
    /// The worker process died while it ran the task: of a signal, or by ending itself.
    #[non_exhaustive]
    Crashed {
        /// Which call, and in which process.
        worker: WorkerProcess,
        /// The number of the signal that ended it.
        signal: Option<i32>,
        /// The code that it ended itself with. Neither is known when the program has its children's
        /// ends ignored (`SIGCHLD`).
        code: Option<i32>,
        /// What the worker could leave behind: "stack overflow", for one.
        note: Option<String>,
    },
    /// The worker process died of the task's limit of memory.
    #[non_exhaustive]
    OutOfMemory {
        /// Which call, and in which process.
        worker: WorkerProcess,
        /// How many bytes the call might have added to what the worker held.
        limit: u64,
    },
    /// The task used more processor time than it might, and its worker process was killed.
    #[non_exhaustive]
    CpuExceeded {
        /// Which call, and in which process.
        worker: WorkerProcess,
        /// How much it might have used.
        limit: Duration,
    },
    /// The arguments or the value could not travel between processes.
    #[non_exhaustive]
    Encoding {
        /// Which call.
        call: Call,
        /// Which type, and why.
        what: String,
    },
    /// What was asked for cannot be had on this system, or not in this way.
    #[non_exhaustive]
    Unsupported {
        /// Which call.
        call: Call,
        /// What cannot be had, and what to do instead.
        what: String,
    },
    /// The task waited for itself: directly, or through others that wait for each other.
    ///
    /// Found out when the touch that closes the circle is about to sleep. That touch fails, and with
    /// it, one after the other, all members that need each other's values; a member that reads the
    /// failure with [`outcome`](crate::Background::outcome) may still succeed. Tasks outside of the
    /// circle go on. There is no deadlock where a time limit ends the wait, and none is seen where a
    /// member waits for something else than a task, such as a channel or a lock.
    #[non_exhaustive]
    Deadlock {
        /// The tasks of the circle: each waits for the next, and the last for the first.
        cycle: Arc<[DeadlockMember]>,
    },
    /// Somebody cancelled the task.
    Cancelled,
    /// Whoever was to run the task dropped it.
    Lost,
    /// The task was not accepted.
    #[non_exhaustive]
    Rejected {
        /// Who refused and why.
        reason: String,
    },
    /// The task was tried as often as it might be: each time its worker was lost, or the time-out
    /// passed.
    ///
    /// ```
    /// use background::{Background, Failure, TaskQueue};
    /// use std::time::Duration;
    ///
    /// let queue = TaskQueue::threads(1);
    /// let never = queue.task().name("chore").timeout(Duration::ZERO).retry(1).spawn(|| 7);
    /// let failure = Background::join(never).unwrap_err();
    /// let Failure::GaveUp { tries, .. } = &failure else { panic!("{failure}") };
    /// assert_eq!(*tries, 2);
    /// assert!(failure.to_string().ends_with("timed out, gave up after two tries"));
    /// ```
    #[non_exhaustive]
    GaveUp {
        /// Which call.
        call: Call,
        /// How often it was tried.
        tries: u32,
        /// How the last try has ended.
        last: Arc<Failure>,
    },
    /// Of the futures given to [`first`](crate::first), none had a value.
    #[non_exhaustive]
    AllFailed {
        /// Each with its function and call site, in the order in which they were given.
        failures: Vec<(String, Failure)>,
    },
}

impl Failure {
    /// The time limit passed first.
    ///
    /// ```
    /// assert!(background::Failure::Timeout.is_timeout());
    /// ```
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout)
    }

    /// The body panicked.
    ///
    /// ```
    /// assert!(!background::Failure::Lost.is_panic());
    /// ```
    #[must_use]
    pub fn is_panic(&self) -> bool {
        matches!(self, Self::Panicked { .. })
    }

    /// The task waited for itself, directly or through others.
    ///
    /// ```
    /// assert!(!background::Failure::Lost.is_deadlock());
    /// ```
    #[must_use]
    pub fn is_deadlock(&self) -> bool {
        matches!(self, Self::Deadlock { .. })
    }

    /// The task was cancelled.
    ///
    /// ```
    /// assert!(background::Failure::Cancelled.is_cancelled());
    /// ```
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled)
    }

    /// Whoever was to run the task dropped it.
    ///
    /// ```
    /// assert!(background::Failure::Lost.is_lost());
    /// ```
    #[must_use]
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Lost)
    }

    /// The task was not accepted.
    ///
    /// ```
    /// assert!(!background::Failure::Timeout.is_rejected());
    /// ```
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        matches!(self, Self::Rejected { .. })
    }

    /// The worker process died while it ran the task.
    ///
    /// ```
    /// assert!(!background::Failure::Lost.is_crash());
    /// ```
    #[must_use]
    pub fn is_crash(&self) -> bool {
        matches!(self, Self::Crashed { .. })
    }

    /// The worker process died of the task's limit of memory.
    ///
    /// ```
    /// assert!(!background::Failure::Lost.is_out_of_memory());
    /// ```
    #[must_use]
    pub fn is_out_of_memory(&self) -> bool {
        matches!(self, Self::OutOfMemory { .. })
    }

    /// The task used more processor time than it might.
    ///
    /// ```
    /// assert!(!background::Failure::Lost.is_cpu_exceeded());
    /// ```
    #[must_use]
    pub fn is_cpu_exceeded(&self) -> bool {
        matches!(self, Self::CpuExceeded { .. })
    }

    /// The arguments or the value could not travel between processes.
    ///
    /// ```
    /// assert!(!background::Failure::Lost.is_encoding());
    /// ```
    #[must_use]
    pub fn is_encoding(&self) -> bool {
        matches!(self, Self::Encoding { .. })
    }

    /// What was asked for cannot be had on this system.
    ///
    /// ```
    /// assert!(!background::Failure::Lost.is_unsupported());
    /// ```
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        matches!(self, Self::Unsupported { .. })
    }

    /// The task was tried as often as it might be.
    ///
    /// ```
    /// assert!(!background::Failure::Lost.is_given_up());
    /// ```
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        matches!(self, Self::GaveUp { .. })
    }

    /// What happened, as the rest of a sentence that has named the call.
    pub(crate) fn predicate(&self) -> impl fmt::Display + '_ {
        Predicate(self)
    }

    /// The call, where the failure knows it.
    fn call(&self) -> Option<&Call> {
        match self {
            Self::Crashed { worker, .. }
            | Self::OutOfMemory { worker, .. }
            | Self::CpuExceeded { worker, .. } => Some(worker.call()),
            Self::Encoding { call, .. }
            | Self::Unsupported { call, .. }
            | Self::GaveUp { call, .. } => Some(call),
            _ => None,
        }
    }

    /// Of several futures, none had a value.
    ///
    /// ```
    /// assert!(!background::Failure::Lost.is_all_failed());
    /// ```
    #[must_use]
    pub fn is_all_failed(&self) -> bool {
        matches!(self, Self::AllFailed { .. })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.call() {
            Some(call) => write!(f, "{call} {}", self.predicate()),
            None => self.predicate().fmt(f),
        }
    }
}

/// Prints a failure without the call.
struct Predicate<'a>(&'a Failure);

impl fmt::Display for Predicate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Failure::Timeout => Timeout.fmt(f),
            Failure::Panicked { message, location, chain, .. } => {
                match location {
                    Some(location) => write!(f, "panicked at {location}: {message}")?,
                    None => write!(f, "panicked: {message}")?,
                }
                if chain.is_empty() { Ok(()) } else { write!(f, ", {chain}") }
            }
            Failure::Crashed { worker, signal, code, note } => {
                write!(f, "crashed: {} ", worker.process())?;
                match (signal, code) {
                    (Some(signal), _) => write!(f, "was ended by {}", signal::Name(*signal))?,
                    (None, Some(code)) => write!(f, "ended itself with code {code}")?,
                    (None, None) => f.write_str("ended, and its status is unknown")?,
                }
                note.as_ref().map_or(Ok(()), |note| write!(f, ": {note}"))
            }
            Failure::OutOfMemory { worker, limit } => {
                write!(f, "ran out of memory: {} might add {limit} bytes", worker.process())
            }
            Failure::CpuExceeded { worker, limit } => {
                write!(f, "used too much processor time: {} ", worker.process())?;
                write!(f, "might use {limit:?} and was killed")
            }
            Failure::Encoding { what, .. } => write!(f, "cannot travel: {what}"),
            Failure::Unsupported { what, .. } => write!(f, "is not supported: {what}"),
            Failure::Deadlock { cycle } => deadlock_member::fmt_cycle(cycle, f),
            Failure::Cancelled => f.write_str("was cancelled"),
            Failure::Lost => f.write_str("was lost: whoever was to run it dropped it"),
            Failure::Rejected { reason } => write!(f, "was rejected: {reason}"),
            Failure::GaveUp { tries, last, .. } => {
                match &**last {
                    Failure::Timeout => f.write_str("timed out")?,
                    last => write!(f, "{}", last.predicate())?,
                }
                write!(f, ", gave up after {}", tries::Tries(*tries))
            }
            Failure::AllFailed { failures } => {
                write!(f, "all {} failed", failures.len())?;
                for (index, (who, failure)) in failures.iter().enumerate() {
                    write!(f, "{} {who} ", if index == 0 { ":" } else { ";" })?;
                    match failure {
                        // The sentinel's word wants a verb in a sentence.
                        Failure::Timeout => f.write_str("has timed out")?,
                        failure => write!(f, "{}", failure.predicate())?,
                    }
                }
                Ok(())
            }
        }
    }
}

impl Error for Failure {}

impl From<Timeout> for Failure {
    fn from(_: Timeout) -> Self {
        Self::Timeout
    }
}
