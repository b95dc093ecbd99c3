//! `for x in f`, `for x in &f`, `for x in &mut f`, and `f.extend(…)`.
//!
//! `IntoIterator` and never `Iterator`: a future that were an iterator itself would hide the
//! value's own `map`, `max` or `count`.

use super::lend::Lend;
use crate::handle::Background;

impl<T: IntoIterator> IntoIterator for Background<T> {
    type Item = T::Item;
    type IntoIter = T::IntoIter;

    #[inline]
    #[track_caller]
    fn into_iter(self) -> T::IntoIter {
        Background::join(self).into_iter()
    }
}

#[expect(clippy::into_iter_without_iter, reason = "`iter` is the value's own, by `Deref`")]
impl<'f, T> IntoIterator for &'f Background<T>
where
    <T as Lend<'f>>::Ref: IntoIterator,
{
    type Item = <<T as Lend<'f>>::Ref as IntoIterator>::Item;
    type IntoIter = <<T as Lend<'f>>::Ref as IntoIterator>::IntoIter;

    #[inline]
    #[track_caller]
    fn into_iter(self) -> Self::IntoIter {
        Background::get(self).into_iter()
    }
}

#[expect(clippy::into_iter_without_iter, reason = "`iter` is the value's own, by `Deref`")]
impl<'f, T> IntoIterator for &'f mut Background<T>
where
    <T as Lend<'f>>::Mut: IntoIterator,
{
    type Item = <<T as Lend<'f>>::Mut as IntoIterator>::Item;
    type IntoIter = <<T as Lend<'f>>::Mut as IntoIterator>::IntoIter;

    #[inline]
    #[track_caller]
    fn into_iter(self) -> Self::IntoIter {
        (&mut **self).into_iter()
    }
}

impl<T: Extend<A>, A> Extend<A> for Background<T> {
    #[inline]
    #[track_caller]
    fn extend<I: IntoIterator<Item = A>>(&mut self, items: I) {
        (**self).extend(items);
    }
}
