//! Time limits. Tests only ever wait for a limit to pass, never to see that it has not.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use background::{Background, Failure, Timeout, background, checkpoint, current, task};
use background_tests::{Counter, Gate, within};

/// Passes soon.
const SOON: Duration = Duration::from_millis(20);
/// Does not pass while a test runs.
const LATE: Duration = Duration::from_secs(3600);

#[background(timeout = 20ms)]
fn endless() -> u32 {
    loop {
        std::hint::spin_loop();
    }
}

#[background(timeout = 1h)]
fn quick(answer: u32) -> u32 {
    answer
}

#[test]
fn equal_to_timeout_both_ways() {
    within(|| {
        let late = endless();
        assert!(late == Timeout);
        assert!(Timeout == late);
        assert_eq!(late.to_string(), "Timeout");
        assert_eq!(format!("{late:?}"), "Timeout");
        let quick = quick(5);
        assert!(quick != Timeout);
        assert!(Timeout != quick);
        assert_eq!(quick.to_string(), "5");
        assert_eq!(Background::join(quick), Ok(5));
    });
}

/// What one reader has seen, every reader sees, also when the body returns later.
#[test]
fn a_timeout_is_for_ever() {
    within(|| {
        let (gate, counter) = (Gate::new(), Counter::new());
        let future = task().timeout(SOON).spawn({
            let (gate, counter) = (gate.clone(), counter.clone());
            move || {
                gate.pass();
                counter.make()
            }
        });
        assert!(future.is_err());
        gate.open();
        // The value that comes too late is dropped by its maker.
        background_tests::until("the late value is dropped", || counter.dropped() == 1);
        assert!(future.is_err());
        assert!(matches!(Background::outcome(&future), Err(Failure::Timeout)));
        assert!(matches!(Background::try_get(&future), Some(Err(Timeout))));
        assert!(Background::join(future).is_err());
        assert_eq!((counter.made(), counter.dropped()), (1, 1));
    });
}

#[test]
fn every_reader_sees_the_same() {
    within(|| {
        for _ in 0..50 {
            let future = Arc::new(task().timeout(Duration::from_micros(100)).spawn(|| 1));
            let readers: Vec<_> = (0..4)
                .map(|_| {
                    let future = Arc::clone(&future);
                    thread::spawn(move || **future)
                })
                .collect();
            let read: Vec<_> = readers.into_iter().map(|it| it.join().unwrap()).collect();
            assert!(read.iter().all(|it| *it == read[0] && *it == **future), "{read:?}");
        }
    });
}

#[test]
fn a_panic_is_never_a_timeout() {
    within(|| {
        let timed = task().timeout(LATE).spawn(|| -> u8 { panic!("on purpose") });
        assert!(matches!(Background::outcome(&timed), Err(Failure::Panicked { .. })));
        let caught = task().catch().timeout(LATE).spawn(|| -> u8 { panic!("on purpose") });
        assert!(caught.as_ref().unwrap_err().is_panic());
        assert!(!caught.as_ref().unwrap_err().is_timeout());
        // The first touch of one that is not caught panics with the payload.
        let raised = thread::spawn(move || Background::join(timed).is_ok()).join();
        assert_eq!(raised.unwrap_err().downcast_ref(), Some(&"on purpose"));
    });
}

#[test]
fn no_time_at_all() {
    within(|| {
        let timeout = task().timeout(Duration::ZERO).spawn(|| 1);
        assert!(timeout == Timeout);
        let deadline = task().deadline(Duration::ZERO).spawn(|| 1);
        assert!(deadline == Timeout);
        for task in [task().timeout(Duration::ZERO), task().deadline(Duration::ZERO)] {
            assert!(task.lazy().spawn(|| -> u8 { unreachable!("it must not start") }) == Timeout);
        }
        let unready = task().lazy().spawn(|| 1);
        assert_eq!(Background::get_timeout(&unready, Duration::ZERO).copied().unwrap_or(1), 1);
        assert_eq!(unready, 1);
        // What is there needs no time.
        assert_eq!(Background::get_timeout(&unready, Duration::ZERO), Some(&1));
    });
}

