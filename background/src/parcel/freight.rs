//! An encoded value.

use std::fmt;

/// A value as bytes. A byte vector or a text that is the whole value, or the only argument, is its
/// own encoding: it is moved, not copied.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Freight {
    pub(crate) bytes: Vec<u8>,
}

impl fmt::Debug for Freight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Freight({} bytes)", self.bytes.len())
    }
}
