//! `f[0]`, `f[1..]`, `f["key"]`.
//!
//! The expressions themselves would work through `Deref`; these are for generic code that asks for
//! `Index`.

use core::ops::{Index, IndexMut};

use crate::handle::Background;

impl<T: Index<I>, I> Index<I> for Background<T> {
    type Output = T::Output;

    #[inline]
    #[track_caller]
    fn index(&self, index: I) -> &T::Output {
        Background::get(self).index(index)
    }
}

impl<T: IndexMut<I>, I> IndexMut<I> for Background<T> {
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, index: I) -> &mut T::Output {
        (**self).index_mut(index)
    }
}
