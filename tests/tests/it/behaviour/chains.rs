//! Failures that come through other tasks say which.

use std::panic::{AssertUnwindSafe, catch_unwind};

use background::{Background, Call, Failure, background, spawn, task};
use background_tests::within;

#[background]
fn broken() -> u32 {
    panic!("no digits")
}

#[background]
fn load() -> u32 {
    broken() + 1
}

#[background]
fn show() -> u32 {
    load() + 1
}

/// The calls in the chain, by name.
fn chain(failure: &Failure) -> Vec<&str> {
    match failure {
        Failure::Panicked { chain, .. } => chain.calls().iter().map(Call::name).collect(),
        other => panic!("no panic: {other}"),
    }
}

#[test]
fn a_failure_names_the_calls_it_came_through() {
    within(|| {
        let direct = broken();
        let failure = Background::outcome(&direct).unwrap_err();
        assert!(chain(failure).is_empty());
        assert!(failure.to_string().ends_with(": no digits"), "{failure}");

        let shown = show();
        let failure = Background::outcome(&shown).unwrap_err();
        assert_eq!(chain(failure), ["broken", "load"]);
        let Failure::Panicked { message, location, .. } = failure else { unreachable!() };
        assert_eq!(message, "no digits");
        assert!(location.as_ref().is_some_and(|it| it.starts_with(file!())), "{location:?}");
        let (broken_at, load_at) = (line!() - 30, line!() - 25);
        let expected = format!(
            ": no digits, in `broken` (called at {0}:{broken_at}:5), needed by `load` (called at \
             {0}:{load_at}:5)",
            file!(),
        );
        assert!(failure.to_string().ends_with(&expected), "{failure} but {expected}");
    });
}

/// Which of several touches gets the payload makes no difference to what the tasks say.
#[test]
fn later_touches_tell_the_same() {
    within(|| {
        let shared = std::sync::Arc::new(broken());
        let needing = |_| {
            let shared = std::sync::Arc::clone(&shared);
            task().name("needs").spawn(move || **shared)
        };
        for needs in [0, 1].map(needing) {
            let failure = Background::outcome(&needs).unwrap_err();
            assert_eq!(chain(failure), ["broken"]);
            assert!(failure.to_string().contains(": no digits, in `broken`"), "{failure}");
        }
    });
}

#[test]
fn awaits_and_joins_count_too() {
    within(|| {
        let awaits =
            task().name("awaits").spawn(|| background::__private::drive(async || load().await));
        let joins = spawn(move || Background::join(awaits));
        assert_eq!(chain(Background::outcome(&joins).unwrap_err()), ["broken", "load", "awaits"]);
        let then = Background::then(joins, |it| it);
        let chained = Background::outcome(&then).unwrap_err();
        assert_eq!(chain(chained), ["broken", "load", "awaits", "closure"]);
    });
}

/// A failure that was caught has no part in the next panic.
#[test]
fn a_caught_failure_is_forgotten() {
    within(|| {
        let other = spawn(|| -> u32 {
            let caught = catch_unwind(AssertUnwindSafe(|| *load()));
            drop(caught);
            panic!("another one")
        });
        let failure = Background::outcome(&other).unwrap_err();
        assert!(chain(failure).is_empty(), "{failure}");
        assert!(failure.to_string().ends_with("another one"), "{failure}");
        // Raised again, it is the same one.
        let again = spawn(|| -> u32 {
            let caught = catch_unwind(AssertUnwindSafe(|| *load())).unwrap_err();
            std::panic::resume_unwind(caught)
        });
        assert_eq!(chain(Background::outcome(&again).unwrap_err()), ["broken", "load"]);
    });
}

/// A recursion of any depth: the calls nearest to the panic are kept, the others counted.
#[test]
fn long_chains_are_cut() {
    #[background(lazy)]
    fn deep(left: u32) -> u32 {
        if left == 0 { panic!("at the bottom") } else { deep(left - 1) + 1 }
    }
    within(|| {
        let top = deep(100);
        let Err(Failure::Panicked { chain, .. }) = Background::outcome(&top) else {
            panic!("it fails");
        };
        assert_eq!(chain.calls().len() + chain.more(), 100);
        assert!(chain.to_string().ends_with(&format!("needed by {} more", chain.more())));
    });
}

/// What has no value for other reasons is named by the message of the touch.
#[test]
fn other_failures_are_told_by_the_touch() {
    struct Careless;
    impl background::Strategy for Careless {
        fn start(&self, task: background::Task) {
            drop(task);
        }
    }
    within(|| {
        let lost = task().name("lost").on(Careless).spawn(|| 1);
        let needs = task().name("needs").spawn(move || lost + 1);
        let reads = spawn(move || needs + 1);
        let failure = Background::outcome(&reads).unwrap_err();
        let told = failure.to_string();
        assert!(told.contains("background task `lost` (called at "), "{told}");
        assert!(told.contains(" was lost") && told.contains(", in `needs` (called at "), "{told}");
    });
}
