//! Writes values.

use std::any::type_name;

use serde::ser::{Error, Serialize, Serializer};

use super::compound::Compound;
use super::error::CodecError;
use super::only_u8::OnlyU8;
use super::run::Run;
use super::tag::{self, WIDEST};
use super::{DEEPEST, length};

/// A run costs ten bytes more than its numbers, so short tuples do without.
const SHORTEST_RUN: usize = 8;

/// Appends one value to a buffer.
pub(super) struct Writer<'a> {
    into: &'a mut Vec<u8>,
    /// How many levels may still be entered.
    pub(super) depth: usize,
    pub(super) run: Run,
}

impl<'a> Writer<'a> {
    pub(super) fn new(into: &'a mut Vec<u8>) -> Self {
        Self { into, depth: DEEPEST, run: Run::Not }
    }

    #[inline]
    pub(super) fn tag(&mut self, tag: u8) {
        self.end_run();
        self.into.push(tag);
    }

    #[inline]
    fn end_run(&mut self) {
        if let Run::Open { tag, start } = self.run {
            self.count_run(tag, start);
        }
        self.run = Run::Not;
    }

    #[cold]
    fn count_run(&mut self, tag: u8, start: usize) {
        let width = tag::width(tag).unwrap_or(1);
        let count = ((self.into.len() - start) / width) as u64;
        self.into[start - 8..start].copy_from_slice(&count.to_le_bytes());
    }

    fn open_run(&mut self, tag: u8) {
        self.into.extend_from_slice(&[tag::RUN, tag, 0, 0, 0, 0, 0, 0, 0, 0]);
        self.run = Run::Open { tag, start: self.into.len() };
    }

    #[inline]
    fn number<const WIDTH: usize>(&mut self, tag: u8, bytes: [u8; WIDTH]) {
        match self.run {
            Run::Open { tag: open, .. } if open == tag => self.into.extend_from_slice(&bytes),
            Run::Next => {
                self.open_run(tag);
                self.into.extend_from_slice(&bytes);
            }
            Run::Not | Run::Open { .. } => {
                // In one piece: each append looks whether there is room.
                let mut tagged = [0; 1 + WIDEST];
                tagged[0] = tag;
                tagged[1..=WIDTH].copy_from_slice(&bytes);
                self.end_run();
                self.into.extend_from_slice(&tagged[..=WIDTH]);
            }
        }
    }

    #[inline]
    pub(super) fn text(&mut self, tag: u8, bytes: &[u8]) {
        self.end_run();
        length::write(tag, bytes.len(), self.into);
        self.into.extend_from_slice(bytes);
    }

    #[inline]
    fn enter(&mut self) -> Result<(), CodecError> {
        self.depth = self.depth.checked_sub(1).ok_or(CodecError::TooDeep)?;
        Ok(())
    }

    #[inline]
    fn open(&mut self, tag: u8, entries: Option<usize>) -> Result<(), CodecError> {
        self.enter()?;
        let hint = entries.map_or(0, |entries| u8::try_from(entries).unwrap_or(u8::MAX));
        self.end_run();
        self.into.extend_from_slice(&[tag, hint]);
        Ok(())
    }

    fn sequence(&mut self, length: Option<usize>) -> Result<Compound<'_, 'a>, CodecError> {
        let outside = self.depth;
        self.open(tag::SEQ, length)?;
        let runs = length.is_none_or(|length| length >= SHORTEST_RUN);
        Ok(Compound { writer: self, outside, runs })
    }

    fn map(&mut self, length: Option<usize>) -> Result<Compound<'_, 'a>, CodecError> {
        let outside = self.depth;
        self.open(tag::MAP, length)?;
        Ok(Compound { writer: self, outside, runs: false })
    }

    fn variant(&mut self, name: &str) -> Result<(), CodecError> {
        self.enter()?;
        self.text(tag::VARIANT, name.as_bytes());
        Ok(())
    }

