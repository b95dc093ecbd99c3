//! A worker has nothing to do.

use std::error::Error;
use std::fmt;

/// The error of [`Worker::do_next_task`](crate::cooperative::Worker::do_next_task): there is no
/// routine.
///
/// ```
/// use background::cooperative::{NothingInQueue, Worker};
///
/// let error = Worker::new().do_next_task().unwrap_err();
/// assert_eq!(error, NothingInQueue);
/// assert_eq!(error.to_string(), "nothing in queue");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NothingInQueue;

impl fmt::Display for NothingInQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("nothing in queue")
    }
}

impl Error for NothingInQueue {}
