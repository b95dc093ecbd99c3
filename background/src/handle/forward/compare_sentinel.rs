//! Equality of futures that may yield a sentinel: `x == Timeout`, `x == Ok(5)`, `x == 5`, `x == y`.

use core::hash::{Hash, Hasher};
use core::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU8,
    NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize, Saturating, Wrapping,
};
use core::time::Duration;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::ffi::{OsStr, OsString};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use super::fallible::Fallible;
use crate::handle::Background;
use crate::{Failure, Timeout};

/// A type that is neither a sentinel nor a `Result` with one, so that comparing a timed future with
/// it can only mean comparing the value.
///
/// A blanket impl over every type would overlap with `x == Timeout`.
#[diagnostic::on_unimplemented(
    message = "a future that may yield a sentinel does not compare with `{Self}` directly",
    label = "not a type of the standard library",
    note = "write `f == Ok(value)`"
)]
pub trait Plain {}

macro_rules! plain {
    ($([$($generics:tt)*] $T:ty),* $(,)?) => {$(
        impl<$($generics)*> Plain for $T {}
    )*};
}

plain! {
    [] (), [] bool, [] char, [] str, [] String, [] f32, [] f64,
    [] u8, [] u16, [] u32, [] u64, [] u128, [] usize,
    [] i8, [] i16, [] i32, [] i64, [] i128, [] isize,
    [] NonZeroU8, [] NonZeroU16, [] NonZeroU32, [] NonZeroU64, [] NonZeroU128, [] NonZeroUsize,
    [] NonZeroI8, [] NonZeroI16, [] NonZeroI32, [] NonZeroI64, [] NonZeroI128, [] NonZeroIsize,
    [T] Wrapping<T>, [T] Saturating<T>, [] core::cmp::Ordering,
    [] Duration, [] Instant, [] SystemTime,
    [] Path, [] PathBuf, [] OsStr, [] OsString,
    [] IpAddr, [] Ipv4Addr, [] Ipv6Addr, [] SocketAddr, [] SocketAddrV4, [] SocketAddrV6,
    [T] Option<T>, [T] Vec<T>, [T] VecDeque<T>, [T] [T], [T, const N: usize] [T; N],
    [T: ?Sized + Plain] &T, [T: ?Sized] Box<T>, [T: ?Sized] Rc<T>, [T: ?Sized] Arc<T>,
    [B: ?Sized + ToOwned] Cow<'_, B>,
    [K, V] BTreeMap<K, V>, [T] BTreeSet<T>, [K, V, H] HashMap<K, V, H>, [T, H] HashSet<T, H>,
    [A] (A,), [A, B] (A, B), [A, B, C] (A, B, C), [A, B, C, D] (A, B, C, D),
}

impl<T, U, S> PartialEq<U> for Background<T, S>
where
    T: PartialEq<U>,
    U: ?Sized + Plain,
    S: Fallible,
{
    #[inline]
    #[track_caller]
    fn eq(&self, other: &U) -> bool {
        S::result(Background::get(self)).is_ok_and(|value| value == other)
    }

    tracked_ne!(U);
}

// `Result<T, S>` and not `Result<U, S>`: the type of the value in `x == Err(Timeout)` has to come
// from `x`.
impl<T, S> PartialEq<Result<T, S>> for Background<T, S>
where
    T: PartialEq,
    S: Fallible + PartialEq,
{
    #[inline]
    #[track_caller]
    fn eq(&self, other: &Result<T, S>) -> bool {
        same(S::result(Background::get(self)), other.as_ref())
    }

    tracked_ne!(Result<T, S>);
}

impl<T, U, S> PartialEq<Background<U, S>> for Background<T, S>
where
    T: PartialEq<U>,
    S: Fallible + PartialEq,
{
    #[inline]
    #[track_caller]
    fn eq(&self, other: &Background<U, S>) -> bool {
        same(S::result(Background::get(self)), S::result(Background::get(other)))
    }

    tracked_ne!(Background<U, S>);
}

impl<T, U, S> PartialEq<Background<U>> for Background<T, S>
where
    T: PartialEq<U>,
    S: Fallible,
{
    #[inline]
    #[track_caller]
    fn eq(&self, other: &Background<U>) -> bool {
        S::result(Background::get(self)).is_ok_and(|value| value == Background::get(other))
    }

    tracked_ne!(Background<U>);
}

impl<T: Eq, S: Fallible + Eq> Eq for Background<T, S> {}

impl<T: Hash, S: Fallible + Hash> Hash for Background<T, S> {
    #[inline]
    #[track_caller]
    fn hash<H: Hasher>(&self, state: &mut H) {
        S::result(Background::get(self)).hash(state);
    }
}

/// Derived equality of `Result`, for two types of value.
fn same<T: PartialEq<U>, U, S: PartialEq>(one: Result<&T, &S>, other: Result<&U, &S>) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => one == other,
        (Err(one), Err(other)) => one == other,
        _ => false,
    }
}

// Input:  Timeout in Failure, if |failure| failure.is_timeout()
// Output: `Background<T, Failure> == Timeout` and `Timeout == Background<T, Failure>`.
macro_rules! equal_to_sentinel {
    ($($Word:ty, in $S:ty, if |$sentinel:ident, $word:ident| $equal:expr;)*) => {$(
        impl<T> PartialEq<$Word> for Background<T, $S> {
            #[inline]
            #[track_caller]
            fn eq(&self, $word: &$Word) -> bool {
                Background::get(self).as_ref().is_err_and(|$sentinel| $equal)
            }

            tracked_ne!($Word);
        }

        impl<T> PartialEq<Background<T, $S>> for $Word {
            #[inline]
            #[track_caller]
            fn eq(&self, future: &Background<T, $S>) -> bool {
                PartialEq::eq(future, self)
            }

            tracked_ne!(Background<T, $S>);
        }
    )*};
}

equal_to_sentinel! {
    Timeout, in Timeout, if |sentinel, word| sentinel == word;
    Failure, in Failure, if |sentinel, word| sentinel == word;
    Timeout, in Failure, if |sentinel, _word| *sentinel == Failure::Timeout;
}

// The sentinels are named: `Result<U, E>` for any `E` would take the inference of every program's
// `result == …` away.
macro_rules! result_first {
    ($($S:ty),*) => {$(
        impl<T: PartialEq> PartialEq<Background<T, $S>> for Result<T, $S> {
            #[inline]
            #[track_caller]
            fn eq(&self, future: &Background<T, $S>) -> bool {
                same(self.as_ref(), Background::get(future).as_ref())
            }

            tracked_ne!(Background<T, $S>);
        }
    )*};
}

result_first!(Timeout, Failure);