    /// Writes elements of a type called `u8` in one go: their iterator knows how many come, so the
    /// buffer grows once and the loop has no branch.
    fn bytes(&mut self, bytes: impl Iterator<Item: Serialize>) -> Result<(), CodecError> {
        let (least, most) = bytes.size_hint();
        self.open(tag::SEQ, most.filter(|most| *most == least))?;
        self.open_run(tag::U8);
        let mut strange = false;
        self.into.extend(bytes.map(|byte| {
            byte.serialize(OnlyU8).unwrap_or_else(|_| {
                strange = true;
                0
            })
        }));
        // The name of a type is no proof.
        if strange {
            return Err(CodecError::custom("a type called `u8` is not serialised as one"));
        }
        self.tag(tag::END);
        self.depth += 1;
        Ok(())
    }
}

macro_rules! numbers {
    ($($method:ident($number:ty) $tag:ident)*) => {$(
        #[inline]
        fn $method(self, number: $number) -> Result<(), CodecError> {
            self.number(tag::$tag, number.to_le_bytes());
            Ok(())
        }
    )*};
}

impl<'a, 'b> Serializer for &'a mut Writer<'b> {
    type Ok = ();
    type Error = CodecError;
    type SerializeSeq = Compound<'a, 'b>;
    type SerializeTuple = Compound<'a, 'b>;
    type SerializeTupleStruct = Compound<'a, 'b>;
    type SerializeTupleVariant = Compound<'a, 'b>;
    type SerializeMap = Compound<'a, 'b>;
    type SerializeStruct = Compound<'a, 'b>;
    type SerializeStructVariant = Compound<'a, 'b>;

    numbers! {
        serialize_u8(u8) U8
        serialize_u16(u16) U16
        serialize_u32(u32) U32
        serialize_u64(u64) U64
        serialize_u128(u128) U128
        serialize_i8(i8) I8
        serialize_i16(i16) I16
        serialize_i32(i32) I32
        serialize_i64(i64) I64
        serialize_i128(i128) I128
        serialize_f32(f32) F32
        serialize_f64(f64) F64
    }

    fn serialize_bool(self, value: bool) -> Result<(), CodecError> {
        self.tag(if value { tag::TRUE } else { tag::FALSE });
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), CodecError> {
        self.tag(tag::CHAR);
        self.into.extend_from_slice(&u32::from(value).to_le_bytes());
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), CodecError> {
        self.text(tag::STR, text.as_bytes());
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), CodecError> {
        self.text(tag::BYTES, bytes);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), CodecError> {
        self.tag(tag::NONE);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CodecError> {
        self.enter()?;
        self.tag(tag::SOME);
        value.serialize(&mut *self)?;
        self.depth += 1;
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), CodecError> {
        self.tag(tag::UNIT);
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), CodecError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), CodecError> {
        self.text(tag::UNIT_VARIANT, variant.as_bytes());
        Ok(())
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), CodecError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), CodecError> {
        self.variant(variant)?;
        value.serialize(&mut *self)?;
        self.depth += 1;
        Ok(())
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Compound<'a, 'b>, CodecError> {
        self.sequence(length)
    }

    fn serialize_tuple(self, length: usize) -> Result<Compound<'a, 'b>, CodecError> {
        self.sequence(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Compound<'a, 'b>, CodecError> {
        self.sequence(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Compound<'a, 'b>, CodecError> {
        self.variant(variant)?;
        self.sequence(Some(length)).map(Compound::of_variant)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Compound<'a, 'b>, CodecError> {
        self.map(length)
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Compound<'a, 'b>, CodecError> {
        self.map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Compound<'a, 'b>, CodecError> {
        self.variant(variant)?;
        self.map(Some(length)).map(Compound::of_variant)
    }

    fn collect_seq<I: IntoIterator<Item: Serialize>>(self, items: I) -> Result<(), CodecError> {
        let items = items.into_iter();
        // Known when the program is compiled, so either branch is all that is left.
        if type_name::<I::Item>().trim_start_matches('&') == "u8" {
            return self.bytes(items);
        }
        let (least, most) = items.size_hint();
        let mut compound = self.sequence(most.filter(|most| *most == least))?;
        for item in items {
            compound.element(&item)?;
        }
        compound.end();
        Ok(())
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
