//! What expansions for another process name: arguments on their way there, with the proof that they
//! can be serialised, and the start of a body.
//!
//! Each mistake in a signature is one error, under the type the user wrote. So what is to be shown of an
//! argument is shown once, by [`argument`] and its like, and what it leaves behind is a type `P` that
//! stands for the proof. There are two candidates for it: [`Proven`], which asks for serde's traits, and
//! [`Refused`], which asks for what nobody has. A type that can be serialised leaves the compiler one of
//! them; of a type that cannot, the compiler says so once, in our words, and never learns `P`. All
//! that comes later asks only for `P: Witness<T>`, about which nothing can be said then.

use std::borrow::{Borrow, ToOwned};
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Background;
use crate::call::Builder;
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

/// The proof that a type can be serialised.
#[derive(Debug)]
pub enum Proven {}

/// The other candidate, so that the compiler has to look before it takes one.
#[derive(Debug)]
pub enum Refused {}

/// Implemented for nothing.
pub trait Admits<T: ?Sized> {}

/// What can be done with a proof: all that serde's traits do.
pub trait Witness<T>: Sized {
    /// `T::serialize`
    fn serialize<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;

    /// `T::deserialize`
    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;
}

impl<T: Serialize + DeserializeOwned> Witness<T> for Proven {
    #[inline]
    fn serialize<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    #[inline]
    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

/// What can be done with a proof about a copy: to lend what was copied.
pub trait Lender<O, B: ?Sized> {
    /// `O::borrow`
    fn lend(copy: &O) -> &B;
}

impl<O: Borrow<B>, B: ?Sized> Lender<O, B> for Proven {
    #[inline]
    fn lend(copy: &O) -> &B {
        copy.borrow()
    }
}

/// An argument on its way, which serialises as the value does.
pub struct Posted<T, P> {
    value: T,
    proof: PhantomData<fn() -> P>,
}

impl<T, P> Posted<T, P> {
    #[inline]
    fn new(value: T) -> Self {
        Self { value, proof: PhantomData }
    }

    /// Hands the value out again, in the process where the body runs.
    #[inline]
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T, P: Witness<T>> Serialize for Posted<T, P> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        P::serialize(&self.value, serializer)
    }
}

impl<'de, T, P: Witness<T>> Deserialize<'de> for Posted<T, P> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        P::deserialize(deserializer).map(Self::new)
    }
}

impl<T, P> fmt::Debug for Posted<T, P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Posted").finish_non_exhaustive()
    }
}

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

/// The copy of a borrowed argument on its way, which serialises as the copy does.
pub struct Copied<B: ?Sized, O, P> {
    copy: O,
    proof: PhantomData<fn(&B) -> P>,
}

impl<B: ?Sized, O, P> Copied<B, O, P> {
    /// Lends the copy to the body, which sees the reference its signature says.
    #[inline]
    pub fn lend(&self) -> &B
    where
        P: Lender<O, B>,
    {
        P::lend(&self.copy)
    }
}

impl<B: ?Sized, O, P: Witness<O>> Serialize for Copied<B, O, P> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        P::serialize(&self.copy, serializer)
    }
}

impl<'de, B: ?Sized, O, P: Witness<O>> Deserialize<'de> for Copied<B, O, P> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        P::deserialize(deserializer).map(|copy| Self { copy, proof: PhantomData })
    }
}

impl<B: ?Sized, O, P> fmt::Debug for Copied<B, O, P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Copied").finish_non_exhaustive()
    }
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
        Copied { copy: (self.copy)(value), proof: PhantomData }
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
    Copied { copy: value.copy(), proof: PhantomData }
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

/// Per-call limits of a process.
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "limits hold for the call that they are given to"]
pub struct Limits {
    memory: Option<u64>,
    cpu: Option<Duration>,
    max_calls: Option<u64>,
}

impl Limits {
    /// No limits.
    #[inline]
    pub const fn new() -> Self {
        Self { memory: None, cpu: None, max_calls: None }
    }

    /// How many bytes the process may use.
    #[inline]
    pub const fn memory(mut self, bytes: u64) -> Self {
        self.memory = Some(bytes);
        self
    }

    /// How long the call may compute.
    #[inline]
    pub const fn cpu(mut self, time: Duration) -> Self {
        self.cpu = Some(time);
        self
    }

    /// How many calls a process serves before another takes its place.
    #[inline]
    pub const fn max_calls(mut self, calls: u64) -> Self {
        self.max_calls = Some(calls);
        self
    }
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
    const { assert!(size_of::<F>() == 0, "the body of a function in another process captures") };
    let _ = limits;
    let text = serde_json::to_string(&arguments).expect("arguments that can be serialised");
    drop(arguments);
    builder.spawn(move || {
        let arguments = serde_json::from_str(&text).expect("arguments that can be deserialised");
        let text = serde_json::to_string(&body(arguments)).expect("a result");
        serde_json::from_str(&text).expect("a result")
    })
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
