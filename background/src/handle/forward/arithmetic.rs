//! Operators with the future first: `f + 1`, `&f + 1`.

use core::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Rem, Shl, Shr, Sub};

use super::lend::Lend;
use crate::handle::Background;

// Input:  Add add
// Output: `Background<T> + U` wherever `T + U`, `&Background<T> + U` wherever `&T + U`.
macro_rules! future_first {
    ($($Trait:ident $method:ident),* $(,)?) => {$(
        impl<T: $Trait<U>, U> $Trait<U> for Background<T> {
            type Output = T::Output;

            #[inline]
            #[track_caller]
            fn $method(self, right: U) -> T::Output {
                Background::join(self).$method(right)
            }
        }

        impl<'f, T, U> $Trait<U> for &'f Background<T>
        where
            <T as Lend<'f>>::Ref: $Trait<U>,
        {
            type Output = <<T as Lend<'f>>::Ref as $Trait<U>>::Output;

            #[inline]
            #[track_caller]
            fn $method(self, right: U) -> Self::Output {
                Background::get(self).$method(right)
            }
        }
    )*};
}

future_first! {
    Add add, Sub sub, Mul mul, Div div, Rem rem, BitAnd bitand, BitOr bitor, BitXor bitxor,
}

// Only where shifting a `T` gives a `T`. An integer shifts by every type of integer, so the type of
// a literal on the right is settled last; the type of the result must not wait for it.
macro_rules! shift_future {
    ($($Trait:ident $method:ident),* $(,)?) => {$(
        impl<T: $Trait<U, Output = T>, U> $Trait<U> for Background<T> {
            type Output = T;

            #[inline]
            #[track_caller]
            fn $method(self, right: U) -> T {
                Background::join(self).$method(right)
            }
        }

        impl<'f, T, U> $Trait<U> for &'f Background<T>
        where
            <T as Lend<'f>>::Ref: $Trait<U, Output = T>,
        {
            type Output = T;

            #[inline]
            #[track_caller]
            fn $method(self, right: U) -> T {
                Background::get(self).$method(right)
            }
        }
    )*};
}

shift_future!(Shl shl, Shr shr);
