//! What expansions for another process name: arguments on their way there, with the proof that they
//! can be serialised, and the start of a body.
//!
//! Each mistake in a signature is one error, under the type the user wrote. So what is to be shown of an
//! argument is shown once, by [`argument`] and its like, and what it leaves behind is a type `P` that
//! stands for the proof. There are two candidates for it: [`Proven`], which asks for serde's traits, and
//! [`Refused`], which asks for what nobody has. A type that can be serialised leaves the compiler one of
//! them; of a type that cannot, the compiler says so once, in our words, and never learns `P`. All
//! that comes later asks only for `P: Witness<T>`, about which nothing can be said then.

use std::borrow::ToOwned;
use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Background;
use crate::call::Builder;
pub use crate::parcel::Limits;
pub use crate::parcel::posted::{Copied, Lender, Posted, Proven, Witness};
use crate::{Sentinel, Strategy};

/// What an argument has to be: implemented for everything that serde can take apart and put together.
#[diagnostic::on_unimplemented(
    message = "a function in another process cannot take `{Self}`",
    label = "the argument travels to another process, so its type has to be \
             `serde::Serialize + serde::Deserialize`",
    note = "derive both for a type of yours; of a type parameter ask for \
            `serde::Serialize + serde::de::DeserializeOwned + 'static`"
)]
pub trait Argument<P> {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Argument<Proven> for T {}

#[diagnostic::do_not_recommend]
impl<T> Argument<Refused> for T where Refused: Admits<T> {}

/// What `self` has to be, likewise.
#[diagnostic::on_unimplemented(
    message = "a method in another process cannot take `{Self}` as its `self`",
    label = "`self` travels to another process, so its type has to be \
             `serde::Serialize + serde::Deserialize`",
    note = "derive both for a type of yours; in a trait, say so once for all implementors: \
            `trait Name: serde::Serialize + serde::de::DeserializeOwned + 'static`"
)]
pub trait Receiver<P> {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Receiver<Proven> for T {}

#[diagnostic::do_not_recommend]
impl<T> Receiver<Refused> for T where Refused: Admits<T> {}

/// What `to_owned` can copy: implemented for every `ToOwned` type whose copy can be serialised.
#[diagnostic::on_unimplemented(
    message = "`to_owned` cannot copy `{Self}` for a function in another process",
    label = "the copy travels to another process: this type has to be `Clone` (or `ToOwned`), and the \
             copy `serde::Serialize + serde::Deserialize`"
)]
pub trait Copyable<O, P> {
    /// Copies.
    fn copy(&self) -> O;
}

#[diagnostic::do_not_recommend]
impl<B> Copyable<B::Owned, Proven> for B
where
    B: ToOwned<Owned: Serialize + DeserializeOwned> + ?Sized,
{
    #[inline]
    fn copy(&self) -> B::Owned {
        self.to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl<B: ?Sized> Copyable<Refused, Refused> for B
where
    Refused: Admits<B>,
{
    fn copy(&self) -> Refused {
        unreachable!("nothing is admitted")
    }
}

/// What a result has to be.
#[diagnostic::on_unimplemented(
    message = "a function in another process cannot return `{Self}`",
    label = "the result travels back from another process, so its type has to be \
             `serde::Serialize + serde::Deserialize`, and `Send`",
    note = "derive both for a type of yours; of a type parameter ask for \
            `serde::Serialize + serde::de::DeserializeOwned + Send + 'static`"
)]
pub trait Return<P>: Serialize + DeserializeOwned + Send {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Send> Return<Proven> for T {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Send> Return<Refused> for T where Refused: Admits<T> {}

/// The other candidate, so that the compiler has to look before it takes one.
#[derive(Debug)]
pub enum Refused {}

/// Implemented for nothing.
pub trait Admits<T: ?Sized> {}

/// The right to post a `T`, made by [`argument`] or [`receiver`].
///
/// A step of its own because rustc reports an unmet bound on `argument::<T, _>()` under the whole type
/// between the angle brackets, and one on `post(value)` under the value. Not covariant, so that a type
/// that was shown to be `'static` stays what it was when the value comes.
#[derive(Debug)]
pub struct Passage<T, P>(PhantomData<fn(T) -> P>);

impl<T, P> Passage<T, P> {
    /// Wraps a value.
    #[inline]
    pub fn post(self, value: T) -> Posted<T, P> {
        Posted::new(value)
    }
}

/// Shows that a `T` can be an argument.
#[inline]
pub fn argument<T: Argument<P> + 'static, P>() -> Passage<T, P> {
    Passage(PhantomData)
}

/// Shows that a `T` can be `self`.
#[inline]
pub fn receiver<T: Receiver<P> + 'static, P>() -> Passage<T, P> {
    Passage(PhantomData)
}

