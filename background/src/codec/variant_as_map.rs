//! Reads a variant for whoever takes whatever comes.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, MapAccess, Visitor};

use super::error::CodecError;
use super::reader::Reader;

/// A variant with contents, as a map from its name to them.
///
/// Serde's derive buffers values without knowing enums, and takes an enum out of the buffer where
/// it finds such a map.
pub(super) struct VariantAsMap<'a, 'de> {
    reader: &'a mut Reader<'de>,
    name: Option<&'de str>,
    /// The contents were not read yet.
    contents: bool,
}

impl<'a, 'de> VariantAsMap<'a, 'de> {
    /// Reads what follows `VARIANT`.
    pub(super) fn read<V: Visitor<'de>>(
        reader: &'a mut Reader<'de>,
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        let name = Some(reader.text()?);
        let mut variant = VariantAsMap { reader, name, contents: true };
        let value = visitor.visit_map(&mut variant)?;
        if variant.contents { Err(CodecError::TooMany) } else { Ok(value) }
    }
}

impl<'de> MapAccess<'de> for &mut VariantAsMap<'_, 'de> {
    type Error = CodecError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, CodecError> {
        let key = |name| seed.deserialize(BorrowedStrDeserializer::<CodecError>::new(name));
        self.name.take().map(key).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, CodecError> {
        self.contents = false;
        seed.deserialize(&mut *self.reader)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(1)
    }
}
