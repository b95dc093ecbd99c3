//! Reads bytes as a sequence.

use serde::de::{DeserializeSeed, SeqAccess, Visitor};

use super::error::CodecError;
use super::number::Number;
use super::{elements, tag};

/// What is left of a sequence that is nothing but bytes, all of them seen.
///
/// A type of its own beside [`Elements`](elements::Elements), which the visitor gets by value: so
/// the loop around it keeps it in registers, and is ten times as quick.
pub(super) struct ByteElements<'a, 'de> {
    rest: &'de [u8],
    /// Where to leave what the visitor did not want.
    unread: &'a mut &'de [u8],
}

impl<'de> ByteElements<'_, 'de> {
    pub(super) fn read<V: Visitor<'de>>(
        bytes: &'de [u8],
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        let mut unread = bytes;
        let value = visitor.visit_seq(ByteElements { rest: bytes, unread: &mut unread })?;
        if unread.is_empty() { Ok(value) } else { Err(CodecError::TooMany) }
    }
}

impl Drop for ByteElements<'_, '_> {
    #[inline]
    fn drop(&mut self) {
        *self.unread = self.rest;
    }
}

impl<'de> SeqAccess<'de> for ByteElements<'_, 'de> {
    type Error = CodecError;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, CodecError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        seed.deserialize(Number { tag: tag::U8, run: &mut self.rest }).map(Some)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(elements::hint(self.rest, 1))
    }
}
