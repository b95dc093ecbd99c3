//! A future serialises as its value.

use serde::{Serialize, Serializer};

use crate::handle::Background;

impl<T: Serialize> Serialize for Background<T> {
    #[track_caller]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Background::get(self).serialize(serializer)
    }
}
