//! Reads the elements of a sequence.

use serde::de::{DeserializeSeed, SeqAccess, Visitor};

use super::error::CodecError;
use super::number::Number;
use super::reader::Reader;
use super::tag::{self, WIDEST};

/// Whatever type reads a run, no more than the run's own bytes and so many others are set aside for
/// it, unless its elements are larger than any number.
const SPARE: usize = 16 << 10;

/// How many elements a run of this width may announce.
pub(super) fn hint(run: &[u8], width: usize) -> usize {
    (run.len() / width).min((run.len() + SPARE) / WIDEST)
}

/// What is left of a sequence.
pub(super) struct Elements<'a, 'de> {
    reader: &'a mut Reader<'de>,
    /// The numbers of a run that were not read yet; when there are none, a tag comes next.
    run: &'de [u8],
    /// The tag of these numbers.
    tag: u8,
    /// For how many elements memory may be set aside.
    hint: usize,
    ended: bool,
}

impl<'a, 'de> Elements<'a, 'de> {
    /// Reads what follows `SEQ`.
    pub(super) fn read<V: Visitor<'de>>(
        reader: &'a mut Reader<'de>,
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        let hint = usize::from(reader.byte()?).min(reader.ahead);
        reader.ahead -= hint;
        let mut elements = Elements { reader, run: &[], tag: tag::END, hint, ended: false };
        elements.start()?;
        let value = visitor.visit_seq(&mut elements)?;
        elements.finish()?;
        elements.reader.ahead += hint;
        Ok(value)
    }

    /// A sequence that starts with a run says better than its hint how long it is.
    #[inline]
    fn start(&mut self) -> Result<(), CodecError> {
        if self.reader.peek()? == tag::RUN {
            let width = self.open_run()?;
            self.hint = hint(self.run, width);
        }
        Ok(())
    }

    fn open_run(&mut self) -> Result<usize, CodecError> {
        self.reader.byte()?;
        self.tag = self.reader.byte()?;
        let width = tag::width(self.tag).ok_or(CodecError::UnknownTag(self.tag))?;
        let mut count = self.reader.take(8)?;
        let count = u64::from_le_bytes(super::number::take(&mut count)?);
        let bytes = usize::try_from(count).ok().and_then(|count| count.checked_mul(width));
        self.run = self.reader.take(bytes.ok_or(CodecError::TooLong)?)?;
        Ok(width)
    }

    /// Goes to the next element that has a tag, or opens a run; `false` at the end.
    fn advance(&mut self) -> Result<bool, CodecError> {
        while !self.ended {
            match self.reader.peek()? {
                tag::END => {
                    self.reader.byte()?;
                    self.ended = true;
                }
                tag::RUN => {
                    self.open_run()?;
                    if !self.run.is_empty() {
                        return Ok(true);
                    }
                }
                _ => return Ok(true),
            }
        }
        Ok(false)
    }

    fn finish(&mut self) -> Result<(), CodecError> {
        if !self.run.is_empty() || self.advance()? {
            return Err(CodecError::TooMany);
        }
        Ok(())
    }
}

impl<'de> SeqAccess<'de> for &mut Elements<'_, 'de> {
    type Error = CodecError;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, CodecError> {
        if self.run.is_empty() && !self.advance()? {
            return Ok(None);
        }
        if self.run.is_empty() {
            return seed.deserialize(&mut *self.reader).map(Some);
        }
        seed.deserialize(Number { tag: self.tag, run: &mut self.run }).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.hint)
    }
}
