//! Lengths, limits, statistics, and what a queue does about failures.

use std::sync::mpsc::channel;
use std::time::Duration;

use background::{
    Background, Cancel, Failure, FailurePolicy, QueueWorker, TaskQueue, WhenFull,
    strategies::{Dedicated, Thread},
};
use background_tests::{Counter, Gate, until, within};

use super::{Log, held, hire};

#[test]
fn cancelling_all_leaves_none() {
    within(|| {
        let (queue, gate, hold) = held();
        let calls: Vec<_> = (0..6).map(|n| queue.task().catch().spawn(move || n)).collect();
        assert_eq!(queue.queued(), 6);
        assert_eq!(queue.cancel_all(), 6);
        assert_eq!(queue.queued(), 0);
        for call in calls {
            assert_eq!(Background::join(call), Err(Failure::Cancelled));
        }
        gate.open();
        Background::join(hold);
        assert_eq!(queue.call(|| 7), 7);
    });
}

#[test]
fn cancelling_a_series_leaves_the_others() {
    within(|| {
        let (queue, gate, hold) = held();
        let call = |series: &str| queue.task().catch().series(series).spawn(|| 7);
        let (one, other) = ([(); 4].map(|()| call("one")), [(); 3].map(|()| call("other")));
        assert_eq!(queue.cancel_series("none"), 0);
        assert_eq!(queue.cancel_series("one"), 4);
        assert_eq!(queue.queued(), 3);
        gate.open();
        Background::join(hold);
        assert!(one.into_iter().all(|it| Background::join(it) == Err(Failure::Cancelled)));
        assert!(other.into_iter().all(|it| Background::join(it) == Ok(7)));
    });
}

/// Calls that were cancelled one by one leave no memory behind, and never run.
#[test]
fn cancelled_calls_do_not_pile_up() {
    within(|| {
        let (queue, gate, hold) = held();
        let counter = Counter::new();
        for n in 0..100_000 {
            let body = counter.make();
            let series = if n % 2 == 0 { "even" } else { "odd" };
            let call = queue.task().catch().series(series).spawn(move || drop(body));
            assert_eq!(Background::cancel(&call), Cancel::NeverStarted);
            assert!(queue.queued() < 1000, "{} wait", queue.queued());
        }
        assert_eq!(counter.dropped(), 100_000);
        let last = queue.call(|| 7);
        gate.open();
        Background::join(hold);
        assert_eq!(last, 7);
    });
}

#[test]
fn every_change_of_the_length_is_told_once_in_order() {
    within(|| {
        let (queue, gate, hold) = held();
        let (sender, lengths) = channel();
        let subscription = queue.subscribe(move |length| sender.send(length).expect("heard"));
        let calls: Vec<_> = (0..3).map(|n| queue.call(move || n)).collect();
        drop(queue.task().catch().series("s").spawn(|| 7));
        queue.cancel_series("s");
        gate.open();
        Background::join(hold);
        assert_eq!(calls.into_iter().map(Background::join).sum::<i32>(), 3);
        queue.wait_until_fewer(1);
        drop(subscription);
        drop(queue.call(|| 7));
        assert_eq!(lengths.iter().collect::<Vec<_>>(), [1, 2, 3, 4, 3, 2, 1, 0]);
    });
}

/// However many threads call and serve, each length differs from the one before by one.
#[test]
fn no_change_is_missed_or_told_twice() {
    within(|| {
        let queue = TaskQueue::threads(2);
        let (sender, lengths) = channel();
        let subscription = queue.subscribe(move |length| sender.send(length).expect("heard"));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..500).for_each(|n| drop(queue.call(move || n))));
            }
        });
        queue.wait_until_fewer(1);
        drop(subscription);
        // Whoever tells still holds the listener.
        let lengths: Vec<_> = lengths.iter().collect();
        assert_eq!(lengths.len(), 4000);
        let mut before = 0_usize;
        for length in lengths {
            assert_eq!(before.abs_diff(length), 1, "{before} and {length}");
            before = length;
        }
        assert_eq!(before, 0);
    });
}

#[test]
fn a_subscriber_may_use_the_queue_and_panic() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let own = queue.clone();
        let _loud = queue.subscribe(|length| assert_ne!(length, 1, "a subscriber's own trouble"));
        let (sender, seen) = channel();
        let subscription = queue.subscribe(move |_| sender.send(own.queued()).expect("heard"));
        assert_eq!(queue.call(|| 7), 7);
        queue.wait_until_fewer(1);
        drop(subscription);
        assert_eq!(seen.iter().count(), 2);
    });
}

