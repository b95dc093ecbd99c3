//! [`send`]: the start of a function in another process.

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::parcel::Limits;
use crate::{Background, Builder, Sentinel, Strategy};

/// Starts a body in another process.
#[track_caller]
pub fn send<A, T, S, P, F>(
    builder: Builder<S, P>,
    limits: Limits,
    arguments: A,
    body: F,
) -> Background<T, S>
where
    A: Serialize + DeserializeOwned + 'static,
    T: Serialize + DeserializeOwned + Send + 'static,
    S: Sentinel,
    P: Strategy,
    F: Fn(A) -> T + Copy + Send + Sync + 'static,
{
    builder.send(body, arguments, limits)
}
