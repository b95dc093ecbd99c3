//! Futures that are filled by hand.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use background::{
    Background, Cancel, Failure, Limit, OnDrop, Promise, Timeout, WhenFull, checkpoint, current,
    promise, spawn, task,
};
use background_tests::{Counter, Gate, until, within};

#[test]
fn a_value_reaches_every_kind_of_reader() {
    within(|| {
        let (filler, future) = promise();
        let future = Arc::new(future);
        let readers: Vec<_> = (0..4)
            .map(|_| {
                let future = Arc::clone(&future);
                thread::spawn(move || **future)
            })
            .collect();
        let (sender, receiver) = channel();
        Background::on_ready(&future, move |outcome| sender.send(outcome.copied().ok()).unwrap());
        assert!(!Background::is_ready(&future) && filler.is_wanted());
        assert_eq!(filler.set(7_u32), Ok(()));
        assert!(readers.into_iter().all(|reader| reader.join().unwrap() == 7));
        assert_eq!(receiver.recv(), Ok(Some(7)));
    });
}

#[test]
fn callbacks_run_on_the_thread_that_fills() {
    within(|| {
        let (filler, future) = promise();
        let (sender, receiver) = channel();
        Background::on_ready(&future, move |_| sender.send(thread::current().id()).unwrap());
        let thread = thread::spawn(move || {
            filler.set(1).unwrap();
            thread::current().id()
        });
        assert_eq!(receiver.recv().unwrap(), thread.join().unwrap());
        assert_eq!(future, 1);
    });
}

#[test]
fn a_touch_of_an_unfilled_promise_waits_and_runs_nothing() {
    within(|| {
        let (filler, future) = promise::<u8>();
        assert_eq!(Background::get_timeout(&future, Duration::from_millis(5)), None);
        let (given_up, abandoned) = promise::<u8>();
        assert_eq!(Background::get_timeout(&abandoned, Duration::from_millis(1)), None);
        drop(abandoned);
        assert!(!given_up.is_wanted());
        let touching = Gate::new();
        let inside = touching.clone();
        let reader = task().dedicated().spawn(move || {
            inside.open();
            Background::join(future)
        });
        touching.pass();
        filler.set(3).unwrap();
        assert_eq!(reader, 3);
    });
}

#[test]
fn a_dropped_promise_is_lost_for_everybody() {
    within(|| {
        let (filler, future) = promise::<u8>();
        let reader = thread::spawn(move || Background::outcome(&future).err().cloned());
        drop(filler);
        assert_eq!(reader.join().unwrap(), Some(Failure::Lost));

        // Also when the thread that holds it panics.
        let (filler, future) = promise::<u8>();
        let holder = thread::spawn(move || {
            let _filler = filler;
            panic_any(1_u8);
        });
        assert!(holder.join().is_err());
        assert_eq!(Background::outcome(&future), Err(&Failure::Lost));
    });
}

#[test]
fn what_nobody_wants_is_given_back() {
    within(|| {
        let counter = Counter::new();
        let (filler, future) = promise();
        assert_eq!(Background::cancel(&future), Cancel::NeverStarted);
        assert!(!filler.is_wanted());
        let value = filler.set(counter.make()).expect_err("it was cancelled");
        assert_eq!((value.nth(), counter.dropped()), (0, 0));

        let (filler, future) = promise();
        drop::<Background<_>>(future);
        let value = filler.set(value).expect_err("it was dropped");

        let (filler, future) = task().deadline(Duration::from_millis(1)).promise();
        assert!(Background::outcome(&future).is_err_and(Failure::is_timeout));
        let value = filler.set(value).expect_err("its time was over");

        let (filler, future) = task().on_drop(OnDrop::Cancel).promise();
        Background::on_ready(&future, |_| {});
        drop(future);
        assert!(filler.set(value).is_err());
        assert_eq!(counter.dropped(), 1);
    });
}

#[test]
fn a_future_that_is_dropped_with_a_callback_is_wanted_still() {
    within(|| {
        let (filler, future) = promise();
        let (sender, receiver) = channel();
        Background::on_ready(&future, move |outcome| sender.send(outcome.copied().ok()).unwrap());
        drop(future);
        assert!(filler.is_wanted());
        assert_eq!(filler.set(9), Ok(()));
        assert_eq!(receiver.recv(), Ok(Some(9)));
    });
}

