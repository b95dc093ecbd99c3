//! What expansions for streams name: what the body and its items have to be, and the start of one.

mod lent;
#[cfg(feature = "process")]
mod travel;

pub use self::lent::{Hand, Lent, lend};
#[cfg(feature = "process")]
pub use self::travel::{TravellingItem, start};
use super::{Body, Portable};
use crate::call::Builder;
pub use crate::stream::background_iter::BackgroundIter;
use crate::{Sentinel, Strategy};

/// What the body of a stream has to return: implemented for every iterator.
///
/// A trait of our own, because what is not met in a signature is otherwise said in the words of the
/// standard library.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an iterator",
    label = "a background stream has to return an iterator: `impl Iterator<Item = …>`; of a `Vec` or \
             another collection, `.into_iter()`"
)]
pub trait Producer {
    /// What callers get, one after the other.
    type Item;

    /// What it is.
    type Items: Iterator<Item = Self::Item>;

    /// That iterator.
    fn items(self) -> Self::Items;
}

#[diagnostic::do_not_recommend]
impl<I: Iterator> Producer for I {
    type Item = I::Item;
    type Items = I;

    #[inline]
    fn items(self) -> I {
        self
    }
}

/// What the items of a stream have to be: implemented for every `Send + 'static` type.
#[diagnostic::on_unimplemented(
    message = "a background stream cannot have items of type `{Self}`",
    label = "the items come from another thread, so their type has to be `Send + 'static`"
)]
pub trait Item: Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> Item for T {}

/// What the iterator has to be: implemented for every `Send + 'static` type.
#[diagnostic::on_unimplemented(
    message = "a background stream cannot return the iterator `{Self}`",
    label = "the iterator goes from thread to thread, so its type has to be `Send + 'static`"
)]
pub trait Wanderer: Send + 'static {}

#[diagnostic::do_not_recommend]
impl<I: Send + 'static> Wanderer for I {}

/// Starts the body of a stream.
#[inline]
#[track_caller]
pub fn stream<I, T, S, P, F>(builder: Builder<S, P>, body: Body<F>) -> BackgroundIter<T, S>
where
    I: Producer<Item = T, Items: Wanderer>,
    T: Item,
    S: Sentinel,
    P: Strategy,
    F: FnOnce() -> I,
    Body<F>: Portable,
{
    builder.stream(move || (body.into_inner())().items())
}

/// [`stream`] for an iterator that mentions a type parameter: rustc then helps with "consider restricting
/// type parameter `T` with trait `Send`".
#[inline]
#[track_caller]
pub fn stream_bare<I, T, S, P, F>(builder: Builder<S, P>, body: Body<F>) -> BackgroundIter<T, S>
where
    I: Producer<Item = T, Items: Send + 'static>,
    T: Send + 'static,
    S: Sentinel,
    P: Strategy,
    F: FnOnce() -> I,
    Body<F>: Portable,
{
    builder.stream(move || (body.into_inner())().items())
}

/// Stands in for the start of a body, in a function that was refused, as [`refused`](super::refused).
pub fn refused<I, T, S>(body: impl FnOnce() -> I) -> BackgroundIter<T, S>
where
    I: Producer<Item = T>,
    S: Sentinel,
{
    drop(body);
    unreachable!("a program with a refused background function does not compile")
}

/// The same in one whose body is no iterator's.
pub fn refused_without_iterator<R, T, S>(body: impl FnOnce() -> R) -> BackgroundIter<T, S>
where
    S: Sentinel,
{
    drop(body);
    unreachable!("a program with a refused background function does not compile")
}
