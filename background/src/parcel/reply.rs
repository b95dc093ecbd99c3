//! What another process answers.

use crate::parcel::Freight;

/// How a call ended that another process has run to its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// The value, encoded.
    Value(Freight),
    /// The body panicked.
    Panicked(Panic),
    /// The arguments could not be decoded, or the value not encoded; says which and why.
    Encoding(String),
    /// The function cannot be run there; says why.
    Unsupported(String),
    /// The deadline that came with the call has passed.
    TimedOut,
    /// The value has so many bytes, and the program does not want so many.
    TooLarge(u64),
}

/// A panic in another process.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Panic {
    pub(crate) message: String,
    /// Where it was raised; `file:line:column`.
    pub(crate) location: Option<String>,
    pub(crate) backtrace: Option<String>,
}
