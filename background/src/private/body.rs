//! [`Body`]: what an expansion makes of a function's block, and how it is started.

use std::fmt;

use super::block_on;
use crate::Background;
use crate::call::Builder;
use crate::{Sentinel, Strategy};

/// What the result of a background function has to be: implemented for every `Send + 'static` type.
#[diagnostic::on_unimplemented(
    message = "a background function cannot return `{Self}`",
    label = "the result comes from another thread, so its type has to be `Send + 'static`"
)]
pub trait Return: Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> Return for T {}

/// What a [`Body`] has to be to leave the calling thread.
///
/// Arguments are wrapped in [`Sent`](super::Sent) and have had their say; what is left to go wrong
/// is `self`, which the body captures as it is, because `self` cannot be rebound.
#[diagnostic::on_unimplemented(
    message = "a background method cannot take this `self`",
    label = "`self` goes to another thread, so `Self` has to be `Send + 'static`",
    note = "in a trait, say so once for all implementors: `trait Name: Send + 'static`"
)]
pub trait Portable: Send + 'static {}

#[diagnostic::do_not_recommend]
impl<F: Send + 'static> Portable for Body<F> {}

/// A function's block, as a closure.
///
/// Wrapped, because of a bare closure that is not `Send` rustc would say "use parentheses to call
/// this closure".
pub struct Body<F>(F);

impl<F> Body<F> {
    /// Wraps the closure.
    #[inline]
    pub fn new(closure: F) -> Self {
        Self(closure)
    }

    #[inline]
    pub(super) fn into_inner(self) -> F {
        self.0
    }

    #[inline]
    fn run<T>(self) -> T
    where
        F: FnOnce() -> T,
    {
        (self.0)()
    }
}

impl<F> fmt::Debug for Body<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Body").finish_non_exhaustive()
    }
}

/// Starts a body: [`Builder::spawn`] with bounds that speak of functions and methods.
#[inline]
#[track_caller]
pub fn spawn<T, S, P, F>(builder: Builder<S, P>, body: Body<F>) -> Background<T, S>
where
    T: Return,
    S: Sentinel,
    P: Strategy,
    F: FnOnce() -> T,
    Body<F>: Portable,
{
    builder.spawn(move || body.run())
}

/// [`spawn`] for a result that mentions a type parameter: rustc then helps with "consider restricting
/// type parameter `T` with trait `Send`".
#[inline]
#[track_caller]
pub fn spawn_bare<T, S, P, F>(builder: Builder<S, P>, body: Body<F>) -> Background<T, S>
where
    T: Send + 'static,
    S: Sentinel,
    P: Strategy,
    F: FnOnce() -> T,
    Body<F>: Portable,
{
    builder.spawn(move || body.run())
}

/// Starts the block of an `async fn`: [`spawn`] for an async closure, because that can name its return
/// type, which an async block cannot, and `?` needs it.
#[inline]
#[track_caller]
pub fn spawn_async<T, S, P, F>(builder: Builder<S, P>, body: Body<F>) -> Background<T, S>
where
    T: Return,
    S: Sentinel,
    P: Strategy,
    F: AsyncFnOnce() -> T,
    Body<F>: Portable,
{
    builder.spawn_closure(async move || (body.into_inner())().await)
}

/// [`spawn_async`] for a result that mentions a type parameter, as [`spawn_bare`].
#[inline]
#[track_caller]
pub fn spawn_async_bare<T, S, P, F>(builder: Builder<S, P>, body: Body<F>) -> Background<T, S>
where
    T: Send + 'static,
    S: Sentinel,
    P: Strategy,
    F: AsyncFnOnce() -> T,
    Body<F>: Portable,
{
    builder.spawn_closure(async move || (body.into_inner())().await)
}

/// Stands in for the start of a body, in a function that was refused.
///
/// The program does not compile, so this is not called; it gives the function the type it would have
/// had, an `impl Trait` in it included.
pub fn refused<T, S: Sentinel>(body: impl FnOnce() -> T) -> Background<T, S> {
    drop(body);
    unreachable!("a program with a refused background function does not compile")
}

/// Runs the block of an `async fn` to its end on this thread: in a worker process, and where a function
/// was refused.
///
/// Blocks that thread until the future is done.
#[inline]
pub fn drive<T, F>(body: F) -> T
where
    F: AsyncFnOnce() -> T,
{
    block_on(body())
}
