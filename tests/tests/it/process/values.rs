//! What travels, and what is too large to.

use std::collections::BTreeMap;

use background::{Background, Failure, processes, task};
use background_tests::within;
use serde::{Deserialize, Serialize};

use super::{lives_on, one, worker};

const LARGE: usize = 64 << 20;

/// As many bytes; fewer where nothing is optimised, as each is encoded on its own.
const WORDS: u64 = if cfg!(debug_assertions) { 1 << 20 } else { 8 << 20 };

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Unit;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(clippy::option_option, reason = "formats get it wrong")]
enum Shape {
    Unit,
    New(String),
    Tuple(u8, i128),
    Named { left: Option<Option<u8>>, right: Box<Shape> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    One { value: u64 },
    Two(BTreeMap<String, f64>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Number(u64),
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Open {
    #[serde(skip_serializing_if = "Option::is_none")]
    perhaps: Option<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    none: Vec<u8>,
    #[serde(flatten)]
    rest: BTreeMap<String, Untagged>,
}

/// Bytes that say where they belong.
fn pattern(size: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..=250).collect();
    bytes = bytes.repeat(size / bytes.len() + 1);
    bytes.truncate(size);
    bytes
}

fn echo<T>(value: T) -> T {
    value
}

#[test]
fn what_is_empty_travels() {
    within(|| {
        let pool = one();
        Background::join(task().on(pool.clone()).spawn_with(|()| (), ()));
        let there = |value: Vec<u8>| task().on(pool.clone()).spawn_with(echo, value);
        assert_eq!(Background::join(there(Vec::new())), Vec::<u8>::new());
        let text = task().on(pool.clone()).spawn_with(echo, String::new());
        assert_eq!(Background::join(text), "");
        let words = task().on(pool.clone()).spawn_with(echo, Vec::<u64>::new());
        assert_eq!(Background::join(words), Vec::<u64>::new());
        let unit = task().on(pool.clone()).spawn_with(echo, Unit);
        assert_eq!(Background::join(unit), Unit);
    });
}

#[test]
fn what_is_large_travels_both_ways() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        let bytes = pattern(LARGE);
        let back = task().on(pool.clone()).spawn_with(echo, bytes.clone());
        assert!(Background::join(back) == bytes, "the bytes have changed");
        let text: String = "grüße".repeat(LARGE / 7 + 1);
        let back = task().on(pool.clone()).spawn_with(echo, text.clone());
        assert!(Background::join(back) == text, "the text has changed");
        let words: Vec<u64> = (0..WORDS).map(|n| n.wrapping_mul(n)).collect();
        let back = task().on(pool.clone()).spawn_with(echo, words.clone());
        assert!(Background::join(back) == words, "the words have changed");
        // One way at a time, beside something small.
        let length = task()
            .on(pool.clone())
            .spawn_with(|(bytes, more): (Vec<u8>, u8)| bytes.len() + usize::from(more), (bytes, 1));
        assert_eq!(length, LARGE + 1);
        let made = task().on(pool.clone()).spawn_with(|size: usize| vec![7_u8; size], LARGE);
        assert!(Background::join(made) == vec![7; LARGE], "the bytes have changed");
        lives_on(&pool, pid);
    });
}

#[test]
fn sizes_around_that_of_the_ring_travel() {
    within(|| {
        let pool = one();
        let ring = 512 << 10;
        for size in (ring - 200..ring + 200).step_by(7).chain([1, 2, 4095, 4096, 2 * ring + 1]) {
            let bytes = pattern(size);
            let back = task().on(pool.clone()).spawn_with(echo, bytes.clone());
            assert!(Background::join(back) == bytes, "{size} bytes");
        }
    });
}

#[test]
fn the_shapes_of_serde_travel() {
    within(|| {
        let pool = one();
        let shape = Shape::Named { left: Some(None), right: Box::new(Shape::Tuple(7, i128::MIN)) };
        let all = vec![Shape::Unit, Shape::New("text".to_owned()), shape];
        let back = task().on(pool.clone()).spawn_with(echo, all.clone());
        assert_eq!(Background::join(back), all);
        let map = BTreeMap::from([("a".to_owned(), 0.5), ("b".to_owned(), f64::INFINITY)]);
        let tagged = vec![Tagged::One { value: u64::MAX }, Tagged::Two(map)];
        let back = task().on(pool.clone()).spawn_with(echo, tagged.clone());
        assert_eq!(Background::join(back), tagged);
        let rest = BTreeMap::from([
            ("number".to_owned(), Untagged::Number(1)),
            ("text".to_owned(), Untagged::Text("two".to_owned())),
        ]);
        for perhaps in [None, Some(3)] {
            let open = Open { perhaps, none: Vec::new(), rest: rest.clone() };
            let back = task().on(pool.clone()).spawn_with(echo, open.clone());
            assert_eq!(Background::join(back), open);
        }
        let json = serde_json::json!({"list": [1, null, {"deep": "er"}], "float": 1.5});
        let back = task().on(pool.clone()).spawn_with(echo, json.clone());
        assert_eq!(Background::join(back), json);
        // What a body makes of an error, it makes as a value.
        let failed: Background<Result<u8, String>> = task()
            .on(pool.clone())
            .spawn_with(|text: String| text.parse().map_err(|_| text), "no".to_owned());
        assert_eq!(Background::join(failed), Err("no".to_owned()));
    });
}

/// The reason why a call was rejected.
#[track_caller]
fn reason<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> String {
    match outcome {
        Err(Failure::Rejected { reason, .. }) => reason,
        other => panic!("not rejected: {other:?}"),
    }
}

#[test]
fn arguments_up_to_the_limit_travel() {
    within(|| {
        for limit in [0, 1, 1000, 1 << 20] {
            let pool = processes().workers(1).message_limit(limit as u64).build();
            let call = |size: usize| {
                let call = task().on(pool.clone()).catch();
                Background::join(call.spawn_with(|bytes: Vec<u8>| bytes.is_empty(), vec![1; size]))
            };
            // Before anything is sent: there is no worker yet.
            let why = reason(call(limit + 1));
            assert!(why.contains(&format!("its arguments are {} bytes", limit + 1)), "{why}");
            assert!(why.contains(&format!("{limit} may be sent")), "{why}");
            assert_eq!(pool.workers(), 0, "a worker was started for nothing");
            if limit > 0 {
                assert_eq!(call(limit), Ok(false));
                assert_eq!(call(limit - 1), Ok(limit == 1));
                let workers = pool.workers();
                drop(reason(call(limit + 1)));
                assert_eq!((workers, pool.workers()), (1, 1));
            }
        }
    });
}

#[test]
fn values_up_to_the_limit_travel() {
    within(|| {
        for limit in [100, 1000, 1 << 20] {
            let pool = processes().workers(1).message_limit(limit as u64).build();
            let pid = worker(&pool);
            let call = |size: usize| {
                let call = task().on(pool.clone()).catch();
                Background::join(call.spawn_with(|size: usize| vec![7_u8; size], size))
            };
            for size in [0, limit - 1, limit] {
                assert_eq!(call(size), Ok(vec![7; size]));
            }
            let why = reason(call(limit + 1));
            assert!(why.contains(&format!("its value is {} bytes", limit + 1)), "{why}");
            assert!(why.contains(&format!("{limit} may be sent")), "{why}");
            lives_on(&pool, pid);
        }
    });
}
