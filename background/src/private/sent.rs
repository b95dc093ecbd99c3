//! [`Sent`]: an argument on its way to another thread, carrying the proof that it may go there.
//!
//! The closure that an expansion hands to a strategy captures only `Sent`s (and perhaps `self`), so
//! it is `Send` whatever the arguments are, and the compiler has nothing to say about the closure.
//! The one complaint about an argument that cannot travel comes from the constructor, which the
//! expansion places under the type the user wrote.
#![allow(unsafe_code)]

use std::borrow::{Borrow, ToOwned};
use std::fmt;
use std::marker::PhantomData;

/// What an argument of a background function has to be: implemented for every `Send + 'static` type.
#[diagnostic::on_unimplemented(
    message = "a background function cannot take `{Self}`",
    label = "the argument goes to another thread, so its type has to be `Send + 'static`"
)]
pub trait Argument: Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> Argument for T {}

/// What `to_owned` can copy: implemented for every `ToOwned` type whose copy is `Send + 'static`.
#[diagnostic::on_unimplemented(
    message = "`to_owned` cannot copy `{Self}` for a background function",
    label = "the copy goes to another thread: this type has to be `Clone` (or `ToOwned`), and the \
             copy `Send + 'static`"
)]
pub trait Copyable: ToOwned<Owned: Send + 'static> + 'static {}

#[diagnostic::do_not_recommend]
impl<B: ToOwned<Owned: Send + 'static> + ?Sized + 'static> Copyable for B {}

/// A value whose constructor has shown that it is `Send + 'static`.
pub struct Sent<T>(T);

// SAFETY: the field is private, and every way to fill it in this file asks for `T: Send`:
// `Passage::send` exists only with a `Passage<T>`, which only `argument` makes and only for
// `T: Argument`, whose supertrait is `Send`; `Copying::copy` likewise for `Copied<B>`, whose only
// field is `B::Owned: Send`; `bare` and `bare_copy` name the bounds themselves.
unsafe impl<T> Send for Sent<T> {}

impl<T> Sent<T> {
    /// Hands the value out again, on the thread where the body runs.
    #[inline]
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Sent<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sent").finish_non_exhaustive()
    }
}

/// The right to send a `T`, made by [`argument`].
///
/// A step of its own because rustc reports an unmet bound on `argument::<T>()` under the whole type
/// between the angle brackets, and one on `send(value)` under the value.
#[derive(Debug)]
pub struct Passage<T>(PhantomData<T>);

/// Shows that a `T` may be an argument of a background function.
#[inline]
pub fn argument<T: Argument>() -> Passage<T> {
    Passage(PhantomData)
}

impl<T> Passage<T> {
    /// Wraps an argument.
    #[inline]
    pub fn send(self, value: T) -> Sent<T> {
        Sent(value)
    }
}

/// Wraps an argument whose type the expansion cannot name, or that mentions a type parameter.
///
/// The bounds are the plain ones, because then rustc helps with "consider restricting type parameter
/// `T` with trait `Send`".
#[inline]
pub fn bare<T: Send + 'static>(value: T) -> Sent<T> {
    Sent(value)
}

/// The task's own copy of a borrowed argument.
pub struct Copied<B: ToOwned + ?Sized>(B::Owned);

impl<B: ToOwned + ?Sized> Copied<B> {
    /// Lends the copy to the body, which sees the reference its signature says.
    #[inline]
    pub fn lend(&self) -> &B {
        self.0.borrow()
    }
}

impl<B: ToOwned + ?Sized> fmt::Debug for Copied<B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Copied").finish_non_exhaustive()
    }
}

/// The right to copy a `B` and to send the copy, made by [`copying`].
#[derive(Debug)]
pub struct Copying<B: ?Sized>(PhantomData<B>);

/// Shows that the copy of a `B` may be an argument of a background function.
#[inline]
pub fn copying<B: Copyable + ?Sized>() -> Copying<B> {
    Copying(PhantomData)
}

impl<B: ToOwned + ?Sized> Copying<B> {
    /// Copies a borrowed argument and wraps the copy.
    #[inline]
    pub fn copy(self, value: &B) -> Sent<Copied<B>> {
        Sent(Copied(value.to_owned()))
    }
}

/// [`copying`] for a type that cannot be named or that mentions a type parameter (see [`bare`]).
#[inline]
pub fn bare_copy<B>(value: &B) -> Sent<Copied<B>>
where
    B: ToOwned + ?Sized + 'static,
    B::Owned: Send + 'static,
{
    Sent(Copied(value.to_owned()))
}
