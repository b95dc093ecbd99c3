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

// SAFETY: the field is private, and every function in this file that fills it asks for what is `Send`:
// `Passage::send` needs a `Passage<T>`, which only `argument` makes and only for `T: Argument`, whose
// supertrait is `Send`; `Copying::copy` likewise a `Copying<O, B>`, which only `copying` makes, and only
// for an `O` that `Copyable` says is `Send`; `bare` and `bare_copied` say it themselves. A `Copied`
// holds nothing but the `O` and a function pointer. Both rights are invariant, as a type may be `Send`
// for one lifetime only: a `Passage<Foo<'static>>` must not become a `Passage<Foo<'a>>`.
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
pub struct Passage<T>(PhantomData<fn(T) -> T>);

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
/// The bound is the plain one, because then rustc helps with "consider restricting type parameter `T`
/// with trait `Send`". That the type is also `'static` comes out once, for all arguments, when the body
/// is started.
#[inline]
pub fn bare<T: Send>(value: T) -> Sent<T> {
    Sent(value)
}

/// The task's own copy of a borrowed argument.
///
/// Knows how to lend it, so that no bound is left to be unmet where it is lent: the one complaint
/// about a type that cannot be copied comes from [`copying`].
pub struct Copied<O, B: ?Sized> {
    copy: O,
    lend: fn(&O) -> &B,
}

impl<O, B: ?Sized> Copied<O, B> {
    /// Lends the copy to the body, which sees the reference its signature says.
    #[inline]
    pub fn lend(&self) -> &B {
        (self.lend)(&self.copy)
    }
}

impl<O, B: ?Sized> fmt::Debug for Copied<O, B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Copied").finish_non_exhaustive()
    }
}

/// The right to copy a `B` and to send the copy, made by [`copying`].
pub struct Copying<O, B: ?Sized> {
    copy: fn(&B) -> O,
    lend: fn(&O) -> &B,
}

/// Shows that the copy of a `B` may be an argument of a background function.
#[inline]
pub fn copying<B: Copyable + ?Sized>() -> Copying<B::Owned, B> {
    Copying { copy: B::to_owned, lend: B::Owned::borrow }
}

impl<O, B: ?Sized> Copying<O, B> {
    /// Copies a borrowed argument and wraps the copy.
    #[inline]
    pub fn copy(self, value: &B) -> Sent<Copied<O, B>> {
        Sent(Copied { copy: (self.copy)(value), lend: self.lend })
    }
}

impl<O, B: ?Sized> fmt::Debug for Copying<O, B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Copying").finish_non_exhaustive()
    }
}

/// [`copying`] for a type that cannot be named or that mentions a type parameter (see [`bare`]).
#[inline]
pub fn bare_copied<B>(value: &B) -> Sent<Copied<B::Owned, B>>
where
    B: ToOwned + ?Sized,
    B::Owned: Send,
{
    Sent(Copied { copy: value.to_owned(), lend: B::Owned::borrow })
}

#[cfg(test)]
mod tests {
    use super::{argument, bare, bare_copied, copying};

    #[test]
    fn what_is_packed_is_unpacked() {
        assert_eq!(argument::<u32>().send(1).into_inner(), 1);
        assert_eq!(bare("text").into_inner(), "text");
    }

    #[test]
    fn a_copy_is_lent_as_what_was_borrowed() {
        let text = copying::<str>().copy("text").into_inner();
        let lent: &str = text.lend();
        assert_eq!(lent, "text");
        let numbers = bare_copied(&[1, 2][..]).into_inner();
        let lent: &[i32] = numbers.lend();
        assert_eq!(lent, [1, 2]);
    }
}