#[test]
fn all_the_time_there_is() {
    within(|| {
        assert_eq!(Background::join(task().timeout(Duration::MAX).spawn(|| 1)), Ok(1));
        assert_eq!(Background::join(task().deadline(Duration::MAX).spawn(|| 2)), Ok(2));
        let both = task().timeout(Duration::MAX).deadline(Duration::MAX);
        let future = both.spawn(|| 3);
        assert_eq!(Background::get_timeout(&future, Duration::MAX), Some(&Ok(3)));
    });
}

/// The reader gives up, the task goes on.
#[test]
fn a_reader_may_give_up() {
    within(|| {
        let gate = Gate::new();
        let inside = gate.clone();
        let future = task().spawn(move || {
            inside.pass();
            5
        });
        assert_eq!(Background::get_timeout(&future, SOON), None);
        assert_eq!(Background::get_timeout(&future, Duration::ZERO), None);
        gate.open();
        assert_eq!(Background::get_timeout(&future, LATE), Some(&5));
        assert_eq!(future, 5);
    });
}

/// By the time the time-out can be seen the body has been told, and its destructors run.
#[test]
fn a_body_unwinds_at_its_checkpoint() {
    within(|| {
        let (counter, (sender, receiver)) = (Counter::new(), std::sync::mpsc::channel());
        let future = task().timeout(SOON).dedicated().spawn({
            let counter = counter.clone();
            move || {
                let _guard = counter.make();
                while !current().unwrap().is_stopping() {
                    std::hint::spin_loop();
                }
                sender.send("told").unwrap();
                checkpoint();
                sender.send("went on").unwrap();
            }
        });
        assert!(future == Timeout);
        assert_eq!(receiver.recv(), Ok("told"));
        assert!(receiver.recv().is_err(), "the sender goes with the body");
        background_tests::until("the destructors ran", || counter.dropped() == 1);
    });
}

#[test]
fn a_timeout_counts_from_the_start_of_the_body() {
    within(|| {
        // It waits for its first touch for longer than its budget, and still is in time.
        let lazy = task().lazy().timeout(Duration::from_secs(5)).spawn(|| 1);
        let slow = endless();
        assert!(slow == Timeout);
        assert_eq!(Background::join(lazy), Ok(1));
    });
}

#[test]
fn a_deadline_counts_from_the_call() {
    within(|| {
        let lazy = task().lazy().deadline(SOON).spawn(|| 1);
        let later = Instant::now() + SOON * 2;
        background_tests::until("the deadline passes", || Instant::now() > later);
        assert!(lazy == Timeout);
    });
}

#[test]
fn nested_calls_inherit_what_is_left_of_a_deadline() {
    within(|| {
        let outer = task().deadline(LATE).spawn(|| {
            let here = current().unwrap().remaining();
            let inner = task().spawn(|| {
                let nested = task().dedicated().spawn(|| current().unwrap().remaining());
                (current().unwrap().remaining(), Background::join(nested))
            });
            (here, Background::join(inner))
        });
        let (here, (inner, innermost)) = Background::join(outer).unwrap();
        for remaining in [here, inner, innermost] {
            assert!(remaining.is_some_and(|it| it <= LATE && it > LATE / 2), "{remaining:?}");
        }
        // A longer deadline of its own does not help.
        let outer = task().deadline(LATE).spawn(|| {
            let inner = task().deadline(LATE * 9).spawn(|| current().unwrap().remaining());
            Background::join(inner).unwrap()
        });
        assert!(Background::join(outer).unwrap().unwrap() <= LATE);
        assert_eq!(task().spawn(|| current().unwrap().remaining()), None);
    });
}

#[background(deadline = 20ms, catch)]
fn outer(gate: Gate) -> u32 {
    *inner(gate)
}

#[background]
fn inner(gate: Gate) -> u32 {
    gate.pass();
    1
}

/// A nested call without a limit of its own ends with its caller's, and so does the caller.
#[test]
fn a_nested_call_ends_with_its_callers_deadline() {
    within(|| {
        let gate = Gate::new();
        assert_eq!(*outer(gate.clone()), Err(Failure::Timeout));
        gate.open();
    });
}
