//! What is no value is refused, in words.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;

use super::types::{Bytes, FirstKey, Point, Variants};
use super::{encoded, error};
use crate::codec::{CodecError, decode, encode, tag};

#[track_caller]
fn says(error: &CodecError, text: &str) {
    assert_eq!(error.to_string(), text);
}

#[test]
fn bytes_that_are_missing_are_counted() {
    says(&error::<u64>(&encoded(&1_u64)[..2]), "7 bytes are missing");
    says(&error::<u8>(&[]), "1 byte is missing");
    says(&error::<String>(&[tag::STR, 5, b'a']), "4 bytes are missing");
    says(&error::<Vec<u8>>(&encoded(&[1_u8; 20])[..30]), "2 bytes are missing");
}

#[test]
fn every_beginning_of_a_value_is_refused() {
    let value = (vec![1_u8; 9], Point { x: 1, y: 2 }, Some("a"), Variants::Tuple(1, "b".into()));
    let bytes = encoded(&value);
    for end in 0..bytes.len() {
        assert!(decode::<(Vec<u8>, Point, Option<String>, Variants)>(&bytes[..end]).is_err());
    }
}

#[test]
fn bytes_that_are_left_over_are_counted() {
    says(&error::<()>(&[tag::UNIT, 0, 0, 0]), "3 bytes are left over");
    says(&error::<()>(&[tag::UNIT, 0]), "1 byte is left over");
}

#[test]
fn a_wrong_type_is_named() {
    says(&error::<u32>(&encoded("secret")), "invalid type: string, expected u32");
    says(&error::<String>(&encoded(&1_u8)), "invalid type: integer `1`, expected a string");
    says(&error::<Bytes>(&encoded(&[1_u16; 9])), "invalid type: sequence, expected bytes");
    says(&error::<Variants>(&encoded(&())), "invalid type: unit value, expected enum Variants");
    let unit = [&[tag::UNIT_VARIANT, 5][..], b"Tuple"].concat();
    says(&error::<Variants>(&unit), "invalid type: unit variant, expected tuple variant");
    let full = [&[tag::VARIANT, 4][..], b"Unit", &[tag::UNIT]].concat();
    says(&error::<Variants>(&full), "invalid type: newtype variant, expected unit variant");
    says(&error::<u8>(&encoded(&256_u16)), "invalid value: integer `256`, expected u8");
}

#[test]
fn a_sequence_has_to_be_read_to_its_end() {
    let three = encoded(&(1_u8, 2_u8, 3_u8));
    says(&error::<(u8, u8)>(&three), "a sequence or map goes on where it should end");
    let ten = encoded(&[1_u8; 10]);
    assert_eq!(error::<[u8; 9]>(&ten), CodecError::TooMany);
    assert_eq!(error::<[u8; 9]>(&encoded(&Bytes(vec![1; 10]))), CodecError::TooMany);
    assert_eq!(error::<[u16; 9]>(&encoded(&[1_u16; 10])), CodecError::TooMany);
    says(&error::<[u8; 11]>(&ten), "invalid length 10, expected an array of length 11");
}

#[test]
fn a_map_has_to_be_read_to_its_end() {
    let map = |entries: &[(&'static str, u8)]| -> BTreeMap<&str, u8> {
        entries.iter().copied().collect()
    };
    assert_eq!(decode(&encoded(&map(&[]))), Ok(FirstKey(None)));
    assert_eq!(error::<FirstKey>(&encoded(&map(&[("a", 1)]))), CodecError::TooMany);
    assert_eq!(error::<FirstKey>(&encoded(&Variants::Newtype(None))), CodecError::TooMany);
}

#[test]
fn what_was_never_written_is_refused() {
    says(&error::<u8>(&[0xff]), "no value begins with the byte 0xff");
    assert_eq!(error::<u8>(&[tag::END]), CodecError::UnknownTag(tag::END));
    assert_eq!(error::<u8>(&[tag::RUN]), CodecError::UnknownTag(tag::RUN));
    assert_eq!(
        error::<Vec<u8>>(&[tag::SEQ, 0, tag::RUN, tag::STR]),
        CodecError::UnknownTag(tag::STR)
    );
    says(&error::<String>(&[tag::STR, 1, 0xff]), "a text is not UTF-8");
    says(&error::<char>(&[tag::CHAR, 0, 0xd8, 0, 0]), "there is no character 0xd800");
}

#[test]
fn a_length_that_no_memory_holds_is_refused() {
    let most = [0xff; 9];
    for last in [&[][..], &[0x02], &[0xff], &[0x80, 0x80]] {
        let bytes = [&[tag::STR][..], &most, last, &[0; 4]].concat();
        assert!(decode::<String>(&bytes).is_err(), "{last:?}");
    }
    // The tenth group has one bit left.
    let wrapped = [&[tag::STR][..], &[0x80; 9], &[2]].concat();
    assert_eq!(error::<String>(&wrapped), CodecError::TooLong);
    says(
        &error::<String>(&[&[tag::STR][..], &[0xff; 10]].concat()),
        "a length is more than memory can hold",
    );
    let mut run = encoded(&[1_u64; 10]);
    run[4..12].copy_from_slice(&(u64::MAX / 8 + 1).to_le_bytes());
    assert_eq!(error::<Vec<u64>>(&run), CodecError::TooLong);
    run[4..12].copy_from_slice(&(u64::MAX / 16).to_le_bytes());
    assert!(matches!(error::<Vec<u64>>(&run), CodecError::Missing(_)));
}

#[test]
fn a_message_has_an_end() {
    #[derive(Debug, serde::Deserialize)]
    enum One {
        #[allow(dead_code, reason = "nothing is one")]
        One,
    }
    let name = "→".repeat(100_000);
    let message = error::<One>(&encoded(&name)).to_string();
    assert!(message.starts_with("unknown variant `→") && message.ends_with("→…"), "{message}");
    assert!(message.len() < 1100);
}

#[test]
fn what_cannot_be_written_leaves_no_trace() {
    let mut bytes = vec![1, 2, 3];
    let cell = RefCell::new(1_u8);
    let borrowed = cell.borrow_mut();
    let error = encode(&(vec![1_u8; 9], &cell), &mut bytes).unwrap_err();
    drop(borrowed);
    says(&error, "already mutably borrowed");
    assert_eq!(bytes, [1, 2, 3]);
}

#[test]
fn a_value_may_be_skipped_unread() {
    let value = (serde_json::json!({"a": [1, 2, {"b": null}]}), vec![1_u8; 9], Variants::Unit);
    let bytes = encoded(&(&value, 7_u8));
    assert!(decode::<(serde::de::IgnoredAny, u8)>(&bytes).is_ok_and(|(_, last)| last == 7));
    assert!(decode::<Value>(&bytes).is_ok());
}
