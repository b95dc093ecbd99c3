//! Lengths of strings, bytes and names: seven bits to a byte.

use super::error::CodecError;
use super::reader::Reader;

/// Most strings and nearly all names are shorter than this, and their lengths take one byte.
const LONG: u8 = 0x80;

/// Writes a tag and the length that follows it.
#[inline]
pub(super) fn write(tag: u8, length: usize, into: &mut Vec<u8>) {
    if length < usize::from(LONG) {
        into.extend_from_slice(&[tag, low_bits(length)]);
    } else {
        into.push(tag);
        write_long(length, into);
    }
}

fn write_long(mut length: usize, into: &mut Vec<u8>) {
    while length >= usize::from(LONG) {
        into.push(low_bits(length) | LONG);
        length >>= 7;
    }
    into.push(low_bits(length));
}

#[expect(clippy::cast_possible_truncation, reason = "the other bits are masked")]
fn low_bits(length: usize) -> u8 {
    (length & 0x7f) as u8
}

#[inline]
pub(super) fn read(from: &mut Reader<'_>) -> Result<usize, CodecError> {
    let first = from.byte()?;
    if first < LONG { Ok(usize::from(first)) } else { read_long(first, from) }
}

fn read_long(first: u8, from: &mut Reader<'_>) -> Result<usize, CodecError> {
    let mut length = u64::from(first & !LONG);
    for group in 1..10 {
        let byte = from.byte()?;
        let bits = u64::from(byte & !LONG);
        let shifted = bits << (7 * group);
        if shifted >> (7 * group) != bits {
            break;
        }
        length |= shifted;
        if byte < LONG {
            return usize::try_from(length).map_err(|_| CodecError::TooLong);
        }
    }
    Err(CodecError::TooLong)
}
