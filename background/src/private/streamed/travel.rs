//! The start of a stream in another process.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{BackgroundIter, Producer, Wanderer};
use crate::call::Builder;
use crate::parcel::Limits;
use crate::private::travel::{Admits, Proven, Refused};
use crate::{Sentinel, Strategy};

/// What the items of a stream from another process have to be; [`travel`](crate::private::travel) says
/// what `P` is for.
#[diagnostic::on_unimplemented(
    message = "a background stream from another process cannot have items of type `{Self}`",
    label = "the items travel from another process, so their type has to be \
             `serde::Serialize + serde::Deserialize`, and `Send`",
    note = "derive both for a type of yours; of a type parameter ask for \
            `serde::Serialize + serde::de::DeserializeOwned + Send + 'static`"
)]
pub trait TravellingItem<P>: Serialize + DeserializeOwned + Send {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Send> TravellingItem<Proven> for T {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Send> TravellingItem<Refused> for T where Refused: Admits<T> {}

/// Starts the body of a stream in another process: the arguments are serialised at the call, so they
/// need not be `Send`.
#[inline]
#[track_caller]
pub fn start<I, T, A, S, P, F, Q>(
    builder: Builder<S, P>,
    limits: Limits,
    arguments: A,
    body: F,
) -> BackgroundIter<T, S>
where
    I: Producer<Item = T, Items: Wanderer>,
    T: TravellingItem<Q> + 'static,
    A: Serialize + DeserializeOwned + 'static,
    S: Sentinel,
    P: Strategy,
    F: Fn(A) -> I + Copy + Send + Sync + 'static,
{
    builder.stream_under(move |arguments| body(arguments).items(), arguments, limits)
}
