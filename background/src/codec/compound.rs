//! Writes what has entries.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::error::CodecError;
use super::run::Run;
use super::tag;
use super::writer::Writer;

/// A sequence or map that is being written.
pub(super) struct Compound<'a, 'b> {
    pub(super) writer: &'a mut Writer<'b>,
    /// The depth that is left after its end.
    pub(super) outside: usize,
    /// All elements so far were numbers of one type, so the next may be part of a run.
    pub(super) runs: bool,
}

impl Compound<'_, '_> {
    /// The variant around it ends with it.
    pub(super) fn of_variant(mut self) -> Self {
        self.outside += 1;
        self
    }

    #[inline]
    pub(super) fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
        if !self.runs {
            return value.serialize(&mut *self.writer);
        }
        if matches!(self.writer.run, Run::Not) {
            self.writer.run = Run::Next;
        }
        value.serialize(&mut *self.writer)?;
        self.runs = matches!(self.writer.run, Run::Open { .. });
        Ok(())
    }

    #[inline]
    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), CodecError> {
        self.writer.text(tag::STR, name.as_bytes());
        value.serialize(&mut *self.writer)
    }

    #[inline]
    pub(super) fn end(self) {
        self.writer.tag(tag::END);
        self.writer.depth = self.outside;
    }
}

macro_rules! sequences {
    ($($kind:ident::$method:ident)*) => {$(
        impl $kind for Compound<'_, '_> {
            type Ok = ();
            type Error = CodecError;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
                self.element(value)
            }

            #[inline]
            fn end(self) -> Result<(), CodecError> {
                Compound::end(self);
                Ok(())
            }
        }
    )*};
}

sequences! {
    SerializeSeq::serialize_element
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
    SerializeTupleVariant::serialize_field
}

macro_rules! structs {
    ($($kind:ident)*) => {$(
        impl $kind for Compound<'_, '_> {
            type Ok = ();
            type Error = CodecError;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), CodecError> {
                self.field(name, value)
            }

            #[inline]
            fn end(self) -> Result<(), CodecError> {
                Compound::end(self);
                Ok(())
            }
        }
    )*};
}

structs! { SerializeStruct SerializeStructVariant }

impl SerializeMap for Compound<'_, '_> {
    type Ok = ();
    type Error = CodecError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CodecError> {
        key.serialize(&mut *self.writer)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), CodecError> {
        Compound::end(self);
        Ok(())
    }
}
