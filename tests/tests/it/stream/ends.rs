//! How streams end: by themselves, early, and badly.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use background::{
    Background, BackgroundIter, Cancel, Failure, OnDrop, Strategy, Timeout, checkpoint, spawn,
    strategies, task,
};
use background_tests::{Counter, Gate, PATIENCE, within};

fn strategies() -> [(&'static str, Arc<dyn Strategy + Send + Sync>); 4] {
    [
        ("thread", Arc::new(strategies::Thread)),
        ("dedicated", Arc::new(strategies::Dedicated::new())),
        ("inline", Arc::new(strategies::Inline)),
        ("lazy", Arc::new(strategies::Lazy)),
    ]
}

/// Three items, and then a panic.
fn broken() -> impl Iterator<Item = u32> + Send {
    (0..10).inspect(|n| {
        if *n == 3 {
            resume_unwind(Box::new("boom"));
        }
    })
}

#[test]
fn a_panic_comes_after_the_items_that_preceded_it() {
    within(|| {
        for (name, strategy) in strategies() {
            for look_ahead in [1, 2, 64] {
                let mut items =
                    task().on(Arc::clone(&strategy)).look_ahead(look_ahead).stream(broken);
                let three: Vec<u32> = items.by_ref().take(3).collect();
                assert_eq!(three, [0, 1, 2], "{name}");
                let payload = catch_unwind(AssertUnwindSafe(|| items.next())).unwrap_err();
                assert_eq!(payload.downcast_ref(), Some(&"boom"), "{name}");
                assert_eq!(items.next(), None, "{name}");
            }
        }
    });
}

#[test]
fn a_caught_failure_is_the_last_item() {
    within(|| {
        for (name, strategy) in strategies() {
            let items: Vec<_> = task().catch().on(strategy).look_ahead(2).stream(broken).collect();
            assert_eq!(items.len(), 4, "{name}");
            assert!(items[..3].iter().flatten().eq(&[0, 1, 2]), "{name}");
            assert!(items[3].as_ref().unwrap_err().is_panic(), "{name}");
        }
    });
}

#[test]
fn a_body_that_makes_no_iterator_fails_as_any_other() {
    within(|| {
        for (_, strategy) in strategies() {
            let mut items = task()
                .catch()
                .on(strategy)
                .stream(|| -> std::ops::Range<u8> { resume_unwind(Box::new("no iterator")) });
            assert!(items.next().expect("an error").unwrap_err().is_panic());
            assert!(items.next().is_none());
        }
    });
}

/// Tells when its last item was made, and when it is gone.
struct Endless(mpsc::Sender<u32>, u32);

impl Iterator for Endless {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.1 += 1;
        Some(self.1)
    }
}

impl Drop for Endless {
    fn drop(&mut self) {
        self.0.send(self.1).expect("the test listens");
    }
}

#[test]
fn dropping_it_stops_the_producer() {
    within(|| {
        for (name, strategy) in strategies() {
            let (sender, receiver) = mpsc::channel();
            let mut items = task().on(strategy).look_ahead(3).stream(move || Endless(sender, 0));
            assert_eq!(items.by_ref().take(5).last(), Some(5), "{name}");
            drop(items);
            let last = receiver.recv_timeout(PATIENCE).expect("the producer has ended");
            assert!((5..=9).contains(&last), "{name}: {last}");
        }
    });
}

#[test]
fn a_producer_that_has_not_started_never_runs() {
    within(|| {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        let lazy = task().lazy().stream(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            0..1
        });
        drop(lazy);
        assert_eq!((runs.load(Ordering::SeqCst), Arc::strong_count(&runs)), (0, 1));
    });
}

#[test]
fn items_that_nobody_takes_are_dropped_once() {
    within(|| {
        for (name, strategy) in strategies() {
            let counter = Counter::new();
            let maker = counter.clone();
            let mut items = task()
                .on_drop(OnDrop::Join)
                .on(strategy)
                .stream(move || std::iter::repeat_with(move || maker.make()).take(20));
            drop(items.next());
            drop(items);
            assert_eq!(counter.made(), counter.dropped(), "{name}");
        }
    });
}

