//! Streams where it gets narrow: several who push, destructors that panic, and deliveries that nobody
//! can resume.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use background::{Background, BackgroundIter, Failure, deliver, feeder_with, task};
use background_tests::{Gate, PATIENCE, until, within};

#[test]
fn several_threads_may_feed_a_stream() {
    within(|| {
        for room in [1, 2, 64] {
            let (feeder, items) = feeder_with::<u64>(room);
            let feeder = Arc::new(feeder);
            for _ in 0..4 {
                let own = Arc::clone(&feeder);
                thread::spawn(move || (0..2000).try_for_each(|n| own.push(n)));
            }
            // Whoever tries in between takes nobody's place.
            let own = Arc::clone(&feeder);
            thread::spawn(move || while own.try_push(0) != Err(0) || own.is_wanted() {});
            drop(feeder);
            let sum: u64 = items.take_while_sum(4 * 1999 * 1000);
            assert_eq!(sum, 4 * 1999 * 1000);
        }
    });
}

/// Adds up what comes until it is `enough`.
trait TakeWhileSum: Iterator<Item = u64> + Sized {
    fn take_while_sum(mut self, enough: u64) -> u64 {
        let mut sum = 0;
        while sum < enough {
            let Some(item) = self.next() else { break };
            sum += item;
        }
        sum
    }
}

impl<I: Iterator<Item = u64>> TakeWhileSum for I {}

#[test]
fn several_threads_push_no_more_than_there_is_room_for() {
    within(|| {
        for _ in 0..300 {
            let (feeder, items) = feeder_with::<u32>(3);
            let (feeder, start) = (Arc::new(feeder), Arc::new(std::sync::Barrier::new(4)));
            let pushing = [0; 4].map(|_| {
                let (feeder, start) = (Arc::clone(&feeder), Arc::clone(&start));
                thread::spawn(move || {
                    start.wait();
                    (0..4).filter(|n| feeder.try_push(*n).is_ok()).count()
                })
            });
            let pushed: usize = pushing.map(|it| it.join().unwrap()).iter().sum();
            assert_eq!((pushed, BackgroundIter::ahead(&items)), (3, 3));
        }
    });
}

/// An item that panics when it is dropped.
struct Bomb(bool);

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(!self.0, "an item's destructor panics");
    }
}

#[test]
fn a_destructor_that_panics_keeps_no_producer() {
    within(|| {
        let (sender, gone) = mpsc::channel::<()>();
        let mut items = task().look_ahead(3).stream(move || {
            std::iter::repeat_with(move || {
                let _alive = &sender;
                Bomb(true)
            })
        });
        std::mem::forget(items.next());
        while BackgroundIter::ahead(&items) == 0 {
            thread::yield_now();
        }
        let _ = catch_unwind(AssertUnwindSafe(|| drop(items)));
        assert_eq!(gone.recv_timeout(PATIENCE), Err(mpsc::RecvTimeoutError::Disconnected));
    });
}

#[test]
fn a_paused_delivery_goes_on_when_nobody_can_resume_it() {
    within(|| {
        let (sender, receiver) = mpsc::channel();
        let delivery = deliver(0..10, move |n: u32| sender.send(n));
        delivery.pause();
        drop(delivery);
        assert!(receiver.iter().eq(0..10));

        let delivery = deliver(0..10, |_: u32| ());
        delivery.pause();
        assert!(delivery.wait().is_complete());

        let delivery = deliver(0..10, |_: u32| ());
        delivery.pause();
        let awaited = task().spawn_async(async move { delivery.await });
        assert!(Background::join(awaited).is_complete());
    });
}

#[test]
fn a_deadline_that_cuts_a_delivery_is_told_and_does_not_panic() {
    within(|| {
        let gate = Gate::new();
        let own = gate.clone();
        let starting = task().deadline(Duration::from_millis(20)).spawn(move || {
            deliver(0..10, move |_: u32| {
                own.pass();
                background::checkpoint();
            })
        });
        let delivery = Background::join(starting).expect("that was quick");
        until("its time is up", || delivery.is_done());
        gate.open();
        let delivered = catch_unwind(AssertUnwindSafe(|| delivery.wait()));
        let delivered = delivered.expect("`wait` never panics");
        assert!(!delivered.is_complete(), "{delivered}");
    });
}

#[test]
fn a_stream_of_a_stream_of_a_stream() {
    within(|| {
        for look_ahead in [1, 2, 64] {
            let mut stream = task().look_ahead(look_ahead).stream(|| 0..1000_u32);
            for _ in 0..6 {
                stream = task().look_ahead(look_ahead).stream(move || stream.map(|n| n + 1));
            }
            assert!(stream.eq(6..1006));
        }
    });
}

#[test]
fn a_failure_comes_through_streams_of_streams() {
    within(|| {
        let mut stream = task().catch().stream(|| (0..10_u32).inspect(|n| assert!(*n < 5, "five")));
        for _ in 0..3 {
            stream = task().catch().stream(move || {
                stream.map(|item: Result<u32, Failure>| item.unwrap_or_else(|it| panic!("{it}")))
            });
        }
        let items: Vec<_> = stream.collect();
        assert!(items[..5].iter().flatten().copied().eq(0..5));
        assert!(items[5].as_ref().unwrap_err().to_string().contains("five"));
        assert_eq!(items.len(), 6);
    });
}
