//! Writes values of all kinds.

use std::any::type_name;

use serde::{Serialize, Serializer};

use super::compound::Compound;
use super::error::CodecError;
use super::tag;
use super::writer::Writer;

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
        self.character(value);
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