#[test]
fn a_cancelled_producer_unwinds_and_its_items_are_there() {
    within(|| {
        let entered = Gate::new();
        let (passed, (sender, receiver)) = (entered.clone(), mpsc::channel());
        let mut items = task().catch().dedicated().stream(move || {
            let mut told = Endless(sender, 0);
            std::iter::from_fn(move || {
                told.next();
                if told.1 > 2 {
                    passed.open();
                    loop {
                        checkpoint();
                        std::thread::yield_now();
                    }
                }
                Some(told.1)
            })
        });
        entered.pass();
        assert_eq!(BackgroundIter::cancel(&items), Cancel::Stopping);
        assert_eq!(receiver.recv_timeout(PATIENCE), Ok(3));
        assert_eq!((items.next(), items.next()), (Some(Ok(1)), Some(Ok(2))));
        assert_eq!(items.next(), Some(Err(Failure::Cancelled)));
        assert_eq!(items.next(), None);
        assert_eq!(BackgroundIter::cancel(&items), Cancel::TooLate);
    });
}

#[test]
fn a_cancelled_inline_producer_goes_no_further() {
    let (sender, receiver) = mpsc::channel();
    let mut items =
        task().catch().inline().look_ahead(2).stream(move || Endless(sender, 0).take(1_000_000));
    assert_eq!(items.next(), Some(Ok(1)));
    assert!(!BackgroundIter::is_finished(&items));
    assert_eq!(BackgroundIter::cancel(&items), Cancel::Stopping);
    assert_eq!(BackgroundIter::cancel(&items), Cancel::TooLate);
    assert_eq!(items.next(), Some(Ok(2)));
    assert_eq!(receiver.try_recv(), Ok(2));
    assert_eq!(items.next(), Some(Err(Failure::Cancelled)));
    assert_eq!(items.next(), None);
}

#[test]
fn a_cancelled_producer_that_waits_for_room_ends() {
    within(|| {
        let (sender, receiver) = mpsc::channel();
        let items = task().catch().look_ahead(2).stream(move || Endless(sender, 0));
        background_tests::until("it is full", || BackgroundIter::ahead(&items) == 2);
        assert_eq!(BackgroundIter::cancel(&items), Cancel::Stopping);
        assert_eq!(receiver.recv_timeout(PATIENCE), Ok(2));
        assert_eq!(items.map(|item| item.map_err(|it| it.is_cancelled())).last(), Some(Err(true)));
    });
}

#[test]
fn a_time_limit_is_the_last_item() {
    within(|| {
        let slow = task().timeout(Duration::from_millis(20)).stream(|| {
            (0..).inspect(|n| {
                if *n == 2 {
                    loop {
                        checkpoint();
                        std::thread::yield_now();
                    }
                }
            })
        });
        assert_eq!(slow.collect::<Vec<_>>(), [Ok(0), Ok(1), Err(Timeout)]);
    });
}

#[test]
fn a_reader_that_is_cancelled_unwinds_out_of_its_wait() {
    within(|| {
        let (gate, entered) = (Gate::new(), Gate::new());
        let (closed, told) = (gate.clone(), entered.clone());
        let reader = spawn(move || {
            let mut never =
                task().dedicated().stream(move || std::iter::once_with(move || closed.pass()));
            told.open();
            never.next()
        });
        entered.pass();
        assert_eq!(Background::cancel(&reader), Cancel::Stopping);
        gate.open();
        assert_eq!(Background::outcome(&reader), Err(&Failure::Cancelled));
    });
}

#[test]
fn a_stream_that_waits_for_its_reader_is_a_deadlock() {
    within(|| {
        let (sender, receiver) = mpsc::channel::<Arc<Background<bool>>>();
        let reader = Arc::new(spawn(move || {
            let mut items = task().catch().stream(move || {
                let reader = receiver.recv().expect("it comes");
                std::iter::once_with(move || **reader)
            });
            items.next().expect("an error").is_err_and(|it| it.is_deadlock() || it.is_panic())
        }));
        sender.send(Arc::clone(&reader)).expect("it is awaited");
        // One of the two is told, and then the other goes on.
        let outcome = Background::outcome(&reader);
        assert!(outcome == Ok(&true) || outcome.is_err_and(Failure::is_deadlock), "{outcome:?}");
    });
}
