//! Numbers in a row take no more bytes than they have, whatever comes before and after them.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::types::{Bytes, Newtype, Stream, Transparent};
use super::{arrives, encoded};
use crate::codec::{decode, tag};

/// What a sequence costs beside the numbers of its one run.
const AROUND: usize = 13;

#[test]
fn numbers_lie_side_by_side() {
    assert_eq!(encoded(&vec![7_u8; 1000]).len(), 1000 + AROUND);
    assert_eq!(encoded(&vec![7_u8; 0]).len(), AROUND);
    assert_eq!(encoded(&vec![0.5_f64; 1000]).len(), 8000 + AROUND);
    assert_eq!(encoded(&vec![1_u128; 1000]).len(), 16000 + AROUND);
    assert_eq!(encoded(&[3_u8; 32]).len(), 32 + AROUND);
    assert_eq!(encoded(&VecDeque::from([1_i16; 10])).len(), 20 + AROUND);
    assert_eq!(encoded(&vec![Transparent(Newtype(1)); 10]).len(), 40 + AROUND);
    assert_eq!(encoded(&Stream { items: vec![1_u8; 10], hint: 0 }).len(), 10 + AROUND);
}

#[test]
fn a_short_tuple_is_not_blown_up() {
    assert_eq!(encoded(&(1_u8, 2_u8)).len(), 7);
}

#[test]
fn an_element_that_does_not_fit_ends_the_run() {
    for at in [0, 1, 7, 8, 9] {
        for odd in [json!("a"), json!(-1), json!(0.5), json!([1, 2]), json!({"a": 1}), json!(null)]
        {
            let mut mixed = vec![Value::from(1_u8); 10];
            mixed[at] = odd;
            arrives(&Value::Array(mixed));
        }
    }
    arrives(&(1_u8, 1_u8, 1_u8, 1_u8, 1_u16, "a".to_owned(), 1_u16, 1_u8, 1_u8));
    arrives(&vec![vec![1_u64; 9], vec![], vec![2; 9]]);
    arrives(&(vec![1_u8; 9], 1_u8, vec![1_u8; 9], [1_u8; 9], 1_u8));
    arrives(&vec![(1_u8, vec![1_u8; 9]); 9]);
}

#[test]
fn numbers_of_many_types_are_no_runs() {
    let mixed: Value = [json!(1), json!(-1)].iter().cycle().take(100).cloned().collect();
    // One run of one number, and all others with a tag.
    assert_eq!(encoded(&mixed).len(), AROUND + 8 + 99 * 9);
}

#[test]
fn an_empty_run_is_nothing() {
    let empty = [&[tag::RUN, tag::U16][..], &[0; 8]].concat();
    for runs in 0..4 {
        let bytes = [&[tag::SEQ, 0][..], &empty.repeat(runs), &[tag::END]].concat();
        assert_eq!(decode::<Vec<u16>>(&bytes), Ok(vec![]));
    }
}

#[test]
fn bytes_are_had_as_bytes_or_as_a_sequence() {
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    arrives(&bytes.clone());
    arrives(&vec![bytes.clone(), vec![], bytes.clone()]);
    let list = encoded(&bytes);
    assert_eq!(decode::<Bytes>(&list), Ok(Bytes(bytes.clone())));
    assert_eq!(decode::<Vec<Transparent<u8>>>(&list).unwrap()[255], Transparent(255));
    let blob = encoded(&Bytes(bytes.clone()));
    assert_eq!(decode::<Vec<u8>>(&blob), Ok(bytes.clone()));
    assert_eq!(decode::<[u8; 3]>(&encoded(&Bytes(vec![1, 2, 3]))), Ok([1, 2, 3]));
    assert_eq!(decode::<(Bytes, u8)>(&encoded(&(vec![1_u8], 2_u8))), Ok((Bytes(vec![1]), 2)));
}
