//! Comparison with the future first: `f == 5`, `f < 5`, and what keys of a map need.
//!
//! `lt` and so on are spelled out: their provided forms are not `#[track_caller]`, and a touch that
//! fails has to name the line of the comparison.

use core::cmp::Ordering;
use core::hash::{Hash, Hasher};

use crate::handle::Background;

impl<T, U: ?Sized> PartialEq<U> for Background<T>
where
    T: PartialEq<U>,
{
    #[inline]
    #[track_caller]
    fn eq(&self, other: &U) -> bool {
        PartialEq::eq(Background::get(self), other)
    }

    tracked_ne!(U);
}

impl<T, U: ?Sized> PartialOrd<U> for Background<T>
where
    T: PartialOrd<U>,
{
    #[inline]
    #[track_caller]
    fn partial_cmp(&self, other: &U) -> Option<Ordering> {
        Background::get(self).partial_cmp(other)
    }

    #[inline]
    #[track_caller]
    fn lt(&self, other: &U) -> bool {
        PartialOrd::lt(Background::get(self), other)
    }

    #[inline]
    #[track_caller]
    fn le(&self, other: &U) -> bool {
        PartialOrd::le(Background::get(self), other)
    }

    #[inline]
    #[track_caller]
    fn gt(&self, other: &U) -> bool {
        PartialOrd::gt(Background::get(self), other)
    }

    #[inline]
    #[track_caller]
    fn ge(&self, other: &U) -> bool {
        PartialOrd::ge(Background::get(self), other)
    }
}

// `f == f` asks for `T: PartialEq<Background<T>>`, which the orphan rule leaves to the crate that
// owns `T`: this crate has it for the standard library's types, a user may write it for theirs.
impl<T> Eq for Background<T> where T: Eq + PartialEq<Background<T>> {}

impl<T> Ord for Background<T>
where
    T: Ord + PartialOrd<Background<T>>,
{
    #[inline]
    #[track_caller]
    fn cmp(&self, other: &Self) -> Ordering {
        Background::get(self).cmp(Background::get(other))
    }
}

impl<T: Hash> Hash for Background<T> {
    #[inline]
    #[track_caller]
    fn hash<H: Hasher>(&self, state: &mut H) {
        Background::get(self).hash(state);
    }
}
