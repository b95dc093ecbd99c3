//! The first byte of everything. What follows each is in the table of [`codec`](super).
//!
//! Constants and not an enum: a byte that was received may be none of them.

pub(super) const END: u8 = 0;
pub(super) const UNIT: u8 = 1;
pub(super) const FALSE: u8 = 2;
pub(super) const TRUE: u8 = 3;

pub(super) const U8: u8 = 4;
pub(super) const U16: u8 = 5;
pub(super) const U32: u8 = 6;
pub(super) const U64: u8 = 7;
pub(super) const U128: u8 = 8;
pub(super) const I8: u8 = 9;
pub(super) const I16: u8 = 10;
pub(super) const I32: u8 = 11;
pub(super) const I64: u8 = 12;
pub(super) const I128: u8 = 13;
pub(super) const F32: u8 = 14;
pub(super) const F64: u8 = 15;

pub(super) const CHAR: u8 = 16;
pub(super) const STR: u8 = 17;
pub(super) const BYTES: u8 = 18;
pub(super) const NONE: u8 = 19;
pub(super) const SOME: u8 = 20;
pub(super) const SEQ: u8 = 21;
pub(super) const RUN: u8 = 22;
pub(super) const MAP: u8 = 23;
pub(super) const UNIT_VARIANT: u8 = 24;
pub(super) const VARIANT: u8 = 25;

/// The largest number has so many bytes.
pub(super) const WIDEST: usize = 16;

/// How many bytes a number with this tag has; `None` for what is no number.
pub(super) fn width(tag: u8) -> Option<usize> {
    match tag {
        U8 | I8 => Some(1),
        U16 | I16 => Some(2),
        U32 | I32 | F32 => Some(4),
        U64 | I64 | F64 => Some(8),
        U128 | I128 => Some(WIDEST),
        _ => None,
    }
}
