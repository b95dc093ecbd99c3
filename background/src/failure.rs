//! Why a task has no value.

mod call;
mod chain;
mod deadlock_member;

use std::error::Error;
use std::fmt;
use std::sync::Arc;

pub use call::Call;
pub use chain::Chain;
pub use deadlock_member::DeadlockMember;

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
        match self {
            Self::Timeout => Timeout.fmt(f),
            Self::Panicked { message, location, chain } => {
                match location {
                    Some(location) => write!(f, "panicked at {location}: {message}")?,
                    None => write!(f, "panicked: {message}")?,
                }
                if chain.is_empty() { Ok(()) } else { write!(f, ", {chain}") }
            }
            Self::Deadlock { cycle } => deadlock_member::fmt_cycle(cycle, f),
            Self::Cancelled => f.write_str("was cancelled"),
            Self::Lost => f.write_str("was lost: whoever was to run it dropped it"),
            Self::Rejected { reason } => write!(f, "was rejected: {reason}"),
            Self::AllFailed { failures } => {
                write!(f, "all {} failed", failures.len())?;
                for (index, (who, failure)) in failures.iter().enumerate() {
                    write!(f, "{} {who} ", if index == 0 { ":" } else { ";" })?;
                    match failure {
                        // The sentinel's word wants a verb in a sentence.
                        Self::Timeout => f.write_str("has timed out")?,
                        failure => write!(f, "{failure}")?,
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
