//! Touching the future of a routine.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc::channel;
use std::time::Duration;

use background::cooperative::{Worker, assign, sleep, yield_now};
use background::{Background, Timeout, spawn, task};
use background_tests::within;

#[test]
fn a_touch_on_its_own_thread_runs_the_worker() {
    let (worker, turns) = (Worker::new(), Rc::new(Cell::new(0)));
    let own = Rc::clone(&turns);
    let other = worker.assign(async move {
        for turn in 1.. {
            own.set(turn);
            yield_now().await;
        }
    });
    let x = worker.assign(async {
        for _ in 0..5 {
            yield_now().await;
        }
        "done"
    });
    assert_eq!(x, "done");
    assert_eq!(turns.get(), 6, "the others had their turns");
    Background::cancel(&other);
}

#[test]
fn a_touch_waits_for_timers() {
    within(|| {
        let worker = Worker::new();
        let x = worker.assign(async {
            sleep(Duration::from_millis(5)).await;
            7
        });
        assert_eq!(x, 7);
    });
}

#[test]
fn a_touch_from_another_thread_blocks() {
    within(|| {
        let worker = Worker::new();
        let x = worker.assign(async {
            yield_now().await;
            7
        });
        let reader = std::thread::spawn(move || Background::join(x));
        worker.work();
        assert_eq!(reader.join().unwrap(), 7);
    });
}

#[test]
fn a_reader_gives_up_and_its_routine_goes_on() {
    within(|| {
        let worker = Worker::new();
        let (sender, receiver) = channel::<u32>();
        let x = worker.assign(async move { spawn(move || receiver.recv().unwrap()).await });
        assert_eq!(Background::get_timeout(&x, Duration::from_millis(1)), None);
        sender.send(3).unwrap();
        assert_eq!(Background::get_timeout(&x, Duration::MAX), Some(&3));
    });
}

/// Not awaited but touched: the others run on top of the one that touches.
#[test]
fn a_touch_inside_of_a_routine_runs_the_others() {
    within(|| {
        let worker = Worker::new();
        let sum = worker.assign(async {
            let inner = assign(async {
                let innermost = assign(async {
                    sleep(Duration::from_millis(2)).await;
                    1
                });
                yield_now().await;
                innermost + 1
            });
            inner + 1
        });
        assert_eq!(sum, 3);
    });
}

/// The thread waits for a task of the pool, which waits for a routine of the thread's worker.
#[test]
fn a_thread_that_waits_for_others_runs_its_routines() {
    within(|| {
        let worker = Worker::new();
        let routine = worker.assign(async {
            yield_now().await;
            1
        });
        let pool = spawn(move || routine + 1);
        assert_eq!(pool, 2);
    });
}

/// Many at once, which nest as deep as there are of them.
#[test]
fn touches_may_nest_deeply() {
    within(|| {
        let worker = Worker::new();
        let mut last = worker.assign(async { 0_u32 });
        for _ in 0..5000 {
            let before = last;
            last = worker.assign(async move { before + 1 });
        }
        // The newest first: each touches the one before, and runs what comes next in the queue.
        assert_eq!(last, 5000);
    });
}

#[test]
fn combined_futures_of_routines_run_the_worker() {
    within(|| {
        let worker = Worker::new();
        let all = (0..10_u32).map(|x| {
            worker.assign(async move {
                yield_now().await;
                x
            })
        });
        let sum = background::join_all(all.collect::<Vec<_>>());
        assert_eq!(sum.iter().sum::<u32>(), 45);
        let parts = [3_u64, 1, 2].map(|x| {
            worker.assign(async move {
                sleep(Duration::from_millis(20 * x)).await;
                x
            })
        });
        let order: Vec<_> =
            background::as_completed(parts).map(|(_, it)| Background::join(it)).collect();
        assert_eq!(order, [1, 2, 3]);
    });
}

#[test]
fn a_timed_routine_is_dropped_at_its_limit() {
    within(|| {
        let worker = Worker::new();
        let (sender, receiver) = channel::<()>();
        let late = task().timeout(Duration::from_millis(2)).assign(&worker, async move {
            let _alive = sender;
            std::future::pending::<()>().await;
        });
        assert!(late == Timeout);
        worker.work();
        assert!(receiver.recv().is_err(), "its destructors have run");
    });
}
