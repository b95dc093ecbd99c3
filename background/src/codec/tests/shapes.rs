//! Everything that serde can say arrives as what it was.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::ffi::CString;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU8;
use std::ops::{Bound, RangeInclusive};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde_json::json;

use super::types::{
    Adjacent, Borrowing, Bytes, Empty, Flat, Internal, Newtype, Pair, Point, Skipping, Sparse,
    Stream, Transparent, Unit, Untagged, Variants,
};
use super::{arrives, encoded, travel};
use crate::codec::decode;

/// Each line is a test.
macro_rules! arrive {
    ($($shape:ident: $($value:expr),+;)*) => {$(
        #[test]
        fn $shape() {
            $(arrives(&$value);)+
        }
    )*};
}

const POINT: Point = Point { x: -1, y: 2 };

fn flat() -> Flat {
    Flat {
        name: "n".into(),
        point: POINT,
        variant: Variants::Tuple(3, "t".into()),
        rest: [("r".into(), Some(vec![1; 9])), ("s".into(), None)].into(),
    }
}

fn structs() -> Variants {
    Variants::Struct { a: 1, b: Box::new(Variants::Tuple(2, String::new())) }
}

fn internal() -> Internal {
    let next = Some(Box::new(Internal::Newtype(POINT)));
    Internal::Struct { bytes: vec![1; 20], next, variant: structs() }
}

arrive! {
    bools: false, true;
    unsigned: u8::MAX, u16::MAX, u32::MAX, u64::MAX, u128::MAX, usize::MAX;
    signed: i8::MIN, i16::MIN, i32::MIN, i64::MIN, i128::MIN, isize::MIN;
    floats: f32::MIN_POSITIVE, -0.0_f64, f64::INFINITY;
    chars: '\0', 'ß', char::MAX;
    strings: String::new(), "a\0→🦀".to_owned(), "x".repeat(127), "x".repeat(128),
        "x".repeat(70_000), "boxed".to_owned().into_boxed_str();
    units: (), Unit, PhantomData::<fn()>;
    newtypes: Newtype(7), Transparent(Transparent(vec![Newtype(1); 10])),
        Transparent(None::<u8>);
    tuples: (1_u8, -1_i8, 'c', "s".to_owned()), Pair(-3, "p".into()), [[1_u16; 3]; 2], [7_u8; 32],
        [0.5_f64; 8], [0_u8; 0];
    structs_with_names: POINT, Empty {};
    options: None::<u8>, Some(1_u8), Some(String::new());
    options_of_units: None::<()>, Some(());
    options_of_options: None::<Option<Option<u8>>>, Some(None::<Option<u8>>),
        Some(Some(None::<u8>)), Some(Some(Some(1_u8)));
    lists_of_options: vec![None, Some(None), Some(Some(()))], vec![Some(1_u8); 9];
    variants: Variants::Unit, Variants::Newtype(None), Variants::Newtype(Some(1)),
        Variants::Tuple(1, "t".into()), structs(), Variants::Nothing(), Variants::Empty {},
        Variants::OfUnit(());
    variants_that_are_skipped: Skipping::First, Skipping::Second(1);
    results: Ok::<u8, String>(1), Err::<(), String>("e".into()), Ok::<Option<()>, ()>(Some(()));
    untagged: Untagged::Number(-1), Untagged::Float(0.5), Untagged::Text("t".into()),
        Untagged::Point(POINT), Untagged::List(vec![Untagged::Number(1); 10]),
        Untagged::Variant(structs()), Untagged::Variant(Variants::Newtype(Some(1))),
        Untagged::Maybe(None), Untagged::List(vec![Untagged::Variant(Variants::Empty {})]);
    internally_tagged: Internal::Unit, Internal::Newtype(POINT), internal(),
        vec![internal(), Internal::Unit];
    adjacently_tagged: Adjacent::Unit, Adjacent::Newtype(vec![0.5; 9]), Adjacent::Tuple(1, 2),
        Adjacent::Struct { next: Box::new(Adjacent::Unit) };
    flattened: flat(), vec![flat(), flat()];
    fields_left_out: Sparse::default(), Sparse { a: Some(1), b: vec![2], c: 3, d: 0 },
        vec![Sparse::default(), Sparse { b: vec![0; 9], ..Sparse::default() }];
    sequences: vec![POINT; 300], VecDeque::from([1_u8, 2]), BTreeSet::from(["a".to_owned()]),
        HashSet::from([1_u64]), vec![(); 300], vec![vec!["a".to_owned()], vec![]];
    sequences_of_unknown_length: Stream { items: vec![POINT; 3], hint: 0 },
        Stream { items: vec![1_u8; 300], hint: 0 }, Stream { items: vec![0_u8; 0], hint: 0 };
    maps: HashMap::from([(1_u8, 2_u8)]), BTreeMap::from([(POINT, "p".to_owned())]),
        BTreeMap::from([((1_u8, 'c'), false)]), BTreeMap::from([(Some(true), vec![1_u8])]),
        BTreeMap::<u8, u8>::new(), BTreeMap::from([(vec![1_u8; 20], BTreeMap::from([(1_u8, 1.5)]))]);
    json_values: json!(null), json!([1, -1, 0.5, "a", null, [true, {"a": {"b": [[]]}}]]), json!({}),
        json!({"a": u64::MAX, "b": i64::MIN, "$c": {"d": [1, 2, 3, 4, 5, 6, 7, 8, 9, "x", 1]}});
    bytes: Bytes(vec![]), Bytes(vec![1; 300]), vec![Bytes(vec![1]); 10];
    borrowed_or_owned: Borrowing { text: Cow::Borrowed("t"), bytes: Cow::Borrowed(&[1; 20]) };
    times: Duration::new(1, 999_999_999), SystemTime::UNIX_EPOCH + Duration::from_nanos(1);
    addresses: IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST),
        SocketAddr::from(([127, 0, 0, 1], 80)), vec![IpAddr::V4(Ipv4Addr::LOCALHOST); 9];
    paths: PathBuf::from("a/ß"), CString::new("c").expect("no zero inside");
    others_of_std: Box::new(1_u8), RefCell::new(1_u8), NonZeroU8::MIN, RangeInclusive::new(1, 2),
        Bound::Included(1_u8), 'a'..'b';
}

