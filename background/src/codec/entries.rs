//! Reads the entries of a map or struct.

use serde::de::{DeserializeSeed, MapAccess, Visitor};

use super::error::CodecError;
use super::reader::Reader;
use super::tag;

/// What is left of a map.
pub(super) struct Entries<'a, 'de> {
    reader: &'a mut Reader<'de>,
    /// For how many entries memory may be set aside.
    hint: usize,
    ended: bool,
}

impl<'a, 'de> Entries<'a, 'de> {
    /// Reads what follows `MAP`.
    pub(super) fn read<V: Visitor<'de>>(
        reader: &'a mut Reader<'de>,
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        let hint = usize::from(reader.byte()?).min(reader.ahead);
        reader.ahead -= hint;
        let mut entries = Entries { reader, hint, ended: false };
        let value = visitor.visit_map(&mut entries)?;
        if entries.advance()? {
            return Err(CodecError::TooMany);
        }
        entries.reader.ahead += hint;
        Ok(value)
    }

    /// Whether there is another entry.
    #[inline]
    fn advance(&mut self) -> Result<bool, CodecError> {
        if !self.ended && self.reader.peek()? == tag::END {
            self.reader.byte()?;
            self.ended = true;
        }
        Ok(!self.ended)
    }
}

impl<'de> MapAccess<'de> for &mut Entries<'_, 'de> {
    type Error = CodecError;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, CodecError> {
        if self.advance()? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, CodecError> {
        seed.deserialize(&mut *self.reader)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.hint)
    }
}