#[test]
fn a_full_queue_rejects() {
    within(|| {
        let queue = TaskQueue::builder().bound(2, WhenFull::Reject).build();
        let two = [(); 2].map(|()| queue.call(|| 7));
        let third = queue.task().catch().spawn(|| 7);
        let failure = Background::join(third).expect_err("there is no room");
        assert_eq!(failure.to_string(), "was rejected: its queue is full: 2 calls wait");
        hire(&queue);
        assert!(two.into_iter().all(|it| Background::join(it) == 7));
        assert_eq!(queue.call(|| 7), 7);
    });
}

#[test]
fn a_full_queue_runs_inline() {
    within(|| {
        let queue = TaskQueue::builder().bound(1, WhenFull::Inline).build();
        let _waits = queue.call(|| 7);
        let here = queue.call(|| std::thread::current().id());
        assert_eq!(here, std::thread::current().id());
    });
}

#[test]
fn a_full_queue_blocks_until_there_is_room() {
    within(|| {
        let queue = TaskQueue::builder().bound(3, WhenFull::Block).threads(1).build();
        let log = Log::default();
        for n in 0..200 {
            drop(queue.call(log.body(n)));
            assert!(queue.queued() <= 3);
        }
        queue.wait_until_fewer(1);
        assert_eq!(log.take(), (0..200).collect::<Vec<_>>());
    });
}

/// Cancelled calls take no room.
#[test]
fn a_queue_full_of_cancelled_calls_has_room() {
    within(|| {
        let queue = TaskQueue::builder().bound(4, WhenFull::Reject).build();
        for _ in 0..100 {
            let call = queue.task().catch().spawn(|| 7);
            assert_eq!(Background::cancel(&call), Cancel::NeverStarted);
        }
    });
}

#[test]
fn who_waits_for_room_may_give_up() {
    within(|| {
        let queue = TaskQueue::builder().bound(1, WhenFull::Block).build();
        let _waits = queue.call(|| 7);
        let late = queue.task().deadline(Duration::from_millis(30)).spawn(|| 7);
        assert!(late == background::Timeout);
        // The body that blocks in a call is told to stop.
        let own = queue.clone();
        let blocked = background::task().dedicated().catch().spawn(move || {
            drop(own.call(|| 7));
        });
        until("it blocks", || Background::status(&blocked).phase() == background::Phase::Running);
        Background::cancel(&blocked);
        assert_eq!(Background::join(blocked), Err(Failure::Cancelled));
        // Whoever waits when the queue ends is refused.
        let own = queue.clone();
        let refused = std::thread::spawn(move || Background::join(own.task().catch().spawn(|| 7)));
        drop(queue.shutdown(Duration::ZERO));
        let failure = refused.join().expect("no panic").expect_err("it is over");
        assert!(failure.is_rejected() || failure.is_lost(), "{failure}");
    });
}

/// A body that calls into its own full queue does not wait for itself.
#[test]
fn a_full_queue_does_not_block_its_own_bodies() {
    within(|| {
        for foreign in [false, true] {
            let queue = TaskQueue::builder().bound(1, WhenFull::Block).build();
            queue.attach(if foreign {
                QueueWorker::new(Dedicated::new())
            } else {
                QueueWorker::thread()
            });
            let own = queue.clone();
            let sum = queue.call(move || {
                let calls: Vec<_> = (0..10_u32).map(|n| own.call(move || n)).collect();
                calls.into_iter().map(Background::join).sum::<u32>()
            });
            assert_eq!(sum, 45);
        }
    });
}

#[test]
fn a_body_may_wait_for_its_own_queue() {
    fn nest(queue: &TaskQueue, depth: u32) -> u32 {
        if depth == 0 {
            return 0;
        }
        let own = queue.clone();
        1 + Background::join(queue.call(move || nest(&own, depth - 1)))
    }
    within(|| {
        for worker in [
            QueueWorker::thread(),
            QueueWorker::new(Thread),
            QueueWorker::new(Dedicated::new()),
            QueueWorker::new(background::strategies::Inline),
        ] {
            let queue = TaskQueue::new();
            queue.attach(worker);
            assert_eq!(nest(&queue, 50), 50);
        }
    });
}

/// Through a task of another strategy that the body touches, too.
#[test]
fn a_body_may_wait_through_a_claimed_task() {
    within(|| {
        for foreign in [false, true] {
            let queue = TaskQueue::new();
            queue.attach(if foreign { QueueWorker::new(Thread) } else { QueueWorker::thread() });
            let own = queue.clone();
            let value = queue.call(move || {
                let inner =
                    background::task().lazy().spawn(move || Background::join(own.call(|| 7)));
                Background::join(inner)
            });
            assert_eq!(value, 7);
        }
    });
}

