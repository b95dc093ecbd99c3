//! Reads values.

use std::str;

use serde::de::{Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::byte_elements::ByteElements;
use super::elements::Elements;
use super::entries::Entries;
use super::error::CodecError;
use super::variant::Variant;
use super::variant_as_map::VariantAsMap;
use super::{DEEPEST, length, number, tag};

/// For how many entries, in all sequences and maps that are open, memory may be set aside before
/// their bytes were seen. That is no more than 32 KiB in all where they take up to 256 bytes each.
const AHEAD: usize = 128;

/// Takes values from the front of bytes that nobody vouches for.
pub(super) struct Reader<'de> {
    rest: &'de [u8],
    /// How many levels may still be entered.
    depth: usize,
    /// What is left of [`AHEAD`].
    pub(super) ahead: usize,
}

impl<'de> Reader<'de> {
    pub(super) fn new(bytes: &'de [u8]) -> Self {
        Self { rest: bytes, depth: DEEPEST, ahead: AHEAD }
    }

    pub(super) fn finish(&self) -> Result<(), CodecError> {
        if self.rest.is_empty() { Ok(()) } else { Err(CodecError::LeftOver(self.rest.len())) }
    }

    #[inline]
    pub(super) fn peek(&self) -> Result<u8, CodecError> {
        self.rest.first().copied().ok_or(CodecError::Missing(1))
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, CodecError> {
        let (&first, rest) = self.rest.split_first().ok_or(CodecError::Missing(1))?;
        self.rest = rest;
        Ok(first)
    }

    #[inline]
    pub(super) fn take(&mut self, length: usize) -> Result<&'de [u8], CodecError> {
        let missing = || CodecError::Missing(length - self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(missing)?;
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    fn sized(&mut self) -> Result<&'de [u8], CodecError> {
        let length = length::read(self)?;
        self.take(length)
    }

    #[inline]
    pub(super) fn text(&mut self) -> Result<&'de str, CodecError> {
        str::from_utf8(self.sized()?).map_err(|_| CodecError::NotText)
    }

    fn character(&mut self) -> Result<char, CodecError> {
        let code = u32::from_le_bytes(number::take(&mut self.rest)?);
        char::from_u32(code).ok_or(CodecError::NotAChar(code))
    }

    /// Reads what is one level further down.
    #[inline]
    fn inside<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        self.depth = self.depth.checked_sub(1).ok_or(CodecError::TooDeep)?;
        let result = read(self);
        self.depth += 1;
        result
    }

    fn some<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, CodecError> {
        self.inside(|reader| visitor.visit_some(reader))
    }

    fn sequence<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, CodecError> {
        self.inside(|reader| Elements::read(reader, visitor))
    }

    fn map<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, CodecError> {
        self.inside(|reader| Entries::read(reader, visitor))
    }

    fn variant_as_map<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, CodecError> {
        self.inside(|reader| VariantAsMap::read(reader, visitor))
    }

    fn variant<V: Visitor<'de>>(
        &mut self,
        contents: bool,
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        let name = self.text()?;
        let read = |reader: &mut Self| visitor.visit_enum(Variant { reader, name, contents });
        if contents { self.inside(read) } else { read(self) }
    }

    /// The bytes of the sequence that comes next, if it is nothing but one run of them.
    fn sequence_of_bytes(&self) -> Option<(&'de [u8], &'de [u8])> {
        let [tag::SEQ, _hint, tag::RUN, tag::U8, counted @ ..] = self.rest else {
            return None;
        };
        let (count, rest) = counted.split_first_chunk()?;
        let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
        let (bytes, rest) = rest.split_at_checked(count)?;
        let (&end, rest) = rest.split_first()?;
        (end == tag::END).then_some((bytes, rest))
    }
}

/// What is nearly always there is looked for first, without the way through all tags.
macro_rules! expected {
    ($($method:ident $tag:ident $visit:ident($number:ty))*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
            if let [tag::$tag, rest @ ..] = self.rest {
                self.rest = rest;
                return visitor.$visit(<$number>::from_le_bytes(number::take(&mut self.rest)?));
            }
            self.deserialize_any(visitor)
        }
    )*};
}

/// Every value says what it is, so what the visitor hopes for matters in a few cases only.
impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = CodecError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        match self.byte()? {
            tag::UNIT => visitor.visit_unit(),
            tag::FALSE => visitor.visit_bool(false),
            tag::TRUE => visitor.visit_bool(true),
            tag::CHAR => visitor.visit_char(self.character()?),
            tag::STR | tag::UNIT_VARIANT => visitor.visit_borrowed_str(self.text()?),
            tag::BYTES => visitor.visit_borrowed_bytes(self.sized()?),
            tag::NONE => visitor.visit_none(),
            tag::SOME => self.some(visitor),
            tag::SEQ => self.sequence(visitor),
            tag::MAP => self.map(visitor),
            tag::VARIANT => self.variant_as_map(visitor),
            tag => number::read(tag, &mut self.rest, visitor),
        }
    }

    /// A type may write its value plainly and read it as an option, so what is neither is `Some`.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        match self.peek()? {
            tag::NONE | tag::SOME => self.deserialize_any(visitor),
            tag::UNIT => {
                self.byte()?;
                visitor.visit_none()
            }
            _ => visitor.visit_some(self),
        }
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        match self.peek()? {
            tag @ (tag::UNIT_VARIANT | tag::VARIANT | tag::STR) => {
                self.byte()?;
                self.variant(tag == tag::VARIANT, visitor)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        if let Some((bytes, rest)) = self.sequence_of_bytes() {
            self.rest = rest;
            return visitor.visit_borrowed_bytes(bytes);
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        if let Some((bytes, rest)) = self.sequence_of_bytes() {
            self.rest = rest;
            return ByteElements::read(bytes, visitor);
        }
        if let [tag::BYTES, rest @ ..] = self.rest {
            self.rest = rest;
            return ByteElements::read(self.sized()?, visitor);
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        self.deserialize_seq(visitor)
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

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        if let [tag::STR, rest @ ..] = self.rest {
            self.rest = rest;
            return visitor.visit_borrowed_str(self.text()?);
        }
        self.deserialize_any(visitor)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        if let [tag::MAP, rest @ ..] = self.rest {
            self.rest = rest;
            return self.map(visitor);
        }
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i128 u128 char str string unit unit_struct tuple_struct map ignored_any
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
