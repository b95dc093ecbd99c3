//! Shifts with an integer first: `1_u64 << f`, `x >> &f`.

use core::ops::{Shl, Shr};

use crate::handle::Background;

/// An amount by which an `L` can be shifted.
///
/// `std` shifts every integer by every integer: 144 pairs, so the right side stays a parameter. The
/// bound is asked of the amount's type, as in [`Lend`](super::lend::Lend), and for the same reason.
pub trait Amount<L>: Sized {
    /// `left << self`
    fn shl(self, left: L) -> L;

    /// `left >> self`
    fn shr(self, left: L) -> L;
}

impl<L, B> Amount<L> for B
where
    L: Shl<B, Output = L> + Shr<B, Output = L>,
{
    #[inline]
    #[track_caller]
    fn shl(self, left: L) -> L {
        left << self
    }

    #[inline]
    #[track_caller]
    fn shr(self, left: L) -> L {
        left >> self
    }
}

// Input:  u8, Shl shl
// Output: the four forms (value or reference, on either side) of one operator on one type.
macro_rules! shift {
    ($($T:ty, $Trait:ident $method:ident;)*) => {$(
        impl<B: Amount<$T>> $Trait<Background<B>> for $T {
            type Output = $T;

            #[inline]
            #[track_caller]
            fn $method(self, future: Background<B>) -> $T {
                Amount::$method(Background::join(future), self)
            }
        }

        impl<B: Amount<$T> + Copy> $Trait<&Background<B>> for $T {
            type Output = $T;

            #[inline]
            #[track_caller]
            fn $method(self, future: &Background<B>) -> $T {
                Amount::$method(*Background::get(future), self)
            }
        }

        impl<B: Amount<$T>> $Trait<Background<B>> for &$T {
            type Output = $T;

            #[inline]
            #[track_caller]
            fn $method(self, future: Background<B>) -> $T {
                Amount::$method(Background::join(future), *self)
            }
        }

        impl<B: Amount<$T> + Copy> $Trait<&Background<B>> for &$T {
            type Output = $T;

            #[inline]
            #[track_caller]
            fn $method(self, future: &Background<B>) -> $T {
                Amount::$method(*Background::get(future), *self)
            }
        }
    )*};
}

macro_rules! shifts {
    ($($T:ty)*) => {
        shift! { $($T, Shl shl; $T, Shr shr;)* }
    };
}

shifts! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }
