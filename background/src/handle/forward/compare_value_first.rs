//! Comparison with a value of the standard library first: `5 == f`, `"a" == f`, `now < f`.

use core::cmp::Ordering;
use core::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU8,
    NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize, Saturating, Wrapping,
};
use core::time::Duration;
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use crate::Sentinel;
use crate::handle::Background;

// Input:  [generics] Left == Right where (bounds)
// Output: `Left == Background<Right>`, for timed and caught futures too.
macro_rules! equal {
    ($([$($generics:tt)*] $Left:ty, $Right:ty $(where ($($bounds:tt)*))?;)*) => {$(
        impl<$($generics)* S: Sentinel> PartialEq<Background<$Right, S>> for $Left
        $(where $($bounds)*)?
        {
            #[inline]
            #[track_caller]
            fn eq(&self, future: &Background<$Right, S>) -> bool {
                S::outcome_of(Background::get(future)).is_ok_and(|value| self == value)
            }

            tracked_ne!(Background<$Right, S>);
        }
    )*};
}

// Input:  [generics] Left < Right where (bounds)
// Output: `Left < Background<Right>` and the other three.
macro_rules! order {
    ($([$($generics:tt)*] $Left:ty, $Right:ty $(where ($($bounds:tt)*))?;)*) => {$(
        impl<$($generics)*> PartialOrd<Background<$Right>> for $Left
        $(where $($bounds)*)?
        {
            #[inline]
            #[track_caller]
            fn partial_cmp(&self, future: &Background<$Right>) -> Option<Ordering> {
                self.partial_cmp(Background::get(future))
            }

            #[inline]
            #[track_caller]
            fn lt(&self, future: &Background<$Right>) -> bool {
                self < Background::get(future)
            }

            #[inline]
            #[track_caller]
            fn le(&self, future: &Background<$Right>) -> bool {
                self <= Background::get(future)
            }

            #[inline]
            #[track_caller]
            fn gt(&self, future: &Background<$Right>) -> bool {
                self > Background::get(future)
            }

            #[inline]
            #[track_caller]
            fn ge(&self, future: &Background<$Right>) -> bool {
                self >= Background::get(future)
            }
        }
    )*};
}

// Input:  u8 u16
// Output: equality and order of each type with a future of itself.
macro_rules! with_itself {
    ($($T:ty)*) => {
        equal! { $([] $T, $T;)* }
        order! { $([] $T, $T;)* }
    };
}

with_itself! {
    () bool char String PathBuf OsString
    u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64
    NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64 NonZeroU128 NonZeroUsize
    NonZeroI8 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroI128 NonZeroIsize
    Ordering Duration Instant SystemTime IpAddr Ipv4Addr Ipv6Addr
}

// The pairs that the standard library compares, and no others.
equal! {
    [] str, String;
    [] &str, String;
    ['f,] &str, &'f str;
    ['f,] String, &'f str;
    ['f,] str, Cow<'f, str>;
    ['f,] &str, Cow<'f, str>;
    ['f,] String, Cow<'f, str>;
    ['f,] Cow<'_, str>, Cow<'f, str>;
    ['f,] Cow<'_, str>, &'f str;
    [] Cow<'_, str>, String;

    [] Path, PathBuf;
    [] &Path, PathBuf;
    ['f,] &Path, &'f Path;
    ['f,] PathBuf, &'f Path;
    [] OsStr, OsString;
    [] &OsStr, OsString;
    [] str, OsString;
    [] &str, OsString;

    [T, U,] Vec<T>, Vec<U> where (T: PartialEq<U>);
    [T, U, const N: usize,] Vec<T>, [U; N] where (T: PartialEq<U>);
    ['f, T, U,] Vec<T>, &'f [U] where (T: PartialEq<U>);
    [T, U,] [T], Vec<U> where (T: PartialEq<U>);
    [T, U,] &[T], Vec<U> where (T: PartialEq<U>);
    [T, U, const N: usize,] [T; N], [U; N] where (T: PartialEq<U>);
    [T, U, const N: usize,] [T], [U; N] where (T: PartialEq<U>);
    [T, U, const N: usize,] &[T], [U; N] where (T: PartialEq<U>);
    ['f, T, U,] &[T], &'f [U] where (T: PartialEq<U>);
    ['f, T, U, const N: usize,] [T; N], &'f [U] where (T: PartialEq<U>);

    [T: PartialEq,] Wrapping<T>, Wrapping<T>;
    [T: PartialEq,] Saturating<T>, Saturating<T>;
    [] IpAddr, Ipv4Addr;
    [] IpAddr, Ipv6Addr;
    [] Ipv4Addr, IpAddr;
    [] Ipv6Addr, IpAddr;
}

order! {
    ['f] &str, &'f str;
    [] Path, PathBuf;
    [T: PartialOrd] Vec<T>, Vec<T>;
    ['f, T: PartialOrd] &[T], &'f [T];
    [T: PartialOrd, const N: usize] [T; N], [T; N];
    [T: PartialOrd] Wrapping<T>, Wrapping<T>;
    [T: PartialOrd] Saturating<T>, Saturating<T>;
}
