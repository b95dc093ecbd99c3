//! Crates of strangers: generated outside the workspace, with a path dependency, under the
//! strictest lints there are, in every edition.

mod borrowing;
mod featureless;
mod readme;
mod world;

use world::World;

/// Clippy has nothing to say about a consumer, and its program, which asserts what it sees, says so
/// at its end.
macro_rules! consumers {
    ($($consumer:ident)*) => {$(
        #[test]
        fn $consumer() {
            let world = World::get();
            world.clippy(stringify!($consumer));
            let finished = world.run(stringify!($consumer)).finish().succeeded();
            assert_eq!(finished.stdout, "checked\n", "{finished:#?}");
        }
    )*};
}

consumers! {
    edition_2015
    edition_2018
    edition_2021
    edition_2024
    without_prelude
    renamed
    in_macros
    shadowing
    patterns
}

/// Where a panic aborts, a body that panics ends the process: by the signal, at once, and with the
/// panic's message. Nobody is left waiting for an outcome.
#[test]
#[cfg(unix)]
fn a_panic_that_aborts() {
    const SIGABRT: i32 = 6;
    for strategy in ["thread", "dedicated", "inline", "lazy"] {
        let finished = World::get().run_aborting().arg(strategy).finish();
        assert_eq!(finished.signal(), Some(SIGABRT), "{finished:#?}");
        assert_eq!(finished.stdout, "before\n", "{finished:#?}");
        assert!(finished.stderr.contains("on purpose"), "{finished:#?}");
    }
}

/// Everything that needs no unwinding works where a panic aborts.
#[test]
fn without_a_panic_nothing_aborts() {
    let finished = World::get().run_aborting().arg("none").finish().succeeded();
    assert_eq!(finished.stdout, "checked\n", "{finished:#?}");
}