#[test]
fn a_nan_keeps_its_payload() {
    for bits in [0x7fc0_0001_u32, 0xffc0_1234] {
        assert_eq!(travel(&f32::from_bits(bits)).to_bits(), bits);
        assert_eq!(travel(&vec![f32::from_bits(bits); 9])[8].to_bits(), bits);
    }
    let bits = 0x7ff8_0000_dead_beef;
    assert_eq!(travel(&f64::from_bits(bits)).to_bits(), bits);
    let untagged = travel(&Untagged::Float(f64::from_bits(bits)));
    assert!(matches!(untagged, Untagged::Float(float) if float.to_bits() == bits));
}

#[test]
fn what_is_borrowed_arrives_owned() {
    assert_eq!(decode::<String>(&encoded("text")), Ok("text".to_owned()));
    assert_eq!(decode::<Vec<u8>>(&encoded(&[1_u8, 2][..])), Ok(vec![1, 2]));
    assert_eq!(decode::<Vec<String>>(&encoded(&["a", "b"])), Ok(vec!["a".into(), "b".into()]));
    assert_eq!(decode::<(String, Option<Point>)>(&encoded(&("a", Some(&POINT)))).unwrap().0, "a");
}

/// Some types are written in one way and read in another, as long as JSON allows it.
#[test]
fn close_relatives_are_taken_for_each_other() {
    assert_eq!(decode::<u64>(&encoded(&1_u8)), Ok(1));
    assert_eq!(decode::<Vec<i64>>(&encoded(&vec![1_u8; 9])), Ok(vec![1; 9]));
    assert_eq!(decode::<Option<u8>>(&encoded(&1_u8)), Ok(Some(1)));
    assert_eq!(decode::<Vec<Option<u8>>>(&encoded(&[1_u8; 9])), Ok(vec![Some(1); 9]));
    assert_eq!(decode::<Option<u8>>(&encoded(&())), Ok(None));
    assert_eq!(decode::<Skipping>(&encoded("the first")), Ok(Skipping::First));
    assert_eq!(decode::<String>(&encoded(&Skipping::First)), Ok("the first".to_owned()));
    assert_eq!(decode::<BTreeMap<String, i32>>(&encoded(&POINT)).unwrap().len(), 2);
    assert_eq!(decode::<Point>(&encoded(&(-1, 2))), Ok(POINT));
    let any = decode::<serde_json::Value>(&encoded(&structs())).unwrap();
    assert_eq!(any, json!({"Struct": {"a": 1, "b": {"Tuple": [2, ""]}}}));
}
