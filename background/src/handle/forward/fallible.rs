//! The sentinels that can really take the place of a value.

use crate::{Failure, Sentinel, Timeout};

/// Every sentinel but `Infallible`.
///
/// An impl for `Background<T, S>` with `S: Fallible` does not overlap with one for `Background<T>`.
pub trait Fallible: Sentinel {
    /// The value, or the sentinel in its place.
    fn result<T>(yields: &Self::Yields<T>) -> Result<&T, &Self>;
}

impl Fallible for Timeout {
    #[inline]
    fn result<T>(yields: &Result<T, Self>) -> Result<&T, &Self> {
        yields.as_ref()
    }
}

impl Fallible for Failure {
    #[inline]
    fn result<T>(yields: &Result<T, Self>) -> Result<&T, &Self> {
        yields.as_ref()
    }
}
