//! Looking at a value that is computed elsewhere.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use background::{Background, background, spawn, task};
use background_tests::{Counter, Gate, within};

#[test]
fn the_call_returns_before_the_body_ends() {
    within(|| {
        let gate = Gate::new();
        let inside = gate.clone();
        let future = spawn(move || {
            inside.pass();
            7
        });
        assert!(!Background::is_ready(&future));
        assert_eq!(Background::try_get(&future), None);
        gate.open();
        assert_eq!(future, 7);
        assert!(Background::is_ready(&future));
        assert_eq!(Background::try_get(&future), Some(&7));
    });
}

#[test]
fn ten_threads_touch_one_future() {
    within(|| {
        for strategy in ["thread", "dedicated", "inline", "lazy"] {
            let runs = Arc::new(AtomicUsize::new(0));
            let body = {
                let runs = Arc::clone(&runs);
                move || runs.fetch_add(1, Ordering::SeqCst)
            };
            let future = match strategy {
                "thread" => task().thread().spawn(body),
                "dedicated" => task().dedicated().spawn(body),
                "inline" => task().inline().spawn(body),
                _ => task().lazy().spawn(body),
            };
            let (future, start) = (Arc::new(future), Arc::new(Barrier::new(10)));
            let readers: Vec<_> = (0..10)
                .map(|_| {
                    let (future, start) = (Arc::clone(&future), Arc::clone(&start));
                    thread::spawn(move || {
                        start.wait();
                        (**future, std::ptr::from_ref(&**future).addr())
                    })
                })
                .collect();
            let read: Vec<_> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
            assert_eq!(runs.load(Ordering::SeqCst), 1, "{strategy}");
            assert!(read.iter().all(|it| *it == read[0] && it.0 == 0), "{strategy}: {read:?}");
        }
    });
}

/// All of them are inside at the same time, or the barrier holds them for ever.
#[test]
fn bodies_that_wait_for_each_other_run_together() {
    within(|| {
        const BODIES: usize = 64;
        let barrier = Arc::new(Barrier::new(BODIES));
        let futures: Vec<_> = (0..BODIES)
            .map(|n| {
                let barrier = Arc::clone(&barrier);
                spawn(move || {
                    barrier.wait();
                    n
                })
            })
            .collect();
        assert!(futures.iter().enumerate().all(|(n, future)| **future == n));
    });
}

#[background]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

#[background]
fn deep(n: u32) -> u32 {
    if n == 0 { 0 } else { *deep(n - 1) + 1 }
}

#[test]
fn nested_calls_do_not_dead_lock() {
    within(|| {
        assert_eq!(fib(18), 2584);
        assert_eq!(deep(2_000), 2_000);
    });
}

/// The toucher runs the touched task and no other: a lock that it holds meets no surprise.
#[test]
fn a_toucher_never_runs_foreign_bodies() {
    within(|| {
        let lock = Arc::new(Mutex::new(()));
        let futures: Vec<_> = (0..100)
            .map(|n| {
                let lock = Arc::clone(&lock);
                spawn(move || {
                    drop(lock.lock().unwrap());
                    n
                })
            })
            .collect();
        let free = spawn(|| 1);
        let guard = lock.lock().unwrap();
        assert_eq!(free, 1);
        drop(guard);
        assert_eq!(futures.into_iter().map(Background::join).sum::<i32>(), 4950);
    });
}

#[test]
fn a_value_can_be_changed_and_moved_out() {
    within(|| {
        let mut numbers = spawn(|| vec![1, 2]);
        numbers.push(3);
        numbers[0] = 7;
        assert_eq!(Background::join(numbers), [7, 2, 3]);
    });
}

#[test]
fn values_are_dropped_once() {
    within(|| {
        let counter = Counter::new();
        let make = || {
            let counter = counter.clone();
            spawn(move || counter.make())
        };
        drop(Background::join(make()));
        assert_eq!(counter.dropped(), 1);
        let touched = make();
        let _ = touched.nth();
        drop(touched);
        assert_eq!(counter.dropped(), 2);
        let shared = Arc::new(make());
        let other = Arc::clone(&shared);
        let _ = thread::spawn(move || other.nth()).join().unwrap();
        drop(shared);
        assert_eq!((counter.made(), counter.dropped()), (3, 3));
    });
}

#[test]
fn callbacks_and_continuations_see_the_outcome() {
    within(|| {
        let (gate, (sender, receiver)) = (Gate::new(), std::sync::mpsc::channel());
        let inside = gate.clone();
        let future = spawn(move || {
            inside.pass();
            5
        });
        let early = sender.clone();
        Background::on_ready(&future, move |outcome| early.send(outcome.copied().ok()).unwrap());
        assert!(receiver.try_recv().is_err());
        gate.open();
        assert_eq!(receiver.recv(), Ok(Some(5)));
        Background::on_ready(&future, move |outcome| sender.send(outcome.copied().ok()).unwrap());
        assert_eq!(receiver.recv(), Ok(Some(5)));
        assert_eq!(Background::then(future, |five| five + 1), 6);
        let failed = task().catch().spawn(|| -> u8 { panic!("on purpose") });
        let told = Background::then(failed, |yielded| yielded.map_err(|it| it.is_panic()));
        assert_eq!(Background::join(told), Err(true));
    });
}
