//! How values become freight, and freight values.

use std::any::{Any, type_name};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec;
use crate::parcel::Freight;

impl Freight {
    /// Encodes a value.
    ///
    /// # Errors
    ///
    /// Says which type cannot be encoded and why.
    pub(crate) fn pack<V: Serialize + 'static>(mut value: V) -> Result<Self, String> {
        if let Some(bytes) = take_bytes(&mut value) {
            return Ok(Self { bytes });
        }
        let mut bytes = Vec::new();
        match codec::encode(&value, &mut bytes) {
            Ok(()) => Ok(Self { bytes }),
            Err(error) => Err(format!("`{}` cannot be encoded: {error}", type_name::<V>())),
        }
    }

    /// Decodes a value of the type that was encoded.
    ///
    /// # Errors
    ///
    /// Says which type cannot be decoded and why.
    pub(crate) fn unpack<V: DeserializeOwned + 'static>(self) -> Result<V, String> {
        let complain = |error: &dyn ToString| {
            format!("`{}` cannot be decoded: {}", type_name::<V>(), error.to_string())
        };
        let mut value = None::<V>;
        match give_bytes(&mut value, self.bytes) {
            Ok(()) => value.ok_or_else(|| complain(&"there is nothing")),
            Err(Unfit::Text(error)) => Err(complain(&error)),
            Err(Unfit::Encoded(bytes)) => codec::decode(&bytes).map_err(|error| complain(&error)),
        }
    }
}

/// The bytes of a value that is nothing else.
fn take_bytes(value: &mut dyn Any) -> Option<Vec<u8>> {
    if let Some(bytes) = value.downcast_mut::<Vec<u8>>() {
        Some(std::mem::take(bytes))
    } else if let Some((bytes,)) = value.downcast_mut::<(Vec<u8>,)>() {
        Some(std::mem::take(bytes))
    } else if let Some(text) = value.downcast_mut::<String>() {
        Some(std::mem::take(text).into_bytes())
    } else if let Some((text,)) = value.downcast_mut::<(String,)>() {
        Some(std::mem::take(text).into_bytes())
    } else {
        None
    }
}

/// Why a value is not just its bytes.
enum Unfit {
    /// It is of another type, and these are its encoding.
    Encoded(Vec<u8>),
    Text(std::string::FromUtf8Error),
}

/// Fills `slot`, an `Option` of some type, if that type is nothing but its bytes.
fn give_bytes(slot: &mut dyn Any, bytes: Vec<u8>) -> Result<(), Unfit> {
    if let Some(slot) = slot.downcast_mut::<Option<Vec<u8>>>() {
        *slot = Some(bytes);
    } else if let Some(slot) = slot.downcast_mut::<Option<(Vec<u8>,)>>() {
        *slot = Some((bytes,));
    } else if let Some(slot) = slot.downcast_mut::<Option<String>>() {
        *slot = Some(String::from_utf8(bytes).map_err(Unfit::Text)?);
    } else if let Some(slot) = slot.downcast_mut::<Option<(String,)>>() {
        *slot = Some((String::from_utf8(bytes).map_err(Unfit::Text)?,));
    } else {
        return Err(Unfit::Encoded(bytes));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::parcel::Freight;

    #[test]
    fn bytes_and_texts_are_their_own_encoding() {
        let bytes = vec![7_u8; 100];
        let address = bytes.as_ptr();
        let freight = Freight::pack((bytes,)).expect("bytes can be encoded");
        assert_eq!(freight.bytes.as_ptr(), address);
        let (back,) = freight.unpack::<(Vec<u8>,)>().expect("and decoded");
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