#[test]
fn waiting_until_fewer() {
    within(|| {
        let (queue, gate, hold) = held();
        let calls: Vec<_> = (0..4).map(|n| queue.call(move || n)).collect();
        assert!(!queue.wait_until_fewer_for(5, Duration::from_millis(5)));
        assert!(queue.wait_until_fewer_for(6, Duration::ZERO));
        let waiter = queue.clone();
        let waits = std::thread::spawn(move || waiter.wait_until_fewer(5));
        gate.open();
        waits.join().expect("no panic");
        queue.wait_until_fewer(1);
        assert!(calls.iter().all(Background::is_ready) && Background::is_ready(&hold));
    });
}

#[test]
fn statistics_tell_waiting_from_running() {
    within(|| {
        let (queue, gate, hold) = held();
        let short = queue.call(|| ());
        let patience = Duration::from_millis(60);
        assert_eq!(Background::get_timeout(&short, patience), None);
        gate.open();
        Background::join(hold);
        Background::join(short);
        queue.wait_until_fewer(1);
        let statistics = queue.statistics();
        let (waiting, running) = (statistics.waiting(), statistics.running());
        assert_eq!((waiting.count(), running.count()), (2, 2));
        assert!(waiting.p99() >= patience && running.p99() >= patience, "{statistics:?}");
        assert!(waiting.p50() < patience && running.p50() < patience, "{statistics:?}");
        assert!(waiting.mean() >= patience / 2 && running.mean() >= patience / 2);
    });
}

#[test]
fn a_failure_may_stop_the_queue() {
    within(|| {
        for foreign in [false, true] {
            for again in [false, true] {
                let queue = TaskQueue::builder().on_failure(FailurePolicy::Stop).build();
                let boom = || -> u32 { panic!("boom") };
                let call = queue.task().name("bad");
                let bad = if again { call.retry(1).spawn(boom) } else { call.catch().spawn(boom) };
                let waits = queue.task().catch().spawn(|| 7);
                queue.attach(if foreign {
                    QueueWorker::new(Thread)
                } else {
                    QueueWorker::thread()
                });
                assert!(Background::join(bad).is_err_and(|it| it.is_panic()));
                let failure = Background::join(waits).expect_err("it is stopped");
                let text = failure.to_string();
                assert!(text.contains("its queue has stopped") && text.contains("`bad`"), "{text}");
                assert!(text.contains("boom"), "the cause is told: {text}");
                let late = queue.task().catch().spawn(|| 7);
                assert!(Background::join(late).is_err_and(|it| it.is_rejected()));
                assert!(queue.shutdown(Duration::from_secs(600)).is_empty());
            }
        }
    });
}

/// Time-outs and cancels are no failures of the queue, and other policies go on.
#[test]
fn other_ends_stop_nothing() {
    within(|| {
        let queue = TaskQueue::builder().on_failure(FailurePolicy::Stop).threads(1).build();
        let late = queue.task().timeout(Duration::ZERO).spawn(|| 7);
        assert!(late == background::Timeout);
        assert_eq!(queue.call(|| 7), 7);
        for policy in [FailurePolicy::Return, FailurePolicy::Warn] {
            let queue = TaskQueue::builder().on_failure(policy).threads(1).build();
            let bad = queue.task().catch().spawn(|| -> u32 { panic!("boom") });
            assert!(Background::join(bad).is_err_and(|it| it.is_panic()));
            assert_eq!(queue.call(|| 7), 7);
        }
    });
}

/// A million calls wait, and all are served.
#[test]
fn a_million_calls_wait() {
    within(|| {
        let (queue, gate) = (TaskQueue::new(), Gate::new());
        let total = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
        for n in 0..1_000_000_u64 {
            let total = std::sync::Arc::clone(&total);
            let niceness = i32::try_from(n % 41).expect("small") - 20;
            let call = queue.task().priority(niceness).spawn(move || {
                total.fetch_add(n, std::sync::atomic::Ordering::Relaxed);
            });
            Background::detach(call);
        }
        assert_eq!(queue.queued(), 1_000_000);
        gate.open();
        hire(&queue);
        hire(&queue);
        queue.wait_until_fewer(1);
        assert_eq!(total.load(std::sync::atomic::Ordering::Relaxed), 499_999_500_000);
    });
}
