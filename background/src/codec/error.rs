//! What went wrong with a value on its way.

use std::error::Error;
use std::fmt;

use serde::de::{self, Expected, Unexpected};
use serde::ser;

use super::DEEPEST;
use super::short::Short;

/// A value could not be encoded or decoded. Its display is one clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CodecError {
    /// More levels than [`DEEPEST`], found by either side.
    TooDeep,
    /// The bytes end this many too early.
    Missing(usize),
    /// The value ends this many bytes too early.
    LeftOver(usize),
    /// A sequence or map has more entries than its type takes.
    TooMany,
    /// A length that no memory holds.
    TooLong,
    /// Text that is no UTF-8.
    NotText,
    /// A code point that is no character.
    NotAChar(u32),
    /// A byte that begins no value.
    UnknownTag(u8),
    /// What the type of the value had to say.
    Message(String),
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooDeep => write!(f, "the value is nested deeper than {DEEPEST}"),
            Self::Missing(1) => f.write_str("1 byte is missing"),
            Self::Missing(bytes) => write!(f, "{bytes} bytes are missing"),
            Self::LeftOver(1) => f.write_str("1 byte is left over"),
            Self::LeftOver(bytes) => write!(f, "{bytes} bytes are left over"),
            Self::TooMany => f.write_str("a sequence or map goes on where it should end"),
            Self::TooLong => f.write_str("a length is more than memory can hold"),
            Self::NotText => f.write_str("a text is not UTF-8"),
            Self::NotAChar(code) => write!(f, "there is no character {code:#x}"),
            Self::UnknownTag(byte) => write!(f, "no value begins with the byte {byte:#04x}"),
            Self::Message(message) => f.write_str(message),
        }
    }
}

impl Error for CodecError {}

impl ser::Error for CodecError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Message(Short::of(format_args!("{message}")))
    }
}

impl de::Error for CodecError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Message(Short::of(format_args!("{message}")))
    }

    // A wrong type is a matter of the type. What a text says may be long, and is nobody's business.
    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Str(_) => Unexpected::Other("string"),
            other => other,
        };
        Self::Message(Short::of(format_args!("invalid type: {found}, expected {expected}")))
    }
}
