//! How arguments and results travel between two processes of one program.
//!
//! Both ends are the same executable, so nothing is owed to older or younger versions. All the same
//! the format is *self-describing*: every value says what it is. Many types need that, because they
//! ask to see a value before they know what they want of it: flattened structs, untagged and
//! internally tagged enums, fields that are left out, `Option<Option<T>>`, `serde_json::Value`.
//!
//! # Format
//!
//! A value is a tag, which is one byte, and what the tag calls for. Numbers have the width of their
//! type, the least significant byte first. A *length* is a `u64` in groups of seven bits, the least
//! significant first; all but the last have the eighth bit set.
//!
//! | tag | followed by | is |
//! |---|---|---|
//! | `END` | | no value: the end of the innermost sequence or map |
//! | `UNIT` | | `()`, a unit struct |
//! | `FALSE`, `TRUE` | | `bool` |
//! | `U8` … `U128`, `I8` … `I128` | the number | an integer |
//! | `F32`, `F64` | the bits | a float, NaNs with their payload |
//! | `CHAR` | its code point, 4 bytes | `char` |
//! | `STR` | length, UTF-8 | a string; the name of a field |
//! | `BYTES` | length, bytes | what its type calls bytes |
//! | `NONE` | | `None` |
//! | `SOME` | value | `Some` |
//! | `SEQ` | hint, values and runs, `END` | a sequence, tuple or tuple struct |
//! | `RUN` | tag, how many (8 bytes), bare numbers | *only in a sequence:* so many numbers of one type |
//! | `MAP` | hint, (value, value)…, `END` | a map; a struct, as a map from the names of its fields |
//! | `UNIT_VARIANT` | length, name | a variant without contents |
//! | `VARIANT` | length, name, value | a variant with contents: a value, a sequence or a map |
//!
//! A newtype struct is what it holds. Variants go by their names, since their indices differ between
//! the two directions where a type skips variants. A *hint* is one byte: how many entries there will
//! be, 255 for more, 0 where nobody knew. Only `END` says where the entries end.
//!
//! A sequence opens a run when its first element is a number, and leaves it for good at the first
//! element that does not fit. So the numbers of a `Vec<f64>` take no more room than they have, and a
//! `Vec<u8>` is written at the speed of a copy, while neither needs a type of its own.
//!
//! # Trust
//!
//! The bytes come from a process that may have been hit by anything, so the reader trusts none of
//! them. Tags, lengths and UTF-8 are checked, nothing may be left over, and values nest at most
//! [`DEEPEST`] deep; the writer keeps to the same depth. Before the bytes of an element were seen,
//! memory is set aside for a limited number of elements only, see [`reader`] and [`elements`].
//!
//! Types that no self-describing format can carry do not travel: `i128` and `u128` in the places
//! where serde's derive buffers a value, that is in untagged and internally tagged enums and in
//! structs that flatten something.

mod byte_elements;
mod compound;
mod elements;
mod entries;
mod error;
mod length;
mod number;
mod only_u8;
mod reader;
mod run;
mod serializer;
mod short;
mod tag;
#[cfg(test)]
mod tests;
mod variant;
mod variant_as_map;
mod writer;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use error::CodecError;
use reader::Reader;
use writer::Writer;

/// How deep values may nest: each sequence, map, `Some` and variant with contents is one level.
///
/// A level takes most stack when it is read in a program without optimisation: some 3 KiB in types
/// like `serde_json::Value`, and 8 KiB in a struct with a kilobyte of fields. So the latter get by
/// with half of the 2 MiB that std gives to a thread.
const DEEPEST: usize = 128;

/// Appends the encoded value. After an error there is as much in `into` as before.
pub(crate) fn encode<T: Serialize + ?Sized>(
    value: &T,
    into: &mut Vec<u8>,
) -> Result<(), CodecError> {
    let before = into.len();
    let written = value.serialize(&mut Writer::new(into));
    if written.is_err() {
        into.truncate(before);
    }
    written
}

/// Decodes a value which has to take up all of `bytes`.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    let mut reader = Reader::new(bytes);
    let value = T::deserialize(&mut reader)?;
    reader.finish()?;
    Ok(value)
}
