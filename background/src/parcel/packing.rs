//! How values become freight, and freight values.

use std::any::{Any, type_name};
use std::fmt::Display;
use std::string::FromUtf8Error;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec;
use crate::parcel::Freight;
use crate::parcel::posted::{Copied, Posted, Proven};

impl Freight {
    /// Encodes a value.
    ///
    /// # Errors
    ///
    /// Says which type cannot be encoded and why.
    pub(crate) fn pack<V: Serialize + 'static>(value: V) -> Result<Self, String> {
        let mut value = Some(value);
        if let Some(bytes) = PLAIN.iter().find_map(|plain| (plain.take)(&mut value)) {
            return Ok(Self { bytes });
        }
        let mut bytes = Vec::with_capacity(SMALL);
        let encoded = value.map_or(Ok(()), |value| Self::pack_into(value, &mut bytes));
        encoded.map(|()| Self { bytes })
    }

    /// Encodes a value to the end of `bytes`, in the same way.
    ///
    /// # Errors
    ///
    /// Says which type cannot be encoded and why.
    pub(crate) fn pack_into<V: Serialize + 'static>(
        value: V,
        bytes: &mut Vec<u8>,
    ) -> Result<(), String> {
        let mut value = Some(value);
        if let Some(plain) = PLAIN.iter().find_map(|plain| (plain.take)(&mut value)) {
            bytes.extend_from_slice(&plain);
            return Ok(());
        }
        let encoded = value.as_ref().map_or(Ok(()), |value| codec::encode(value, bytes));
        encoded.map_err(|error| format!("`{}` cannot be encoded: {error}", name_of::<V>()))
    }

    /// Decodes a value of the type that was encoded.
    ///
    /// # Errors
    ///
    /// Says which type cannot be decoded and why.
    pub(crate) fn unpack<V: DeserializeOwned + 'static>(self) -> Result<V, String> {
        let Self { mut bytes } = self;
        let complain = |why: &dyn Display| format!("`{}` cannot be decoded: {why}", name_of::<V>());
        let mut value = None::<V>;
        let given = PLAIN.iter().find_map(|plain| (plain.give)(&mut value, &mut bytes));
        if let Some(Err(error)) = given {
            return Err(complain(&error));
        }
        match value {
            Some(value) => Ok(value),
            None => codec::decode(&bytes).map_err(|error| complain(&error)),
        }
    }
}

/// Room for a small value, so that it takes one allocation.
const SMALL: usize = 64;

/// The type as users know it, without what carries it.
fn name_of<V>() -> String {
    let module = module_path!().replace("packing", "posted::");
    let name = type_name::<V>().replace(&format!(", {module}Proven>"), "");
    name.replace(&format!("{module}Posted<"), "")
}

/// A type that is nothing but its bytes.
trait Plain: Any + Sized {
    fn into_bytes(self) -> Vec<u8>;

    fn from_bytes(bytes: Vec<u8>) -> Result<Self, FromUtf8Error>;
}

impl Plain for Vec<u8> {
    fn into_bytes(self) -> Vec<u8> {
        self
    }

    fn from_bytes(bytes: Vec<u8>) -> Result<Self, FromUtf8Error> {
        Ok(bytes)
    }
}

impl Plain for String {
    fn into_bytes(self) -> Vec<u8> {
        self.into_bytes()
    }

    fn from_bytes(bytes: Vec<u8>) -> Result<Self, FromUtf8Error> {
        Self::from_utf8(bytes)
    }
}

/// The same value as an argument of a function with the attribute.
impl<T: Plain> Plain for (Posted<T, Proven>,) {
    fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner().into_bytes()
    }

    fn from_bytes(bytes: Vec<u8>) -> Result<Self, FromUtf8Error> {
        T::from_bytes(bytes).map(|value| (Posted::new(value),))
    }
}

/// And as its own copy of a borrowed one.
impl<B: ?Sized + 'static, T: Plain> Plain for (Copied<B, T, Proven>,) {
    fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner().into_bytes()
    }

    fn from_bytes(bytes: Vec<u8>) -> Result<Self, FromUtf8Error> {
        T::from_bytes(bytes).map(|value| (Copied::new(value),))
    }
}

type Given = Result<(), FromUtf8Error>;

/// How values of one plain type become bytes and come from bytes.
struct Way {
    /// Takes the bytes out of an `Option` of some type, if it is the right one.
    take: fn(&mut dyn Any) -> Option<Vec<u8>>,
    /// Fills an `Option` of some type, if it is the right one.
    give: fn(&mut dyn Any, &mut Vec<u8>) -> Option<Given>,
}

impl Way {
    const fn of<P: Plain>() -> Self {
        Self {
            take: |slot| slot.downcast_mut::<Option<P>>()?.take().map(P::into_bytes),
            give: |slot, bytes| {
                let slot = slot.downcast_mut::<Option<P>>()?;
                let value = P::from_bytes(std::mem::take(bytes));
                Some(value.map(|value| *slot = Some(value)))
            },
        }
    }
}

const PLAIN: [Way; 6] = [
    Way::of::<Vec<u8>>(),
    Way::of::<String>(),
    Way::of::<(Posted<Vec<u8>, Proven>,)>(),
    Way::of::<(Posted<String, Proven>,)>(),
    Way::of::<(Copied<[u8], Vec<u8>, Proven>,)>(),
    Way::of::<(Copied<str, String, Proven>,)>(),
];

#[cfg(test)]
mod tests {
    use super::name_of;
    use crate::parcel::Freight;
    use crate::parcel::posted::{Posted, Proven};

    #[test]
    fn a_type_is_named_as_its_user_does() {
        assert_eq!(name_of::<(Posted<u8, Proven>, Posted<char, Proven>)>(), "(u8, char)");
    }

    #[test]
    fn bytes_and_texts_are_their_own_encoding() {
        let bytes = vec![7_u8; 100];
        let address = bytes.as_ptr();
        let freight =
            Freight::pack((Posted::<_, Proven>::new(bytes),)).expect("bytes can be encoded");
        assert_eq!(freight.bytes.as_ptr(), address);
        let (back,) = freight.unpack::<(Posted<Vec<u8>, Proven>,)>().expect("and decoded");
        let back = back.into_inner();
        assert_eq!(back.as_ptr(), address);
        let text = Freight::pack("text".to_owned()).expect("texts can be encoded");
        assert_eq!(text.unpack::<String>(), Ok("text".to_owned()));
    }

    #[test]
    fn what_is_no_text_is_refused_with_the_types_name() {
        let freight = Freight { bytes: vec![0xff] };
        let error = freight.unpack::<String>().expect_err("no text");
        assert!(error.starts_with("`alloc::string::String` cannot be decoded: "), "{error}");
    }

    #[test]
    fn other_values_are_encoded() {
        let value = (1_u32, "two".to_owned(), Some(3.0_f64));
        let freight = Freight::pack(value.clone()).expect("it can be encoded");
        assert_eq!(freight.unpack(), Ok(value));
    }
}
