//! Shutting down, and queues that nobody holds any more.

use std::time::{Duration, Instant};

use background::strategies::{Dedicated, Inline, Thread};
use background::{Background, Failure, QueueWorker, TaskQueue, checkpoint};
use background_tests::{Counter, Gate, within};

use super::{Log, held};

const LONG: Duration = Duration::from_secs(600);

fn endless() -> u32 {
    loop {
        checkpoint();
        std::thread::yield_now();
    }
}

#[test]
fn a_shutdown_finishes_what_there_is() {
    within(|| {
        let queue = TaskQueue::threads(2);
        queue.attach(QueueWorker::new(Dedicated::new()));
        let log = Log::default();
        let calls: Vec<_> = (0..200).map(|n| queue.call(log.body(n))).collect();
        assert!(queue.shutdown(LONG).is_empty());
        assert!(calls.iter().all(Background::is_ready));
        assert_eq!(log.take().len(), 200);
        assert!(queue.workers().is_empty());
        assert!(queue.shutdown(LONG).is_empty(), "twice is harmless");
        let late = queue.task().catch().spawn(|| 7);
        let failure = Background::join(late).expect_err("it is over");
        assert_eq!(failure.to_string(), "was rejected: its queue has been shut down");
        let id = queue.attach(QueueWorker::thread());
        assert!(queue.workers().iter().all(|worker| worker.id() != id));
    });
}

#[test]
fn after_the_grace_calls_are_cancelled_and_come_back() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let counter = Counter::new();
        let (begun, local) = (Gate::new(), counter.make());
        let opened = begun.clone();
        let runs = queue.task().catch().spawn(move || {
            let _local = local;
            opened.open();
            endless()
        });
        begun.pass();
        let waits: Vec<_> = (0..3).map(|n| queue.task().catch().spawn(move || n)).collect();
        let again = queue.task().retry(3).spawn(|| 7);
        let mut left = queue.shutdown(Duration::from_millis(20));
        assert_eq!(Background::join(runs), Err(Failure::Cancelled));
        assert_eq!(counter.dropped(), 1, "the body has unwound");
        assert!(queue.workers().is_empty());
        assert_eq!(left.len(), 4);
        // In the order in which they would have been served.
        let elsewhere = TaskQueue::threads(1);
        left.pop().expect("the last").start(&elsewhere);
        assert_eq!(Background::join(again), Ok(7));
        left.remove(0).start(&Thread);
        drop(left);
        let outcomes: Vec<_> = waits.into_iter().map(Background::join).collect();
        assert_eq!(outcomes, [Ok(0), Err(Failure::Lost), Err(Failure::Lost)]);
    });
}

/// A call that can be run again is stopped, and comes back as well.
#[test]
fn what_runs_and_can_be_run_again_comes_back() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let begun = Gate::new();
        let opened = begun.clone();
        let again = queue.task().retry(1).spawn(move || {
            if opened.is_open() {
                return 7;
            }
            opened.open();
            endless()
        });
        begun.pass();
        let left = queue.shutdown(Duration::ZERO);
        assert_eq!(left.len(), 1);
        for leftover in left {
            leftover.start(&Inline);
        }
        assert_eq!(Background::join(again), Ok(7));
    });
}

/// A body that comes to no checkpoint holds nobody up for long.
#[test]
fn a_deaf_body_does_not_hold_a_shutdown_up() {
    within(|| {
        let (queue, gate, hold) = held();
        let since = Instant::now();
        assert!(queue.shutdown(Duration::from_millis(1)).is_empty());
        assert!(since.elapsed() < Duration::from_secs(60));
        assert_eq!(Background::outcome(&hold), Err(&Failure::Cancelled));
        gate.open();
        background_tests::until("its thread has left", || queue.workers().is_empty());
        assert!(queue.shutdown(LONG).is_empty());
    });
}

#[test]
fn two_may_shut_down_together() {
    within(|| {
        let queue = TaskQueue::threads(2);
        let calls: Vec<_> = (0..100).map(|n| queue.call(move || n)).collect();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| assert!(queue.shutdown(LONG).is_empty()));
            }
        });
        assert!(calls.iter().all(Background::is_ready));
    });
}

/// A body may shut its own queue down.
#[test]
fn a_body_may_shut_its_queue_down() {
    within(|| {
        let queue = TaskQueue::threads(2);
        let own = queue.clone();
        let left = queue.call(move || own.shutdown(Duration::from_millis(1)).len());
        assert_eq!(left, 0);
        background_tests::until("all have left", || queue.workers().is_empty());
    });
}

/// With the last handle gone, what waits is served all the same.
#[test]
fn a_queue_that_nobody_holds_serves_what_waits() {
    within(|| {
        let (queue, gate, hold) = held();
        let other = queue.clone();
        let calls: Vec<_> = (0..10).map(|n| queue.call(move || n)).collect();
        drop(queue);
        drop(other);
        gate.open();
        Background::join(hold);
        for (n, call) in calls.into_iter().enumerate() {
            assert_eq!(call, n);
        }
    });
}

/// What nobody could ever serve is lost, not left waiting.
#[test]
fn a_queue_without_workers_loses_its_calls() {
    within(|| {
        let queue = TaskQueue::new();
        let call = queue.task().catch().spawn(|| 7);
        drop(queue);
        assert_eq!(Background::join(call), Err(Failure::Lost));
        let queue = TaskQueue::new();
        queue.attach(QueueWorker::thread().series(["a"]));
        let never = queue.task().catch().spawn(|| 7);
        let a = queue.task().catch().series("a").spawn(|| 7);
        drop(queue);
        assert_eq!(Background::join(never), Err(Failure::Lost));
        assert_eq!(Background::join(a), Ok(7));
    });
}

/// The destructor of a body that is lost may use the queue.
#[test]
fn nothing_foreign_runs_under_the_lock() {
    struct Nosy(Option<TaskQueue>);
    impl Drop for Nosy {
        fn drop(&mut self) {
            if let Some(queue) = self.0.take() {
                let _ = (queue.queued(), queue.workers(), queue.statistics());
                let _ = queue.cancel_all();
            }
        }
    }
    within(|| {
        let queue = TaskQueue::new();
        for round in 0..3 {
            let nosy: Vec<_> = (0..10).map(|_| Nosy(Some(queue.clone()))).collect();
            let calls: Vec<_> = nosy
                .into_iter()
                .map(|nosy| queue.task().catch().series("s").spawn(move || drop(nosy)))
                .collect();
            match round {
                0 => drop(queue.cancel_all()),
                1 => drop(queue.cancel_series("s")),
                _ => drop(queue.shutdown(Duration::ZERO)),
            }
            for call in calls {
                let failure = Background::join(call).expect_err("it never ran");
                assert!(failure.is_cancelled() || failure.is_lost(), "{failure}");
            }
        }
    });
}
