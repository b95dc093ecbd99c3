//! Updates of present and future workers.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use background::{Background, Detach, QueueWorker, Strategy, Task, TaskQueue, strategies::Thread};
use background_tests::{Gate, within};

use super::{Log, held, hire};

thread_local! {
    static SEEN: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

fn see(n: u32) -> impl Fn() -> f64 + Send + Sync + 'static {
    move || {
        SEEN.with_borrow_mut(|seen| seen.push(n));
        f64::from(n)
    }
}

fn seen() -> Vec<u32> {
    SEEN.with_borrow(Clone::clone)
}

#[test]
fn every_worker_gives_a_result() {
    within(|| {
        let queue = TaskQueue::threads(3);
        let results = queue.update(see(3));
        let results: Vec<_> = results.into_iter().map(|it| Background::join(it).unwrap()).collect();
        assert_eq!(results, [3.0; 3]);
    });
}

/// A worker that comes later runs all earlier updates, in order, before its first call.
#[test]
fn later_workers_see_all_but_ephemeral_updates() {
    within(|| {
        let queue = TaskQueue::new();
        assert!(queue.update(see(1)).is_empty());
        let first = hire(&queue);
        assert_eq!(queue.update(see(2)).len(), 1);
        assert_eq!(queue.update_ephemeral(see(3)).len(), 1);
        assert_eq!(queue.update(see(4)).len(), 1);
        let waits = queue.call(seen);
        assert_eq!(waits, [1, 2, 3, 4]);
        let calls: Vec<_> = {
            queue.detach(first, Detach::Wait).expect("it is there");
            let calls = (0..5).map(|_| queue.call(seen)).collect();
            hire(&queue);
            calls
        };
        for call in calls {
            assert_eq!(call, [1, 2, 4]);
        }
    });
}

/// An update has no time limit only because somebody with one attaches a worker.
#[test]
fn a_later_update_inherits_nothing_of_who_brings_the_worker() {
    struct Told(Sender<Option<Duration>>);
    impl Strategy for Told {
        fn start(&self, task: Task) {
            self.0.send(task.remaining()).expect("the test listens");
            task.run();
        }
    }
    within(|| {
        let queue = TaskQueue::new();
        drop(queue.update(see(1)));
        let (sender, told) = channel();
        let limit = Duration::from_secs(600);
        let own = queue.clone();
        let brings = background::task().deadline(limit).spawn(move || {
            own.attach(QueueWorker::new(Told(sender)));
            Background::join(own.call(seen))
        });
        assert_eq!(Background::join(brings), Ok(vec![1]));
        assert_eq!(told.recv(), Ok(None), "the update's");
        assert!(told.recv().expect("the call's").is_some_and(|left| left <= limit));
    });
}

/// Updates come before what waits, also before what is `next`.
#[test]
fn an_update_comes_before_the_next_call() {
    within(|| {
        let (queue, gate, hold) = held();
        let log = Log::default();
        drop(queue.task().next().spawn(log.body(2)));
        let update = log.clone();
        let done = queue.update(move || update.add(1));
        assert_eq!(done.len(), 1);
        gate.open();
        Background::join(hold);
        queue.wait_until_fewer(1);
        assert_eq!(log.take(), [1, 2]);
        assert_eq!(queue.statistics().running().count(), 2, "an update is no call");
    });
}

/// A strategy gets updates by itself: no call runs beside one.
#[test]
fn strategies_run_updates_alone() {
    within(|| {
        let queue = TaskQueue::new();
        queue.attach(QueueWorker::new(Thread).capacity(4));
        let (gate, log) = (Gate::new(), Log::default());
        let (update, pass) = (log.clone(), gate.clone());
        let done = queue.update(move || {
            pass.pass();
            update.add(1);
        });
        let calls: Vec<_> = (0..10).map(|_| queue.call(log.body(2))).collect();
        assert_eq!(queue.running(), 1);
        gate.open();
        calls.into_iter().for_each(Background::join);
        assert_eq!(log.take()[0], 1);
        assert!(done.into_iter().all(|it| Background::join(it).is_ok()));
    });
}

#[test]
fn an_update_that_panics_stops_nothing() {
    within(|| {
        let queue = TaskQueue::threads(2);
        for result in queue.update(|| -> u32 { panic!("boom") }) {
            assert!(Background::join(result).is_err_and(|it| it.is_panic()));
        }
        assert_eq!(queue.call(|| 7), 7);
    });
}

/// The updates of a worker that leaves before it has run them are lost, not left waiting.
#[test]
fn a_detached_worker_answers_for_its_updates() {
    within(|| {
        let (queue, gate, hold) = held();
        let results = queue.update(|| 7);
        let id = queue.workers()[0].id();
        queue.detach(id, Detach::Wait).expect("it is there");
        gate.open();
        Background::join(hold);
        for result in results {
            assert!(Background::join(result).is_err_and(|it| it.is_lost()));
        }
    });
}

#[test]
fn updates_and_calls_from_many_threads_arrive() {
    within(|| {
        let queue = TaskQueue::threads(2);
        let total = Arc::new(std::sync::atomic::AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let total = Arc::clone(&total);
                        let done = queue.update_ephemeral(move || {
                            total.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                        });
                        assert_eq!(queue.call(|| 7), 7);
                        for one in done {
                            Background::join(one).expect("it ran");
                        }
                    }
                });
            }
        });
        assert_eq!(total.load(std::sync::atomic::Ordering::SeqCst), 400);
    });
}
