//! Whatever arrives, the reader returns.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::dice::Dice;
use super::tree::Tree;
use super::types::{Adjacent, Bytes, Flat, Internal, Sparse, Stream, Untagged};
use super::{arrives, encoded};
use crate::codec::{decode, tag};

/// Reads bytes as types of every kind. What comes out is written again, since it is a value.
fn read_as_anything(bytes: &[u8]) {
    fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
        decode(bytes).inspect_err(|error| assert!(!error.to_string().is_empty())).ok()
    }

    if let Some(value) = read::<Value>(bytes) {
        assert_eq!(decode(&encoded(&value)), Ok(value));
    }
    if let Some(value) = read::<Tree>(bytes) {
        let again = encoded(&value);
        assert_eq!(encoded(&decode::<Tree>(&again).expect("it was a tree")), again);
    }
    read::<IgnoredAny>(bytes);
    read::<Vec<u8>>(bytes);
    read::<Vec<Vec<u32>>>(bytes);
    read::<String>(bytes);
    read::<Bytes>(bytes);
    read::<Option<Option<char>>>(bytes);
    read::<(u8, f32, i128, [u16; 9])>(bytes);
    read::<BTreeMap<Option<u8>, Vec<String>>>(bytes);
    read::<Untagged>(bytes);
    read::<Internal>(bytes);
    read::<Adjacent>(bytes);
    read::<Flat>(bytes);
    read::<Sparse>(bytes);
    read::<Stream<Stream<()>>>(bytes);
}

#[test]
fn random_bytes_do_no_harm() {
    let mut dice = Dice::new(1);
    for _ in 0..4000 {
        let length = dice.below(64);
        // All bytes in one half of the cases, in the other those that mean something.
        let limit = [256, usize::from(tag::VARIANT) + 1][dice.below(2)];
        let bytes: Vec<u8> =
            (0..length).map(|_| u8::try_from(dice.below(limit)).expect("a byte")).collect();
        read_as_anything(&bytes);
    }
}

#[test]
fn damaged_values_do_no_harm() {
    let mut dice = Dice::new(2);
    for round in 0..1500 {
        let mut bytes = match round % 3 {
            0 => encoded(&Tree::random(&mut dice, 3)),
            1 => encoded(&dice.json(3)),
            _ => encoded(&(vec![dice.byte(); 20], vec![dice.next(); 3], dice.text())),
        };
        for _ in 0..=dice.below(4) {
            damage(&mut bytes, &mut dice);
        }
        read_as_anything(&bytes);
    }
}

fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    match dice.below(5) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at, dice.byte()),
        2 => bytes.extend_from_within(at..),
        _ if at == bytes.len() => bytes.push(tag::END),
        3 => drop(bytes.remove(at)),
        _ => bytes[at] = [dice.byte(), bytes[at] ^ 1, 0, 0xff][dice.below(4)],
    }
}

#[test]
fn random_values_arrive() {
    let mut dice = Dice::new(3);
    for _ in 0..1500 {
        arrives(&Tree::random(&mut dice, 4));
        arrives(&dice.json(4));
        arrives(&(Tree::random(&mut dice, 1), dice.json(2), dice.text(), vec![dice.byte(); 9]));
    }
}
