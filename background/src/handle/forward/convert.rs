//! `u64::from(f)`, `let x: u64 = f.into()`: joining, where a conversion is asked for.
//!
//! `impl<T> From<Background<T>> for T` is for the crate that owns `From`; hence one impl per type.

use core::time::Duration;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Instant, SystemTime};

use crate::handle::Background;

macro_rules! into_value {
    ($([$($generics:tt)*] $T:ty),* $(,)?) => {$(
        impl<$($generics)*> From<Background<$T>> for $T {
            #[inline]
            #[track_caller]
            fn from(future: Background<$T>) -> $T {
                Background::join(future)
            }
        }
    )*};
}

into_value! {
    [] bool, [] char, [] f32, [] f64,
    [] u8, [] u16, [] u32, [] u64, [] u128, [] usize,
    [] i8, [] i16, [] i32, [] i64, [] i128, [] isize,
    [] String, ['v] &'v str, [] PathBuf, [] OsString, [T] Vec<T>,
    [] Duration, [] Instant, [] SystemTime,
}
