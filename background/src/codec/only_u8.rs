//! Takes the byte out of whatever is a `u8`.

use serde::ser::{Error, Impossible, Serialize, Serializer};

use super::error::CodecError;

/// Yields a `u8` and refuses everything else.
///
/// Generic code that knows by a type's name only that it is `u8` gets at the byte through this,
/// without a cast, and in a loop it costs nothing.
pub(super) struct OnlyU8;

type Refused<T> = Result<T, CodecError>;

fn refuse<T>() -> Refused<T> {
    Err(CodecError::custom("not a byte"))
}

macro_rules! refused {
    ($($method:ident($($argument:ty),*) -> $ok:ty;)*) => {$(
        #[inline]
        fn $method(self, $(_: $argument),*) -> Refused<$ok> {
            refuse()
        }
    )*};
}

impl Serializer for OnlyU8 {
    type Ok = u8;
    type Error = CodecError;
    type SerializeSeq = Impossible<u8, CodecError>;
    type SerializeTuple = Impossible<u8, CodecError>;
    type SerializeTupleStruct = Impossible<u8, CodecError>;
    type SerializeTupleVariant = Impossible<u8, CodecError>;
    type SerializeMap = Impossible<u8, CodecError>;
    type SerializeStruct = Impossible<u8, CodecError>;
    type SerializeStructVariant = Impossible<u8, CodecError>;

    #[inline]
    fn serialize_u8(self, byte: u8) -> Refused<u8> {
        Ok(byte)
    }

    refused! {
        serialize_bool(bool) -> u8;
        serialize_i8(i8) -> u8;
        serialize_i16(i16) -> u8;
        serialize_i32(i32) -> u8;
        serialize_i64(i64) -> u8;
        serialize_u16(u16) -> u8;
        serialize_u32(u32) -> u8;
        serialize_u64(u64) -> u8;
        serialize_f32(f32) -> u8;
        serialize_f64(f64) -> u8;
        serialize_char(char) -> u8;
        serialize_str(&str) -> u8;
        serialize_bytes(&[u8]) -> u8;
        serialize_none() -> u8;
        serialize_unit() -> u8;
        serialize_unit_struct(&'static str) -> u8;
        serialize_unit_variant(&'static str, u32, &'static str) -> u8;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize)
            -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize)
            -> Self::SerializeStructVariant;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Refused<u8> {
        refuse()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Refused<u8> {
        refuse()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Refused<u8> {
        refuse()
    }
}
