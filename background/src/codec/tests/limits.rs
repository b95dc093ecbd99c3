//! Neither stack nor memory is at the mercy of what arrives.

use std::collections::BTreeMap;
use std::thread;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::tree::Tree;
use super::types::{Internal, Point, Stream, Untagged, Variants};
use super::{arrives, encoded, error};
use crate::codec::{CodecError, DEEPEST, decode, encode, tag};

/// The stack that std gives to threads, without what is above a task.
const STACK: usize = (2 << 20) - (128 << 10);

/// A user's type with larger frames than most.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Wide {
    texts: [String; 8],
    numbers: [u64; 32],
    a: Option<String>,
    b: Option<Vec<u8>>,
    next: Option<Box<Wide>>,
}

/// Nothing but variants in variants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Chain {
    End,
    Next(Box<Chain>),
}

fn json(levels: usize) -> Value {
    (0..levels).fold(Value::Null, |inside, _| Value::Array(vec![inside]))
}

fn tree(levels: usize) -> Tree {
    (0..levels).fold(Tree::Leaf, |inside, _| Tree::Maybe(Some(Box::new(inside))))
}

fn untagged(levels: usize) -> Untagged {
    (0..levels).fold(Untagged::Number(1), |inside, _| Untagged::List(vec![inside]))
}

fn internal(levels: usize) -> Internal {
    (0..levels).fold(Internal::Unit, |inside, _| Internal::Struct {
        bytes: Vec::new(),
        next: Some(Box::new(inside)),
        variant: Variants::Unit,
    })
}

fn chain(levels: usize) -> Chain {
    (0..levels).fold(Chain::End, |inside, _| Chain::Next(Box::new(inside)))
}

fn wide(levels: usize) -> Wide {
    (0..levels)
        .fold(Wide::default(), |inside, _| Wide { next: Some(Box::new(inside)), ..Wide::default() })
}

/// A value with as many levels as there may be, and one with more.
fn goes_to_the_limit<T>(make: fn(usize) -> T, most: usize)
where
    T: Serialize + DeserializeOwned + PartialEq + 'static,
{
    let test = move || {
        let deepest = make(most);
        assert!(decode::<T>(&encoded(&deepest)) == Ok(deepest));
        assert_eq!(encode(&make(most + 1), &mut Vec::new()), Err(CodecError::TooDeep));
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(test).expect("a thread");
    thread.join().expect("the limit is held");
}

#[test]
fn the_deepest_value_fits_into_a_small_stack() {
    goes_to_the_limit(json, DEEPEST);
    goes_to_the_limit(untagged, DEEPEST);
    goes_to_the_limit(chain, DEEPEST);
    goes_to_the_limit(tree, DEEPEST / 2);
    goes_to_the_limit(internal, (DEEPEST - 1) / 2);
    goes_to_the_limit(wide, (DEEPEST - 2) / 2);
}

#[test]
fn depth_is_no_matter_of_the_type() {
    let opened = |tag: &[u8]| tag.repeat(1 << 20);
    let sequences = opened(&[tag::SEQ, 0]);
    says_too_deep(&error::<Value>(&sequences));
    says_too_deep(&error::<IgnoredAny>(&sequences));
    says_too_deep(&error::<Untagged>(&sequences));
    says_too_deep(&error::<Value>(&opened(&[tag::MAP, 0, tag::STR, 0])));
    says_too_deep(&error::<Tree>(&opened(
        &[&[tag::VARIANT, 5][..], b"Maybe", &[tag::SOME]].concat(),
    )));
    says_too_deep(&error::<Chain>(&opened(&[&[tag::VARIANT, 4][..], b"Next"].concat())));
    says_too_deep(&error::<Value>(&opened(&[tag::VARIANT, 0])));
    says_too_deep(&error::<Value>(&opened(&[tag::SOME])));
}

fn says_too_deep(error: &CodecError) {
    assert_eq!(error.to_string(), format!("the value is nested deeper than {DEEPEST}"));
}

#[test]
fn a_variant_without_contents_is_no_level() {
    let inner = Variants::Unit;
    let levels = |levels| {
        (0..levels).fold(inner.clone(), |it, _| Variants::Struct { a: 1, b: Box::new(it) })
    };
    arrives(&levels(DEEPEST / 2));
}

#[test]
fn levels_are_given_back() {
    let wide = vec![Some((vec![Point { x: 1, y: 2 }], Variants::Tuple(1, "a".into()))); 1000];
    assert_eq!(decode(&encoded(&wide)), Ok(wide));
    let variants = [
        Variants::Tuple(1, "a".into()),
        Variants::Newtype(Some(1)),
        Variants::Struct { a: 1, b: Box::new(Variants::Unit) },
        Variants::Empty {},
    ];
    arrives(&variants.iter().cycle().take(1000).cloned().collect::<Vec<_>>());
}

#[test]
fn memory_is_set_aside_for_what_has_arrived() {
    let hint = |bytes: &[u8]| decode::<Stream<u64>>(bytes).map(|stream| stream.hint);
    // A lie about how many there will be is worth no more than 128 of them.
    assert_eq!(hint(&[tag::SEQ, 255, tag::END]), Ok(128));
    assert_eq!(hint(&[tag::SEQ, 5, tag::END]), Ok(5));
    // Numbers that are there, in types of up to 16 bytes, take at most their own size and 16 KiB.
    assert_eq!(hint(&encoded(&vec![1_u8; 100])), Ok(100));
    assert_eq!(hint(&encoded(&vec![1_u8; 1 << 20])), Ok((1 << 16) + 1024));
    assert_eq!(hint(&encoded(&vec![1_u64; 1 << 20])), Ok((1 << 19) + 1024));
}

#[test]
fn open_sequences_share_what_may_be_set_aside() {
    let one = [&[tag::SEQ, 100][..], &[tag::SEQ, 100, tag::END].repeat(2), &[tag::END]].concat();
    let outer: Stream<Stream<u8>> = decode(&one).unwrap();
    assert_eq!((outer.hint, outer.items[0].hint, outer.items[1].hint), (100, 28, 28));
    let two: (Stream<u8>, Stream<u8>) =
        decode(&[&[tag::SEQ, 2][..], &[tag::SEQ, 100, tag::END].repeat(2), &[tag::END]].concat())
            .unwrap();
    assert_eq!((two.0.hint, two.1.hint), (100, 100));
    let map = [tag::MAP, 100, tag::STR, 0, tag::SEQ, 100, tag::END, tag::END];
    let (inner, after) = decode::<(BTreeMap<String, Stream<u8>>, Stream<u8>)>(
        &[&[tag::SEQ, 2][..], &map, &[tag::SEQ, 100, tag::END, tag::END]].concat(),
    )
    .unwrap();
    assert_eq!((inner[""].hint, after.hint), (26, 100));
}
