//! Streams whose producers run step by step, in turn with routines.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use background::cooperative::{Worker, yield_now};
use background::{Background, BackgroundIter, task};
use background_tests::{PATIENCE, within};
use futures_util::StreamExt;

#[test]
fn the_consumer_on_the_workers_own_thread_runs_the_worker() {
    within(|| {
        let worker = Worker::new();
        for look_ahead in [1, 2, 64] {
            let items = task().on(worker.handle()).look_ahead(look_ahead).stream(|| 0..200);
            assert!(items.eq(0..200), "{look_ahead}");
        }
    });
}

#[test]
fn a_consumer_elsewhere_waits_for_the_worker() {
    within(|| {
        let (sender, receiver) = mpsc::channel();
        let serving = thread::spawn(move || {
            let worker = Worker::new();
            sender.send(worker.handle()).expect("somebody waits for it");
            worker.serve();
        });
        let handle = receiver.recv().expect("it comes");
        let items = task().on(&handle).look_ahead(3).stream(|| 0..500);
        assert!(items.eq(0..500));
        handle.stop();
        serving.join().expect("it has stopped");
    });
}

#[test]
fn producers_and_routines_take_turns() {
    within(|| {
        let worker = Worker::new();
        let log = Rc::new(RefCell::new(Vec::new()));
        let made = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&made);
        let mut items = task().on(worker.handle()).look_ahead(2).stream(move || {
            (0..10).inspect(move |_| {
                counted.fetch_add(1, Ordering::SeqCst);
            })
        });
        let (own, seen) = (Rc::clone(&log), Arc::clone(&made));
        let routine = worker.assign(async move {
            for _ in 0..5 {
                own.borrow_mut().push(seen.load(Ordering::SeqCst));
                yield_now().await;
            }
        });
        // One item a turn, and none when there is no room.
        while !Background::is_ready(&routine) {
            assert!(worker.tick());
        }
        assert_eq!(*log.borrow(), [1, 2, 2, 2, 2]);
        assert_eq!(items.next(), Some(0));
        assert!(items.eq(1..10));
    });
}

#[test]
fn a_routine_awaits_the_items_of_another() {
    within(|| {
        let worker = Worker::new();
        let items = task().on(worker.handle()).look_ahead(1).stream(|| 0..50_u32);
        let mut stream = BackgroundIter::into_stream(items);
        let sum = worker.assign(async move {
            let mut sum = 0;
            while let Some(item) = stream.next().await {
                sum += item;
            }
            sum
        });
        worker.work();
        assert_eq!(sum, 1225);
    });
}

#[test]
fn dropping_it_frees_the_worker() {
    struct Told(mpsc::Sender<()>);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.send(()).expect("the test listens");
        }
    }
    within(|| {
        let worker = Worker::new();
        let (sender, receiver) = mpsc::channel();
        let told = Told(sender);
        let mut items = task().on(worker.handle()).look_ahead(1).stream(move || {
            (0..).inspect(move |_| {
                let _ = &told;
            })
        });
        assert_eq!(items.next(), Some(0));
        drop(items);
        worker.work();
        assert_eq!(receiver.recv_timeout(PATIENCE), Ok(()));
        assert!(worker.is_empty());
    });
}

#[test]
fn a_cancelled_producer_ends_at_its_next_turn() {
    within(|| {
        let worker = Worker::new();
        let items = task().catch().on(worker.handle()).look_ahead(1).stream(|| 0..);
        assert!(worker.tick());
        BackgroundIter::cancel(&items);
        worker.work();
        let items: Vec<_> = items.map(|item: Result<u32, _>| item.is_ok()).collect();
        assert_eq!(items, [true, false]);
    });
}
