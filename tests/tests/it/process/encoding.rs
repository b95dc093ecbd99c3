//! What cannot be encoded or decoded: the error of one call.

use background::{Background, Failure, ProcessPool, task};
use background_tests::within;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::{lives_on, one, worker};

/// Where a [`Fussy`] value makes difficulties.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum When {
    Never,
    /// Encoding it is an error.
    Encoding,
    /// Encoding it panics.
    EncodingPanics,
    /// Decoding it is an error.
    Decoding,
    /// Decoding it panics.
    DecodingPanics,
}

#[derive(Debug, PartialEq)]
struct Fussy(When);

impl Serialize for Fussy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            When::Encoding => Err(ser::Error::custom("not to be written")),
            When::EncodingPanics => panic!("panic in writing"),
            when => when.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Fussy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match When::deserialize(deserializer)? {
            When::Decoding => Err(de::Error::custom("not to be read")),
            When::DecodingPanics => panic!("panic in reading"),
            when => Ok(Self(when)),
        }
    }
}

const TROUBLES: [(When, &str); 4] = [
    (When::Encoding, "not to be written"),
    (When::EncodingPanics, "panic in writing"),
    (When::Decoding, "not to be read"),
    (When::DecodingPanics, "panic in reading"),
];

#[track_caller]
fn names_the_type(failure: &Failure, part: &str, why: &str) {
    let Failure::Encoding { call, what, .. } = failure else {
        panic!("{part}, {why}: {failure:?}");
    };
    assert_eq!(call.name(), "fussy");
    for piece in [part, "Fussy`", why] {
        assert!(what.contains(piece), "`{piece}` in `{what}`");
    }
    let text = failure.to_string();
    assert!(text.contains(file!()) && text.contains(what), "{text}");
}

fn give(pool: &ProcessPool, when: When) -> Result<(), Failure> {
    let call = task().on(pool.clone()).name("fussy").catch();
    Background::join(call.spawn_with(|_: Fussy| (), Fussy(when)))
}

fn take(pool: &ProcessPool, when: When) -> Result<Fussy, Failure> {
    let call = task().on(pool.clone()).name("fussy").catch();
    Background::join(call.spawn_with(Fussy, when))
}

#[test]
fn arguments_that_cannot_travel_fail_their_call_alone() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        for (when, why) in TROUBLES {
            let failure = give(&pool, when).expect_err("it cannot travel");
            names_the_type(&failure, "the arguments", why);
            assert_eq!(give(&pool, When::Never), Ok(()));
            lives_on(&pool, pid);
        }
    });
}

#[test]
fn values_that_cannot_travel_fail_their_call_alone() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        for (when, why) in TROUBLES {
            let failure = take(&pool, when).expect_err("it cannot travel");
            names_the_type(&failure, "the value", why);
            assert_eq!(take(&pool, When::Never), Ok(Fussy(When::Never)));
            lives_on(&pool, pid);
        }
    });
}

/// Without `catch` the touch raises it.
#[test]
fn a_touch_raises_what_cannot_travel() {
    within(|| {
        let pool = one();
        let future = task().on(pool).name("fussy").spawn_with(Fussy, When::Decoding);
        let raised = std::panic::catch_unwind(|| Background::join(future));
        let payload = raised.expect_err("there is no value");
        let text = payload.downcast_ref::<String>().expect("a text");
        for part in ["`fussy`", "cannot travel: the value", "Fussy`", "not to be read"] {
            assert!(text.contains(part), "`{part}` in `{text}`");
        }
    });
}

/// A strategy of this process runs the same function, and reads the arguments on its thread.
#[test]
fn in_this_process_only_arguments_are_encoded() {
    within(|| {
        for (when, why) in TROUBLES {
            let call = task().thread().name("fussy").catch();
            let failure = Background::join(call.spawn_with(|_: Fussy| (), Fussy(when)));
            names_the_type(&failure.expect_err("it cannot travel"), "the arguments", why);
            let call = task().thread().catch();
            assert_eq!(Background::join(call.spawn_with(Fussy, when)), Ok(Fussy(when)));
        }
    });
}
