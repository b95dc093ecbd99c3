//! Types whose shapes are known to trouble formats.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Unit;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Newtype(pub(super) u32);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Transparent<T>(pub(super) T);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pair(pub(super) i8, pub(super) String);

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Point {
    pub(super) x: i32,
    pub(super) y: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Empty {}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Variants {
    Unit,
    Newtype(Option<u8>),
    Tuple(u8, String),
    Struct { a: u8, b: Box<Variants> },
    Nothing(),
    Empty {},
    OfUnit(()),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Skipping {
    #[serde(skip)]
    #[allow(dead_code, reason = "it takes an index, and nothing else")]
    Skipped,
    #[serde(rename = "the first")]
    First,
    Second(u8),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Untagged {
    Number(i64),
    Float(f64),
    Text(String),
    Point(Point),
    List(Vec<Untagged>),
    Variant(Variants),
    Maybe(Option<char>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub(super) enum Internal {
    Unit,
    Newtype(Point),
    Struct { bytes: Vec<u8>, next: Option<Box<Internal>>, variant: Variants },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value")]
pub(super) enum Adjacent {
    Unit,
    Newtype(Vec<f32>),
    Tuple(u8, u8),
    Struct { next: Box<Adjacent> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Flat {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) point: Point,
    #[serde(flatten)]
    pub(super) variant: Variants,
    #[serde(flatten)]
    pub(super) rest: BTreeMap<String, Option<Vec<u16>>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Sparse {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) a: Option<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) b: Vec<u8>,
    #[serde(rename = "the last one", default, alias = "last")]
    pub(super) c: u8,
    #[serde(skip)]
    pub(super) d: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Borrowing<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) bytes: Cow<'a, [u8]>,
}

/// What `serde_bytes` makes of bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Wanted;

        impl Visitor<'_> for Wanted {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }

        deserializer.deserialize_byte_buf(Wanted)
    }
}

/// A sequence that does not say how long it is, and how much memory its reader was told to set
/// aside.
#[derive(Clone, Debug, Default)]
pub(super) struct Stream<T> {
    pub(super) items: Vec<T>,
    pub(super) hint: usize,
}

impl<T: PartialEq> PartialEq for Stream<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl<T: Serialize> Serialize for Stream<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq;

        let mut sequence = serializer.serialize_seq(None)?;
        self.items.iter().try_for_each(|item| sequence.serialize_element(item))?;
        sequence.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Stream<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Wanted<T>(Stream<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Wanted<T> {
            type Value = Stream<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a stream")
            }

            fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Stream<T>, A::Error> {
                self.0.hint = items.size_hint().unwrap_or(0);
                while let Some(item) = items.next_element()? {
                    self.0.items.push(item);
                }
                Ok(self.0)
            }
        }

        deserializer.deserialize_seq(Wanted(Stream { items: Vec::new(), hint: 0 }))
    }
}

/// Reads the first key of a map, and then no more.
#[derive(Debug, PartialEq)]
pub(super) struct FirstKey(pub(super) Option<String>);

impl<'de> Deserialize<'de> for FirstKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Wanted;

        impl<'de> Visitor<'de> for Wanted {
            type Value = FirstKey;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FirstKey, A::Error> {
                map.next_key().map(FirstKey)
            }
        }

        deserializer.deserialize_any(Wanted)
    }
}
