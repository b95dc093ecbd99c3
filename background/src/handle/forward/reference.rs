//! `AsRef`, `AsMut`, `Borrow`, `BorrowMut`: what an API that takes `impl AsRef<Path>` asks, and
//! what looking a future up in a map by its value needs.

use std::borrow::{Borrow, BorrowMut};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::handle::Background;

impl<T: AsRef<U>, U: ?Sized> AsRef<U> for Background<T> {
    #[inline]
    #[track_caller]
    fn as_ref(&self) -> &U {
        Background::get(self).as_ref()
    }
}

impl<T: AsMut<U>, U: ?Sized> AsMut<U> for Background<T> {
    #[inline]
    #[track_caller]
    fn as_mut(&mut self) -> &mut U {
        (**self).as_mut()
    }
}

impl<T> Borrow<T> for Background<T> {
    #[inline]
    #[track_caller]
    fn borrow(&self) -> &T {
        Background::get(self)
    }
}

impl<T> BorrowMut<T> for Background<T> {
    #[inline]
    #[track_caller]
    fn borrow_mut(&mut self) -> &mut T {
        self
    }
}

// `Borrow<U>` for every `T: Borrow<U>` would overlap with the impl above: every `T` is `Borrow<T>`.
macro_rules! borrow {
    ($([$($generics:tt)*] $T:ty as $U:ty;)*) => {$(
        impl<$($generics)*> Borrow<$U> for Background<$T> {
            #[inline]
            #[track_caller]
            fn borrow(&self) -> &$U {
                Background::get(self).borrow()
            }
        }
    )*};
}

borrow! {
    [] String as str;
    [] &str as str;
    [] PathBuf as Path;
    [] OsString as OsStr;
    [T] Vec<T> as [T];
    [T, const N: usize] [T; N] as [T];
}
