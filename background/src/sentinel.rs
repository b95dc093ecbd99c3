//! What a future may yield instead of a value.

use std::convert::Infallible;

use crate::failure::Failure;
use crate::timeout::Timeout;

/// What a future may yield *instead of* a value: nothing ([`Infallible`]), [`Timeout`] or
/// [`Failure`].
///
/// The second parameter of [`Background`](crate::Background). The trait is sealed.
///
/// ```
/// use background::{Background, Sentinel, Timeout};
/// use std::convert::Infallible;
///
/// let plain: <Infallible as Sentinel>::Yields<u8> = 7;
/// let timed: <Timeout as Sentinel>::Yields<u8> = Ok(7);
/// assert_eq!(timed, Ok(plain));
/// ```
pub trait Sentinel: sealed::Sealed + Sized + Send + Sync + 'static {
    /// What the future dereferences to: `T`, or a `Result` with this sentinel as its error.
    type Yields<T>;

    /// The sentinel once a time limit is added.
    #[doc(hidden)]
    type WithTimeout: Sentinel;

    #[doc(hidden)]
    fn of_value<T>(value: T) -> Self::Yields<T>;

    /// The failure as a value, where this sentinel has one for it; else a touch panics.
    #[doc(hidden)]
    fn of_failure<T>(failure: &Failure) -> Option<Self::Yields<T>>;

    #[doc(hidden)]
    fn outcome_of<T>(yielded: &Self::Yields<T>) -> Result<&T, &Failure>;

    #[doc(hidden)]
    fn into_outcome<T>(yielded: Self::Yields<T>) -> Result<T, Failure>;
}

impl Sentinel for Infallible {
    type Yields<T> = T;
    type WithTimeout = Timeout;

    fn of_value<T>(value: T) -> T {
        value
    }

    fn of_failure<T>(_: &Failure) -> Option<T> {
        None
    }

    fn outcome_of<T>(yielded: &T) -> Result<&T, &Failure> {
        Ok(yielded)
    }

    fn into_outcome<T>(yielded: T) -> Result<T, Failure> {
        Ok(yielded)
    }
}

impl Sentinel for Timeout {
    type Yields<T> = Result<T, Timeout>;
    type WithTimeout = Timeout;

    fn of_value<T>(value: T) -> Result<T, Self> {
        Ok(value)
    }

    fn of_failure<T>(failure: &Failure) -> Option<Result<T, Self>> {
        failure.is_timeout().then_some(Err(Self))
    }

    fn outcome_of<T>(yielded: &Result<T, Self>) -> Result<&T, &Failure> {
        yielded.as_ref().map_err(|Self| &Failure::Timeout)
    }

    fn into_outcome<T>(yielded: Result<T, Self>) -> Result<T, Failure> {
        yielded.map_err(Failure::from)
    }
}

impl Sentinel for Failure {
    type Yields<T> = Result<T, Failure>;
    type WithTimeout = Failure;

    fn of_value<T>(value: T) -> Result<T, Self> {
        Ok(value)
    }

    fn of_failure<T>(failure: &Failure) -> Option<Result<T, Self>> {
        Some(Err(failure.clone()))
    }

    fn outcome_of<T>(yielded: &Result<T, Self>) -> Result<&T, &Failure> {
        yielded.as_ref()
    }

    fn into_outcome<T>(yielded: Result<T, Self>) -> Result<T, Failure> {
        yielded
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for std::convert::Infallible {}
    impl Sealed for crate::timeout::Timeout {}
    impl Sealed for crate::failure::Failure {}
}
