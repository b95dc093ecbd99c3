//! What the codec carries, what it refuses, and how it stands garbage.

mod dice;
mod garbage;
mod limits;
mod refused;
mod runs;
mod shapes;
mod tree;
mod types;

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{CodecError, decode, encode};

fn encoded<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(value, &mut bytes).expect("the value can be encoded");
    bytes
}

/// Sends a value there, and its copy back.
#[track_caller]
fn travel<T: Serialize + DeserializeOwned>(value: &T) -> T {
    match decode(&encoded(value)) {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn arrives<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    assert_eq!(travel(value), *value);
}

fn error<T: DeserializeOwned>(bytes: &[u8]) -> CodecError {
    decode::<T>(bytes).err().expect("the bytes are no such value")
}
