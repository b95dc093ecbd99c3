//! Streams whose producers wait for workers as calls do.

use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use background::{Background, BackgroundIter, Failure, FailurePolicy, QueueWorker, TaskQueue};
use background_tests::{Counter, until, within};

use super::{Log, held};

#[test]
fn items_come_in_order_and_the_worker_is_free_at_the_end() {
    within(|| {
        let queue = TaskQueue::threads(1);
        for look_ahead in [1, 2, 64, 1000] {
            let task = queue.task().priority(3).look_ahead(look_ahead);
            let items = task.stream(move || (0..500).map(|n| n * n));
            assert!(items.eq((0..500).map(|n| n * n)), "{look_ahead} ahead");
            queue.wait_until_fewer(1);
            assert_eq!(queue.call(|| 7), 7);
        }
    });
}

#[test]
fn a_stream_waits_for_its_turn() {
    within(|| {
        let (queue, gate, hold) = held();
        let log = Log::default();
        let tell = |n: u32| {
            let log = log.clone();
            move || {
                log.add(n);
                iter::once(n)
            }
        };
        let nice = queue.task().priority(20).stream(tell(3));
        let other = queue.task().spawn(log.body(2));
        let next = queue.task().next().stream(tell(1));
        gate.open();
        assert_eq!(nice.chain(next).collect::<Vec<_>>(), [3, 1]);
        Background::join(other);
        Background::join(hold);
        assert_eq!(log.take(), [1, 2, 3]);
    });
}

/// Its producer stops, what it owns is dropped, and the next call runs.
#[test]
fn a_dropped_iterator_frees_the_worker() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let (counter, made) = (Counter::new(), Arc::new(AtomicU64::new(0)));
        let (owned, count) = (counter.make(), Arc::clone(&made));
        let mut items = queue.task().look_ahead(4).stream(move || {
            let owned = owned;
            iter::repeat_with(move || {
                let _ = &owned;
                count.fetch_add(1, Ordering::SeqCst)
            })
        });
        assert_eq!((items.next(), items.next()), (Some(0), Some(1)));
        drop(items);
        assert_eq!(queue.call(|| 7), 7);
        queue.wait_until_fewer(1);
        assert_eq!(counter.dropped(), 1);
        assert!(made.load(Ordering::SeqCst) <= 7);
        // One that has not begun never does.
        let (queue, gate, hold) = held();
        let never = queue.task().stream(|| -> iter::Empty<u32> { panic!("it begins") });
        drop(never);
        gate.open();
        Background::join(hold);
        queue.wait_until_fewer(1);
    });
}

/// The first has the only worker until it ends or is dropped; the second waits that long.
#[test]
fn two_streams_have_one_worker_one_after_the_other() {
    within(|| {
        for drops in [false, true] {
            let queue = TaskQueue::threads(1);
            let stream = |from: u32| queue.task().look_ahead(2).stream(move || from..from + 100);
            let (mut first, mut second) = (stream(0), stream(1000));
            assert_eq!(first.next(), Some(0));
            assert_eq!(BackgroundIter::try_next(&mut second), Poll::Pending);
            assert_eq!((queue.running(), queue.queued()), (1, 1));
            if drops {
                drop(first);
            } else {
                assert!(first.eq(1..100));
            }
            assert!(second.eq(1000..1100));
        }
    });
}

/// With a worker for each they may be read in turn.
#[test]
fn streams_with_workers_of_their_own_are_read_in_turn() {
    within(|| {
        let queue = TaskQueue::threads(2);
        let stream = |from: u32| queue.task().look_ahead(1).stream(move || from..from + 100);
        for (n, (one, other)) in (0..).zip(stream(0).zip(stream(1000))) {
            assert_eq!((one, other), (n, n + 1000));
        }
    });
}

/// A body may read a stream of its own queue, however few workers there are.
#[test]
fn a_body_reads_a_stream_of_its_own_queue() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let inner = queue.clone();
        let sum = queue.call(move || inner.task().look_ahead(3).stream(|| 0..100_u32).sum::<u32>());
        assert_eq!(sum, 4950);
    });
}

