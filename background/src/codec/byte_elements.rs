//! Reads bytes as a sequence.

use serde::de::{DeserializeSeed, SeqAccess, Visitor};

use super::error::CodecError;
use super::number::Number;
use super::{elements, tag};

/// What is left of a sequence that is nothing but bytes, all of them seen.
///
/// A type of its own beside [`Elements`](elements::Elements), so that the loop around it knows all
/// that it does and keeps it in registers: it is five times as quick.
pub(super) struct ByteElements<'de>(&'de [u8]);

impl<'de> ByteElements<'de> {
    #[inline]
    pub(super) fn read<V: Visitor<'de>>(
        bytes: &'de [u8],
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        let mut elements = Self(bytes);
        let value = visitor.visit_seq(&mut elements)?;
        if elements.0.is_empty() { Ok(value) } else { Err(CodecError::TooMany) }
    }
}

impl<'de> SeqAccess<'de> for &mut ByteElements<'de> {
    type Error = CodecError;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, CodecError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        seed.deserialize(Number { tag: tag::U8, run: &mut self.0 }).map(Some)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(elements::hint(self.0, 1))
    }
}
