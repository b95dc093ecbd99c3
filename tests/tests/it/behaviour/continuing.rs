//! What follows a future: `on_ready` and `then`.

use std::panic::{panic_any, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};
use std::thread;

use background::{Background, Failure, OnDrop, promise, spawn, task};
use background_tests::{Counter, Gate, until, within};

#[test]
fn every_callback_is_called_once_in_order_though_some_panic() {
    within(|| {
        for ends in [true, false] {
            let (filler, future) = promise::<u8>();
            let (sender, receiver) = channel();
            for n in 0..10 {
                let sender = sender.clone();
                Background::on_ready(&future, move |outcome| {
                    sender.send((n, outcome.is_ok(), thread::current().id())).unwrap();
                    if n % 2 == 0 {
                        resume_unwind(Box::new("in a callback"));
                    }
                });
            }
            drop(sender);
            if ends {
                filler.set(1).unwrap();
            } else {
                drop(filler);
            }
            let here = thread::current().id();
            assert!(receiver.iter().eq((0..10).map(|n| (n, ends, here))));
            assert_eq!(Background::outcome(&future).is_ok(), ends);
        }
    });
}

#[test]
fn a_callback_that_comes_late_runs_where_it_is_given() {
    within(|| {
        let future = task().dedicated().spawn(|| 7);
        assert_eq!(future, 7);
        let (sender, receiver) = channel();
        Background::on_ready(&future, move |outcome| {
            sender.send((outcome.copied().ok(), thread::current().id())).unwrap();
        });
        assert_eq!(receiver.try_recv(), Ok((Some(7), thread::current().id())));
    });
}

#[test]
fn callbacks_that_meet_the_end_are_called_once() {
    within(|| {
        let calls = Arc::new(AtomicUsize::new(0));
        for _ in 0..200 {
            let (filler, future) = promise();
            let (future, start) = (Arc::new(future), Arc::new(Barrier::new(3)));
            let threads: Vec<_> = (0..2)
                .map(|_| {
                    let (future, start) = (Arc::clone(&future), Arc::clone(&start));
                    let calls = Arc::clone(&calls);
                    thread::spawn(move || {
                        start.wait();
                        for _ in 0..10 {
                            let calls = Arc::clone(&calls);
                            Background::on_ready(&future, move |outcome| {
                                assert_eq!(outcome, Ok(&7));
                                calls.fetch_add(1, Ordering::Relaxed);
                            });
                        }
                    })
                })
                .collect();
            start.wait();
            filler.set(7).unwrap();
            for thread in threads {
                thread.join().unwrap();
            }
        }
        assert_eq!(calls.load(Ordering::Relaxed), 200 * 20);
    });
}

#[test]
fn a_continuation_runs_once_and_not_on_the_thread_that_ends_the_task() {
    within(|| {
        let (filler, future) = promise();
        let after = Background::then(future, |n: u32| (n + 1, thread::current().id()));
        filler.set(1).unwrap();
        // Nobody touches it.
        until("the continuation has run", || Background::is_ready(&after));
        assert!(after.0 == 2 && after.1 != thread::current().id());

        // After a lazy one, who touches it runs both.
        let lazy = task().lazy().spawn(|| thread::current().id());
        let after = Background::then(lazy, |id| (id, thread::current().id()));
        let here = thread::current().id();
        assert_eq!(*after, (here, here));
    });
}

#[test]
fn a_failure_goes_through_continuations() {
    within(|| {
        let counter = Counter::new();
        let unused = counter.make();
        let failed = spawn(|| -> u8 { panic_any("no luck") });
        let after = Background::then(failed, move |n| drop((n, unused)));
        let last = Background::then(after, |()| 1);
        let failure = Background::outcome(&last).unwrap_err();
        assert!(failure.is_panic() && failure.to_string().contains("no luck"), "{failure}");
        until("what it captured is dropped", || counter.dropped() == 1);
    });
}

#[test]
fn futures_are_arguments_in_every_shape() {
    #[background::background]
    fn add(x: Background<u32>, y: Background<u32>) -> u32 {
        x + y
    }
    #[background::background]
    fn total(all: Vec<Background<u32>>) -> u32 {
        all.iter().map(|x| **x).sum()
    }
    #[background::background]
    fn either(x: Option<Background<u32>>, y: Result<Background<u32>, Failure>) -> u32 {
        x.map_or(0, Background::join) + y.map_or(0, Background::join)
    }

    within(|| {
        let gate = Gate::new();
        let inside = gate.clone();
        let late = task().on_drop(OnDrop::Join).spawn(move || {
            inside.pass();
            1
        });
        let sum = total(vec![add(late, spawn(|| 2)), add(spawn(|| 3), spawn(|| 4))]);
        let sum = either(Some(sum), Ok(spawn(|| 5)));
        gate.open();
        assert_eq!(sum, 15);
    });
}
