//! Panics in worker processes.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};

use background::{Background, Failure, processes, task};
use background_tests::within;

use super::{lives_on, one, worker};

const PLACE: u32 = line!() + 3;

fn breaks(what: String) -> u32 {
    panic!("broken: {what}")
}

#[test]
fn a_panic_is_reported_with_its_place() {
    within(|| {
        let pool = processes().workers(1).env_remove("RUST_BACKTRACE").build();
        let pid = worker(&pool);
        let call = task().on(pool.clone()).catch();
        let failure = Background::join(call.spawn_with(breaks, "cup".to_owned()));
        let Err(Failure::Panicked { message, location, chain, backtrace, .. }) = &failure else {
            panic!("{failure:?}");
        };
        assert_eq!(message, "broken: cup");
        let location = location.as_deref().expect("there is a place");
        assert!(location.starts_with(&format!("{}:{PLACE}:", file!())), "{location}");
        assert!(chain.is_empty());
        assert_eq!(*backtrace, None, "nobody has asked for one");
        lives_on(&pool, pid);
    });
}

#[test]
fn a_backtrace_is_sent_where_one_is_asked_for() {
    within(|| {
        let pool = processes().workers(1).env("RUST_BACKTRACE", "1").build();
        let call = || task().on(pool.clone()).catch();
        let failure = Background::join(call().spawn_with(breaks, "cup".to_owned()));
        let Err(Failure::Panicked { backtrace: Some(backtrace), .. }) = &failure else {
            panic!("{failure:?}");
        };
        assert!(backtrace.contains("panics::breaks"), "{backtrace}");
        // A panic without the hook has none, and not that of another call.
        let quiet = |()| -> u32 { std::panic::resume_unwind(Box::new("quiet".to_owned())) };
        let failure = Background::join(call().spawn_with(quiet, ()));
        let Err(Failure::Panicked { message, backtrace, .. }) = &failure else {
            panic!("{failure:?}");
        };
        assert_eq!((message.as_str(), backtrace), ("quiet", &None));
    });
}

#[test]
fn the_touch_raises_the_original_message() {
    within(|| {
        let future = task().on(one()).spawn_with(breaks, "jug".to_owned());
        let payload = catch_unwind(AssertUnwindSafe(|| *future + 1)).expect_err("no value");
        assert_eq!(payload.downcast_ref::<String>().map(String::as_str), Some("broken: jug"));
        // Later touches name the task as well.
        let payload = catch_unwind(AssertUnwindSafe(|| *future + 1)).expect_err("no value");
        let text = payload.downcast_ref::<String>().expect("a text");
        assert!(text.contains("broken: jug"), "{text}");
    });
}

struct Explosive;

impl Drop for Explosive {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

#[test]
fn a_payload_that_panics_when_dropped_harms_nobody() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        for _ in 0..3 {
            let call = task().on(pool.clone()).catch();
            let explode = |()| -> u8 { panic_any(Explosive) };
            let failure = Background::join(call.spawn_with(explode, ()));
            let failure = failure.expect_err("it panicked");
            assert!(failure.is_panic(), "{failure:?}");
            assert!(failure.to_string().contains("no text"), "{failure}");
            lives_on(&pool, pid);
        }
    });
}

/// A body that waits for a task which panics says through whom the panic came.
#[test]
fn a_panic_names_the_calls_that_it_came_through() {
    within(|| {
        let pool = one();
        let outer = |()| -> u32 { *task().name("inner").spawn(|| breaks("inside".to_owned())) };
        let failure = Background::join(task().on(pool).catch().spawn_with(outer, ()));
        let failure = failure.expect_err("it panicked");
        let Failure::Panicked { message, .. } = &failure else { panic!("{failure:?}") };
        for part in ["broken: inside", "`inner`"] {
            assert!(message.contains(part), "`{part}` in `{message}`");
        }
    });
}

#[test]
fn a_hook_that_a_body_sets_stays_its_own() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        let set = |()| std::panic::set_hook(Box::new(|_| println!("a hook of the body's own")));
        Background::join(task().on(pool.clone()).spawn_with(set, ()));
        let call = task().on(pool.clone()).catch();
        let failure = Background::join(call.spawn_with(breaks, "pot".to_owned()));
        let failure = failure.expect_err("it panicked");
        let Failure::Panicked { message, .. } = &failure else { panic!("{failure:?}") };
        assert_eq!(message, "broken: pot");
        lives_on(&pool, pid);
    });
}
