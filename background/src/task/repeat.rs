//! A body that can be run more than once.

use std::any::Any;

use crate::task::body::Ended;
use crate::task::header::Header;

/// A body of this process that can be run again, also while an earlier run of it has not ended.
pub(crate) trait Repeat: Send + Sync {
    /// Runs it. Unwinds when the body does.
    fn run(&self, job: &Header) -> Result<Box<dyn Any + Send>, Box<Ended>>;
}