#[test]
fn work_for_a_promise_is_its_task() {
    within(|| {
        let here = thread::current().id();
        let (filler, future) = task().name("by hand").promise();
        let done = filler.set_with(move || {
            assert_eq!(current().unwrap().name(), "by hand");
            thread::current().id()
        });
        assert!(done && future == here);

        // Its panic is the future's, payload and all.
        let (filler, future) = promise::<u8>();
        assert!(filler.set_with(|| panic_any(77_u64)));
        let payload = catch_unwind(AssertUnwindSafe(|| *future)).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&77_u64));

        // It can be cancelled.
        let (filler, future) = promise::<u8>();
        let (started, stopped) = (Gate::new(), Counter::new());
        let (inside, witness) = (started.clone(), stopped.make());
        let worker = thread::spawn(move || {
            filler.set_with(move || {
                let _witness = witness;
                inside.open();
                loop {
                    checkpoint();
                    thread::yield_now();
                }
            })
        });
        started.pass();
        assert_eq!(Background::cancel(&future), Cancel::Stopping);
        worker.join().unwrap();
        assert_eq!(stopped.dropped(), 1);

        // It is not called for nobody.
        let (filler, future) = promise::<u8>();
        drop(future);
        assert!(!filler.set_with(|| unreachable!("nobody wants it")));
    });
}

#[test]
fn an_outcome_is_passed_on() {
    within(|| {
        for outcome in [Ok(1), Err(Failure::Cancelled), Err(Failure::Lost), Err(Failure::Timeout)] {
            let (filler, future) = task().catch().promise();
            assert_eq!(filler.complete(outcome.clone()), Ok(()));
            assert_eq!(Background::join(future), outcome);
        }
        let (filler, future) = task().deadline(Duration::from_secs(3600)).promise::<u8>();
        filler.complete(Err(Failure::Timeout)).unwrap();
        assert!(future == Timeout);
        let (filler, future) = promise::<u8>();
        filler.reject("no");
        assert!(Background::outcome(&future).is_err_and(Failure::is_rejected));
    });
}

#[test]
fn a_promise_knows_where_it_was_made() {
    let line = line!() + 1;
    let (filler, future) = promise::<u8>();
    let place = Background::call_site(&future);
    assert_eq!((place.file(), place.line()), (file!(), line));
    assert_eq!(Background::status(&future).name(), "promise");
    assert!(format!("{filler:?}").contains("promise"));
}

#[test]
fn a_promise_can_be_held_and_awaited_by_tasks() {
    within(|| {
        let (filler, future) = promise();
        let after = Background::then(future, |n: u32| n + 1);
        let set = spawn(move || filler.set(41));
        assert_eq!(after, 42);
        assert_eq!(Background::join(set), Ok(()));
    });
}

#[test]
fn a_limit_counts_promises() {
    static ONE: Limit = Limit::new(1);

    within(|| {
        let limited = || task().catch().limit(&ONE, WhenFull::Reject).promise::<u8>();
        let (filler, future) = limited();
        let (second, rejected) = limited();
        assert!(Background::outcome(&rejected).is_err_and(Failure::is_rejected));
        assert!(!second.is_wanted());
        assert_eq!(second.set(1), Err(1));
        let inline = task().catch().limit(&ONE, WhenFull::Inline).promise::<u8>();
        assert!(Background::outcome(&inline.1).is_err_and(Failure::is_rejected));
        assert_eq!(filler.set(2), Ok(()));
        assert_eq!(Background::join(future), Ok(2));
        assert_eq!(ONE.in_use(), 0);
    });
}

#[test]
fn of_a_value_and_a_cancel_at_once_one_is_first() {
    within(|| {
        let counter = Counter::new();
        for _ in 0..2_000 {
            let (filler, future): (Promise<_>, Background<_>) = promise();
            let value = counter.make();
            let setter = spawn(move || drop(filler.set(value)));
            let cancelled = Background::cancel(&future) != Cancel::TooLate;
            assert_eq!(Background::outcome(&future).is_err(), cancelled);
            assert_eq!(setter, ());
        }
        until("every value is dropped once", || counter.dropped() == counter.made());
    });
}

#[test]
fn ten_thousand_promises_are_filled_from_many_threads() {
    within(|| {
        let (fillers, futures): (Vec<_>, Vec<_>) = (0..10_000).map(|_| promise::<usize>()).unzip();
        let (sender, receiver) = channel();
        for entry in fillers.into_iter().enumerate() {
            sender.send(entry).unwrap();
        }
        drop(sender);
        let receiver = Arc::new(std::sync::Mutex::new(receiver));
        for _ in 0..4 {
            let receiver = Arc::clone(&receiver);
            thread::spawn(move || {
                loop {
                    let Ok((n, filler)) = receiver.lock().unwrap().recv() else { return };
                    filler.set(n).unwrap();
                }
            });
        }
        assert!(futures.iter().enumerate().all(|(n, future)| *future == n));
    });
}
