//! A future of an error is an error, so that `return Err(f.into())` and error reporters take it.

use std::error::Error;

use crate::handle::Background;

impl<T: Error> Error for Background<T> {
    #[track_caller]
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Background::get(self).source()
    }
}
