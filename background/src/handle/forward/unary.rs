//! `!f` and `-f`, by value and by reference.

use core::ops::{Neg, Not};

use super::lend::Lend;
use crate::handle::Background;

macro_rules! unary {
    ($($Trait:ident $method:ident),*) => {$(
        impl<T: $Trait> $Trait for Background<T> {
            type Output = T::Output;

            #[inline]
            #[track_caller]
            fn $method(self) -> T::Output {
                Background::join(self).$method()
            }
        }

        impl<'f, T> $Trait for &'f Background<T>
        where
            <T as Lend<'f>>::Ref: $Trait,
        {
            type Output = <<T as Lend<'f>>::Ref as $Trait>::Output;

            #[inline]
            #[track_caller]
            fn $method(self) -> Self::Output {
                Background::get(self).$method()
            }
        }
    )*};
}

unary!(Not not, Neg neg);
