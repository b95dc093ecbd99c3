//! Operators with a value of the standard library first: `1 + f`, `&1 + &f`, `true & f`.

use core::num::{Saturating, Wrapping};
use core::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Rem, Sub};
use core::time::Duration;
use std::time::{Instant, SystemTime};

use crate::handle::Background;

// Input:  [generics] Left, Add add, Right where (bounds)
// Output: `Left + Background<Right>` and `Left + &Background<Right>`.
macro_rules! value_first {
    ($([$($generics:tt)*] $Left:ty, $Trait:ident $method:ident, $Right:ty
       $(where ($($bounds:tt)*))?;)*) => {$(
        impl<$($generics)*> $Trait<Background<$Right>> for $Left $(where $($bounds)*)? {
            type Output = <$Left as $Trait<$Right>>::Output;

            #[inline]
            #[track_caller]
            fn $method(self, future: Background<$Right>) -> Self::Output {
                self.$method(Background::join(future))
            }
        }
        impl<$($generics)*> $Trait<&Background<$Right>> for $Left
        where
            $Right: Copy,
            $($($bounds)*)?
        {
            type Output = <$Left as $Trait<$Right>>::Output;

            #[inline]
            #[track_caller]
            fn $method(self, future: &Background<$Right>) -> Self::Output {
                self.$method(*Background::get(future))
            }
        }
    )*};
}

// Input:  {u8 u16} {Add add, Sub sub}
// Output: all four forms (value or reference, on either side) of each operator on each type.
macro_rules! with_itself {
    ({$($T:ty)*} $operators:tt) => {
        $(with_itself!(@each $T, $operators);)*
    };
    (@each $T:ty, {$($Trait:ident $method:ident),* $(,)?}) => {
        value_first! {
            $([] $T, $Trait $method, $T; ['v] &'v $T, $Trait $method, $T;)*
        }
    };
}

with_itself! {
    {u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize}
    {Add add, Sub sub, Mul mul, Div div, Rem rem, BitAnd bitand, BitOr bitor, BitXor bitxor}
}
with_itself! { {f32 f64} {Add add, Sub sub, Mul mul, Div div, Rem rem} }
with_itself! { {bool} {BitAnd bitand, BitOr bitor, BitXor bitxor} }

// Input:  Wrapping {Add add}
// Output: `Wrapping<T> + Background<Wrapping<T>>` wherever `Wrapping<T> + Wrapping<T>`.
macro_rules! in_newtype {
    ($New:ident {$($Trait:ident $method:ident),* $(,)?}) => {
        value_first! {$(
            [T] $New<T>, $Trait $method, $New<T> where ($New<T>: $Trait);
            ['v, T] &'v $New<T>, $Trait $method, $New<T> where (&'v $New<T>: $Trait<$New<T>>);
        )*}
    };
}

in_newtype! {
    Wrapping
    {Add add, Sub sub, Mul mul, Div div, Rem rem, BitAnd bitand, BitOr bitor, BitXor bitxor}
}
in_newtype! {
    Saturating
    {Add add, Sub sub, Mul mul, Div div, Rem rem, BitAnd bitand, BitOr bitor, BitXor bitxor}
}

// `std` has no operators on references to times, so there are none here.
value_first! {
    [] Duration, Add add, Duration;
    [] Duration, Sub sub, Duration;
    [] Duration, Mul mul, u32;
    [] Duration, Div div, u32;
    [] u32, Mul mul, Duration;
    [] Instant, Add add, Duration;
    [] Instant, Sub sub, Duration;
    [] Instant, Sub sub, Instant;
    [] SystemTime, Add add, Duration;
    [] SystemTime, Sub sub, Duration;
}
