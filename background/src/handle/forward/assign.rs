//! Assigning operators with the future first: `f += 1`.

use core::ops::{
    AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign, ShlAssign,
    ShrAssign, SubAssign,
};

use crate::handle::Background;

macro_rules! future_first {
    ($($Trait:ident $method:ident),* $(,)?) => {$(
        impl<T: $Trait<U>, U> $Trait<U> for Background<T> {
            #[inline]
            #[track_caller]
            fn $method(&mut self, right: U) {
                (**self).$method(right);
            }
        }
    )*};
}

future_first! {
    AddAssign add_assign, SubAssign sub_assign, MulAssign mul_assign, DivAssign div_assign,
    RemAssign rem_assign, BitAndAssign bitand_assign, BitOrAssign bitor_assign,
    BitXorAssign bitxor_assign, ShlAssign shl_assign, ShrAssign shr_assign,
}
