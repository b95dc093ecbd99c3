//! Assigning operators with a place of the standard library's types first: `x += f`, `x += &f`.

use core::num::{Saturating, Wrapping};
use core::ops::{
    AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign, ShlAssign,
    ShrAssign, SubAssign,
};
use core::time::Duration;
use std::time::{Instant, SystemTime};

use crate::handle::Background;

// Input:  [generics] Left, AddAssign add_assign, Right where (bounds)
// Output: `left += Background<Right>` and `left += &Background<Right>`.
macro_rules! value_first {
    ($([$($generics:tt)*] $Left:ty, $Trait:ident $method:ident, $Right:ty
       $(where ($($bounds:tt)*))?;)*) => {$(
        impl<$($generics)*> $Trait<Background<$Right>> for $Left $(where $($bounds)*)? {
            #[inline]
            #[track_caller]
            fn $method(&mut self, future: Background<$Right>) {
                self.$method(Background::join(future));
            }
        }

        impl<$($generics)*> $Trait<&Background<$Right>> for $Left
        where
            $Right: Copy,
            $($($bounds)*)?
        {
            #[inline]
            #[track_caller]
            fn $method(&mut self, future: &Background<$Right>) {
                self.$method(*Background::get(future));
            }
        }
    )*};
}

// Input:  {u8 u16} {AddAssign add_assign, SubAssign sub_assign}
// Output: each operator on each type.
macro_rules! with_itself {
    ({$($T:ty)*} $operators:tt) => {
        $(with_itself!(@each $T, $operators);)*
    };
    (@each $T:ty, {$($Trait:ident $method:ident),* $(,)?}) => {
        value_first! { $([] $T, $Trait $method, $T;)* }
    };
}

with_itself! {
    {u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize}
    {
        AddAssign add_assign, SubAssign sub_assign, MulAssign mul_assign, DivAssign div_assign,
        RemAssign rem_assign, BitAndAssign bitand_assign, BitOrAssign bitor_assign,
        BitXorAssign bitxor_assign,
    }
}
with_itself! {
    {f32 f64}
    {
        AddAssign add_assign, SubAssign sub_assign, MulAssign mul_assign, DivAssign div_assign,
        RemAssign rem_assign,
    }
}
with_itself! {
    {bool}
    {BitAndAssign bitand_assign, BitOrAssign bitor_assign, BitXorAssign bitxor_assign}
}

macro_rules! shifts {
    ($($T:ty)*) => {
        value_first! {$(
            [B] $T, ShlAssign shl_assign, B where ($T: ShlAssign<B>);
            [B] $T, ShrAssign shr_assign, B where ($T: ShrAssign<B>);
        )*}
    };
}

shifts! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }

macro_rules! in_newtype {
    ($New:ident {$($Trait:ident $method:ident),* $(,)?}) => {
        value_first! {$(
            [T] $New<T>, $Trait $method, $New<T> where ($New<T>: $Trait);
        )*}
    };
}

in_newtype! {
    Wrapping
    {
        AddAssign add_assign, SubAssign sub_assign, MulAssign mul_assign, DivAssign div_assign,
        RemAssign rem_assign, BitAndAssign bitand_assign, BitOrAssign bitor_assign,
        BitXorAssign bitxor_assign,
    }
}
in_newtype! {
    Saturating
    {
        AddAssign add_assign, SubAssign sub_assign, MulAssign mul_assign, DivAssign div_assign,
        RemAssign rem_assign, BitAndAssign bitand_assign, BitOrAssign bitor_assign,
        BitXorAssign bitxor_assign,
    }
}

value_first! {
    [] Duration, AddAssign add_assign, Duration;
    [] Duration, SubAssign sub_assign, Duration;
    [] Duration, MulAssign mul_assign, u32;
    [] Duration, DivAssign div_assign, u32;
    [] Instant, AddAssign add_assign, Duration;
    [] Instant, SubAssign sub_assign, Duration;
    [] SystemTime, AddAssign add_assign, Duration;
    [] SystemTime, SubAssign sub_assign, Duration;
}
