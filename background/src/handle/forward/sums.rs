//! `futures.into_iter().sum::<u64>()`, and of references; products likewise.

use core::iter::{Product, Sum};
use core::num::{Saturating, Wrapping};
use core::time::Duration;

use crate::handle::Background;

// Input:  [generics] T, Sum sum where (bounds)
// Output: the sum of futures of `T`, and of references to them, is a `T`.
macro_rules! total {
    ($([$($generics:tt)*] $T:ty, $Trait:ident $method:ident $(where ($($bounds:tt)*))?;)*) => {$(
        impl<$($generics)*> $Trait<Background<$T>> for $T $(where $($bounds)*)? {
            #[track_caller]
            fn $method<I: Iterator<Item = Background<$T>>>(futures: I) -> $T {
                futures.map(Background::join).$method()
            }
        }

        impl<'f, $($generics)*> $Trait<&'f Background<$T>> for $T
        where
            $T: Copy,
            $($($bounds)*)?
        {
            #[track_caller]
            fn $method<I: Iterator<Item = &'f Background<$T>>>(futures: I) -> $T {
                futures.map(|future| *Background::get(future)).$method()
            }
        }
    )*};
}

macro_rules! totals {
    ($($T:ty)*) => {
        total! { $([] $T, Sum sum; [] $T, Product product;)* }
    };
}

totals! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 }

total! {
    [] Duration, Sum sum;
    [T] Wrapping<T>, Sum sum where (Wrapping<T>: Sum);
    [T] Wrapping<T>, Product product where (Wrapping<T>: Product);
    [T] Saturating<T>, Sum sum where (Saturating<T>: Sum);
    [T] Saturating<T>, Product product where (Saturating<T>: Product);
}
