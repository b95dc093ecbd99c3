//! The sentinel of time limits.

use std::error::Error;
use std::fmt;

/// What a future with a time limit yields instead of a value once the limit has passed.
///
/// It compares with futures on either side and prints as `Timeout`. The idea and the name are
/// those of `Timeout` in David Baird's `pybackground` (2008).
///
/// ```
/// use background::{Timeout, task};
/// use std::time::Duration;
///
/// let slow = task().timeout(Duration::ZERO).spawn(|| 1);
/// assert!(slow == Timeout && Timeout == slow);
/// assert_eq!(slow.to_string(), "Timeout");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timeout;

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("Timeout")
    }
}

impl Error for Timeout {}