#[test]
fn a_panic_comes_after_the_items_that_preceded_it() {
    within(|| {
        let queue = TaskQueue::builder().on_failure(FailurePolicy::Warn).threads(1).build();
        let task = queue.task().catch().look_ahead(3);
        let items: Vec<_> =
            task.stream(|| (0..).map(|n| if n == 10 { panic!("ten") } else { n })).collect();
        let (last, rest) = items.split_last().expect("a failure");
        assert!(rest.iter().flatten().copied().eq(0..10));
        assert!(last.as_ref().is_err_and(Failure::is_panic));
        assert_eq!(queue.call(|| 7), 7);
    });
}

/// Streams go to strategies as calls do.
#[test]
fn strategies_make_the_items_too() {
    within(|| {
        use background::strategies::{Dedicated, Inline, Thread};
        let queues = [TaskQueue::new(), TaskQueue::new(), TaskQueue::new()];
        queues[0].attach(QueueWorker::new(Thread));
        queues[1].attach(QueueWorker::new(Dedicated::new()));
        queues[2].attach(QueueWorker::new(Inline));
        for queue in queues {
            let items = queue.task().look_ahead(5).stream(|| 0..100);
            assert!(items.eq(0..100));
            until("the worker is free", || queue.running() == 0);
        }
    });
}

#[cfg(target_os = "linux")]
mod processes {
    use std::iter;
    use std::task::Poll;

    use background::{Background, BackgroundIter, Failure, OnCrash, QueueWorker, TaskQueue};
    use background_tests::processes::signal;
    use background_tests::within;
    use rustix::process::Signal;

    fn pid(queue: &TaskQueue) -> u32 {
        Background::join(queue.task().spawn_with(|()| std::process::id(), ()))
    }

    fn pids(_: ()) -> impl Iterator<Item = u32> + Send + 'static {
        iter::repeat_with(std::process::id)
    }

    #[test]
    fn items_come_in_order_and_the_worker_is_free_at_the_end() {
        within(|| {
            let queue = TaskQueue::processes(1);
            let same = pid(&queue);
            for look_ahead in [1, 2, 64, 10_000] {
                let task = queue.task().priority(3).look_ahead(look_ahead);
                let items = task.stream_with(|n: u64| (0..n).map(|n| n * n), 2000);
                assert!(items.eq((0..2000).map(|n| n * n)), "{look_ahead} ahead");
                assert_eq!(pid(&queue), same);
            }
        });
    }

    #[test]
    fn a_dropped_iterator_frees_the_worker_and_keeps_it() {
        within(|| {
            let queue = TaskQueue::processes(1);
            let mut items = queue.task().look_ahead(4).stream_with(pids, ());
            let own = items.next().expect("it has no end");
            drop(items);
            assert_eq!(pid(&queue), own);
        });
    }

    #[test]
    fn two_streams_have_one_worker_one_after_the_other() {
        within(|| {
            let queue = TaskQueue::processes(1);
            let stream = |from: u32| {
                let task = queue.task().look_ahead(2);
                task.stream_with(|from: u32| from..from + 100, from)
            };
            let (mut first, mut second) = (stream(0), stream(1000));
            assert_eq!(first.next(), Some(0));
            assert_eq!(BackgroundIter::try_next(&mut second), Poll::Pending);
            assert!(first.eq(1..100));
            assert!(second.eq(1000..1100));
        });
    }

    /// Whoever has had items would have them twice: a stream is not tried again.
    #[test]
    fn a_killed_worker_is_told_after_its_items_and_not_tried_again() {
        within(|| {
            let queue = TaskQueue::builder().on_crash(OnCrash::Rerun(3)).processes(2).build();
            let task = queue.task().catch().look_ahead(50);
            let mut items = task.stream_with(pids, ());
            let own = items.next().expect("the first").expect("comes");
            signal(own, Signal::KILL);
            let rest: Vec<_> = items.collect();
            let (last, before) = rest.split_last().expect("the end is told");
            assert!(last.as_ref().is_err_and(Failure::is_crash), "{last:?}");
            assert!(before.iter().all(|it| *it == Ok(own)), "{before:?}");
            assert_ne!(pid(&queue), own);
        });
    }

    #[test]
    fn a_stream_that_can_travel_runs_on_threads_too() {
        within(|| {
            let queue = TaskQueue::threads(1);
            let items = queue.task().look_ahead(3).stream_with(|n: u32| 0..n, 100);
            assert!(items.eq(0..100));
            queue.attach(QueueWorker::process());
            // What cannot travel goes to the thread.
            assert!(queue.task().stream(|| 0..100).eq(0..100));
        });
    }
}
