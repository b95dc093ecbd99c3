//! Reads numbers, with or without their tags.

use serde::de::{Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::error::CodecError;
use super::tag;

#[inline]
pub(super) fn take<const WIDTH: usize>(from: &mut &[u8]) -> Result<[u8; WIDTH], CodecError> {
    let missing = || CodecError::Missing(WIDTH - from.len());
    let (bytes, rest) = from.split_first_chunk().ok_or_else(missing)?;
    *from = rest;
    Ok(*bytes)
}

pub(super) fn read<'de, V: Visitor<'de>>(
    tag: u8,
    from: &mut &'de [u8],
    visitor: V,
) -> Result<V::Value, CodecError> {
    match tag {
        tag::U8 => visitor.visit_u8(u8::from_le_bytes(take(from)?)),
        tag::U16 => visitor.visit_u16(u16::from_le_bytes(take(from)?)),
        tag::U32 => visitor.visit_u32(u32::from_le_bytes(take(from)?)),
        tag::U64 => visitor.visit_u64(u64::from_le_bytes(take(from)?)),
        tag::U128 => visitor.visit_u128(u128::from_le_bytes(take(from)?)),
        tag::I8 => visitor.visit_i8(i8::from_le_bytes(take(from)?)),
        tag::I16 => visitor.visit_i16(i16::from_le_bytes(take(from)?)),
        tag::I32 => visitor.visit_i32(i32::from_le_bytes(take(from)?)),
        tag::I64 => visitor.visit_i64(i64::from_le_bytes(take(from)?)),
        tag::I128 => visitor.visit_i128(i128::from_le_bytes(take(from)?)),
        tag::F32 => visitor.visit_f32(f32::from_le_bytes(take(from)?)),
        tag::F64 => visitor.visit_f64(f64::from_le_bytes(take(from)?)),
        tag => Err(CodecError::UnknownTag(tag)),
    }
}

/// One number of a run, whose tag was written once for all of them.
pub(super) struct Number<'a, 'de> {
    pub(super) tag: u8,
    pub(super) run: &'a mut &'de [u8],
}

/// The loop over a run is as quick as a copy where it does not ask each number for its type.
macro_rules! expected {
    ($($method:ident $tag:ident $visit:ident($number:ty))*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
            if self.tag == tag::$tag {
                return visitor.$visit(<$number>::from_le_bytes(take(self.run)?));
            }
            self.deserialize_any(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Number<'_, 'de> {
    type Error = CodecError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        read(self.tag, self.run, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        visitor.visit_some(self)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        visitor.visit_newtype_struct(self)
    }

    expected! {
        deserialize_u8 U8 visit_u8(u8)
        deserialize_u16 U16 visit_u16(u16)
        deserialize_u32 U32 visit_u32(u32)
        deserialize_u64 U64 visit_u64(u64)
        deserialize_i8 I8 visit_i8(i8)
        deserialize_i16 I16 visit_i16(i16)
        deserialize_i32 I32 visit_i32(i32)
        deserialize_i64 I64 visit_i64(i64)
        deserialize_f32 F32 visit_f32(f32)
        deserialize_f64 F64 visit_f64(f64)
    }

    forward_to_deserialize_any! {
        bool i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct enum identifier ignored_any
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