/// [`argument`] for a type that cannot be named.
#[inline]
pub fn bare<T: Argument<P>, P>(value: T) -> Posted<T, P> {
    Posted::new(value)
}

/// The right to copy a `B` and to post the copy, made by [`copying`].
pub struct Copying<B: ?Sized, O, P> {
    copy: fn(&B) -> O,
    proof: PhantomData<fn(P) -> P>,
}

impl<B: ?Sized, O, P> Copying<B, O, P> {
    /// Copies a borrowed argument and wraps the copy.
    #[inline]
    pub fn post(self, value: &B) -> Copied<B, O, P> {
        Copied::new((self.copy)(value))
    }
}

impl<B: ?Sized, O, P> fmt::Debug for Copying<B, O, P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Copying").finish_non_exhaustive()
    }
}

/// Shows that the copy of a `B` can be an argument.
#[inline]
pub fn copying<B: Copyable<O, P> + ?Sized, O, P>() -> Copying<B, O, P> {
    Copying { copy: B::copy, proof: PhantomData }
}

/// [`copying`] for a type that cannot be named.
#[inline]
pub fn bare_copied<B: Copyable<O, P> + ?Sized, O, P>(value: &B) -> Copied<B, O, P> {
    Copied::new(value.copy())
}

/// [`send`] with a bound on the result that speaks of functions.
#[inline]
#[track_caller]
pub fn start<T, A, S, P, F, Q>(
    builder: Builder<S, P>,
    limits: Limits,
    arguments: A,
    body: F,
) -> Background<T, S>
where
    T: Return<Q> + 'static,
    A: Serialize + DeserializeOwned + 'static,
    S: Sentinel,
    P: Strategy,
    F: Fn(A) -> T + Copy + Send + Sync + 'static,
{
    send(builder, limits, arguments, body)
}

/// Starts a body in another process: the arguments are serialised at the call, so they need not be
/// `Send`.
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

#[cfg(test)]
mod tests {
    use super::{Copied, Posted, argument, bare, bare_copied, copying, receiver};
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    /// The value on the other side of a text.
    fn travelled<T: Serialize + DeserializeOwned>(value: &T, text: &str) -> T {
        assert_eq!(serde_json::to_string(value).expect("a text"), text);
        serde_json::from_str(text).expect("a value")
    }

    #[test]
    fn what_is_posted_arrives() {
        assert_eq!(travelled(&argument::<u32, _>().post(1), "1").into_inner(), 1);
        let list = vec!["a".to_owned()];
        assert_eq!(travelled(&receiver().post(list.clone()), r#"["a"]"#).into_inner(), list);
        assert_eq!(travelled(&bare(Some(2_u8)), "2").into_inner(), Some(2));
    }

    #[test]
    fn it_need_not_be_send() {
        let cell = argument::<std::cell::Cell<u8>, _>().post(std::cell::Cell::new(7));
        assert_eq!(travelled(&cell, "7").into_inner().get(), 7);
    }

    #[test]
    fn a_copy_is_lent_as_what_was_borrowed() {
        let text = travelled(&copying::<str, _, _>().post("text"), r#""text""#);
        let lent: &str = text.lend();
        assert_eq!(lent, "text");
        let numbers = travelled(&bare_copied(&[1, 2][..]), "[1,2]");
        let lent: &[i32] = numbers.lend();
        assert_eq!(lent, [1, 2]);
    }

    #[test]
    fn what_travels_has_no_secrets() {
        let posted: Posted<u8, _> = bare(1);
        assert_eq!(format!("{posted:?}"), "Posted { .. }");
        let copied: Copied<str, _, _> = bare_copied("a");
        assert_eq!(format!("{copied:?}"), "Copied { .. }");
    }
}
