//! Waits that end by themselves are no deadlocks.

use std::sync::Arc;
use std::time::Duration;

use background::{Background, Failure, task};
use background_tests::within;

use super::Ring;

/// Where a limit ends a member, there is no deadlock; the limit resolves it.
#[test]
fn a_time_limit_is_no_deadlock() {
    within(|| {
        let ring = Ring::<u32, Failure>::new(3);
        for nth in 0..3 {
            let inside = Arc::clone(&ring);
            let body = move || *inside.future(nth + 1).as_ref().unwrap_or(&7) + 1;
            let task = task().dedicated().catch();
            let task = if nth == 1 { task.timeout(Duration::from_millis(50)) } else { task };
            ring.set(nth, task.spawn(body));
        }
        ring.gate.open();
        assert_eq!(**ring.future(1), Err(Failure::Timeout));
        assert_eq!(**ring.future(0), Ok(8));
        assert_eq!(**ring.future(2), Ok(9));
    });
}

/// Nor where a reader gives up by itself.
#[test]
fn a_reader_that_gives_up_is_no_deadlock() {
    within(|| {
        let ring = Ring::<u32, Failure>::new(2);
        let inside = Arc::clone(&ring);
        ring.set(
            0,
            task().dedicated().catch().spawn(move || {
                let seen =
                    Background::get_timeout(inside.future(1), Duration::from_millis(50)).is_some();
                u32::from(seen)
            }),
        );
        let inside = Arc::clone(&ring);
        ring.set(
            1,
            task().dedicated().catch().spawn(move || *inside.future(0).as_ref().unwrap() + 1),
        );
        ring.gate.open();
        assert_eq!(**ring.future(1), Ok(1));
        assert_eq!(**ring.future(0), Ok(0));
    });
}

/// Waiting without a limit is a wait for ever, whatever the function is called.
#[test]
fn a_reader_that_waits_for_ever_is_a_member() {
    within(|| {
        let ring = Ring::<bool, Failure>::new(2);
        for nth in 0..2 {
            let inside = Arc::clone(&ring);
            let body = move || {
                let read = Background::get_timeout(inside.future(nth + 1), Duration::MAX);
                read.is_some_and(Result::is_err)
            };
            ring.set(nth, task().dedicated().catch().spawn(body));
        }
        ring.gate.open();
        let read = [0, 1].map(|nth| (**ring.future(nth)).clone());
        assert!(read.contains(&Ok(true)), "{read:?}");
        assert!(read.iter().any(|it| it.as_ref().is_err_and(Failure::is_deadlock)), "{read:?}");
    });
}
