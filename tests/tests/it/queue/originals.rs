//! What the original queue's own suites look at: base, tasks, threads and processes, by behaviour.

use std::collections::BTreeSet;
use std::sync::mpsc::channel;
use std::time::Duration;

use background::strategies::{Inline, Thread};
use background::{
    Background, Detach, Failure, QueueWorker, Strategy, TaskQueue, as_completed, background, first,
    join_all, race,
};
use background_tests::{Gate, until, within};

use super::{Log, hire};

fn times_two(x: u32) -> u32 {
    2 * x
}

/// A worker that does nothing but run what it is given, here.
fn inline() -> TaskQueue {
    let queue = TaskQueue::new();
    queue.attach(QueueWorker::new(Inline));
    queue
}

/// The kinds of queues that the original has, and one over the pool.
fn kinds() -> Vec<TaskQueue> {
    let pool = TaskQueue::new();
    pool.attach(QueueWorker::new(Thread).capacity(3));
    vec![TaskQueue::threads(1), TaskQueue::threads(3), inline(), pool]
}

#[test]
fn one_task_and_many() {
    within(|| {
        for queue in kinds() {
            assert_eq!(queue.call(|| times_two(3)), 6);
            let calls: Vec<_> = (0..50).map(|n| queue.call(move || times_two(n))).collect();
            let results: Vec<_> = calls.into_iter().map(Background::join).collect();
            assert_eq!(results, (0..50).map(times_two).collect::<Vec<_>>());
        }
    });
}

#[test]
fn processes_do_the_same() {
    within(|| {
        let queue = TaskQueue::processes(2);
        let calls: Vec<_> = (0..50).map(|n| queue.task().spawn_with(times_two, n)).collect();
        let results: Vec<_> = calls.into_iter().map(Background::join).collect();
        assert_eq!(results, (0..50).map(times_two).collect::<Vec<_>>());
        // A callable with state of its own is an argument.
        let greeting = queue.task().spawn_with(
            |(greeting, name): (String, String)| format!("{greeting}, {name}"),
            ("Hello".to_owned(), "world".to_owned()),
        );
        assert_eq!(greeting, "Hello, world");
    });
}

/// An error leaves the worker as it was.
#[test]
fn an_error_is_an_answer() {
    within(|| {
        for queue in kinds() {
            let divide = |by: u32| queue.task().catch().spawn(move || 10 / by);
            let (bad, fine) = (divide(0), divide(2));
            let failure = Background::join(bad).expect_err("nothing divides by zero");
            assert!(failure.to_string().contains("divide by zero"), "{failure}");
            assert_eq!(Background::join(fine), Ok(5));
        }
    });
}

/// A queue without workers keeps its calls for the first that comes.
#[test]
fn a_worker_may_come_after_its_calls() {
    within(|| {
        let (queue, log) = (TaskQueue::new(), Log::default());
        let calls: Vec<_> = (0..5).map(|n| queue.call(log.body(n))).collect();
        assert_eq!((queue.queued(), queue.running()), (5, 0));
        assert!(calls.iter().all(|call| !Background::is_ready(call)));
        hire(&queue);
        calls.into_iter().for_each(Background::join);
        assert_eq!(log.take(), [0, 1, 2, 3, 4]);
    });
}

#[test]
fn a_queue_of_one_thread_has_one_thread() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let here = || std::thread::current().id();
        let seen: BTreeSet<String> =
            (0..20).map(|_| format!("{:?}", Background::join(queue.call(here)))).collect();
        assert_eq!(seen.len(), 1);
        assert!(!seen.contains(&format!("{:?}", here())));
    });
}

/// Five calls on five workers run together.
#[test]
fn workers_work_together() {
    within(|| {
        let queue = TaskQueue::threads(5);
        let together = std::sync::Arc::new(std::sync::Barrier::new(5));
        let calls: Vec<_> = (0..5)
            .map(|_| {
                let together = std::sync::Arc::clone(&together);
                queue.call(move || together.wait().is_leader())
            })
            .collect();
        let leaders = calls.into_iter().filter(|leads| **leads).count();
        assert_eq!(leaders, 1);
    });
}

/// However the calls come in, no worker sleeps while one waits.
#[test]
fn no_worker_sleeps_while_calls_wait() {
    within(|| {
        let queue = TaskQueue::threads(4);
        for _ in 0..200 {
            let together = std::sync::Arc::new(std::sync::Barrier::new(4));
            let call = || {
                let together = std::sync::Arc::clone(&together);
                queue.call(move || together.wait().is_leader())
            };
            let calls = [call(), call(), call(), call()];
            assert_eq!(calls.iter().filter(|leads| ***leads).count(), 1);
        }
    });
}

/// A body that runs where it was handed out may bring calls for other workers, and wait for them by
/// other means than a touch.
#[test]
fn a_call_from_an_inline_body_goes_to_another_worker() {
    within(|| {
        let queue = inline();
        queue.attach(QueueWorker::new(Thread).series(["there"]));
        let own = queue.clone();
        let heard = queue.call(move || {
            let (sender, receiver) = channel();
            let call = own.task().series("there").spawn(move || sender.send(7).expect("heard"));
            Background::detach(call);
            receiver.recv()
        });
        assert_eq!(heard, Ok(7));
    });
}

/// Workers that were hired and dismissed in between lose nothing.
#[test]
fn hiring_and_dismissing_loses_nothing() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let mut workers = Vec::new();
        let calls: Vec<_> = (0..300)
            .map(|n| {
                match n % 7 {
                    0 => workers.push(hire(&queue)),
                    4 => {
                        let id = workers.pop().expect("one was hired");
                        assert!(queue.detach(id, Detach::Wait).expect("it is there").is_empty());
                    }
                    _ => {}
                }
                queue.call(move || n)
            })
            .collect();
        for (n, call) in calls.into_iter().enumerate() {
            assert_eq!(call, n);
        }
        until("they have left", || queue.workers().len() == 1 + workers.len());
    });
}

/// All, any, and until fewer: the ways to wait for several.
#[test]
fn waiting_for_several() {
    within(|| {
        let queue = TaskQueue::threads(2);
        let calls = |of: std::ops::Range<u32>| -> Vec<_> {
            of.map(|n| queue.call(move || times_two(n))).collect()
        };
        let all = join_all(calls(0..10));
        assert_eq!(all.iter().sum::<u32>(), 90);
        let gate = Gate::new();
        let stuck = |gate: Gate| {
            queue.call(move || {
                gate.pass();
                0
            })
        };
        let any = race([stuck(gate.clone()), queue.call(|| times_two(3))]);
        assert_eq!(any, 6);
        let fine = first([queue.call(|| -> u32 { panic!("not this one") }), queue.call(|| 7)]);
        assert_eq!(fine, 7);
        assert!(!queue.wait_until_fewer_for(1, Duration::from_millis(5)), "one is stuck");
        queue.wait_until_fewer(2);
        gate.open();
        queue.wait_until_fewer(1);
        let mut seen: Vec<_> =
            as_completed(calls(0..10)).map(|(_, call)| Background::join(call)).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..10).map(times_two).collect::<Vec<_>>());
    });
}

/// Tasks of random length: read in the order of their calls, they come in that order.
#[test]
fn a_hundred_items_arrive_in_order() {
    within(|| {
        let queue = TaskQueue::threads(4);
        let (sender, finished) = channel();
        let calls: Vec<_> = (0..100_u64)
            .map(|n| {
                let sender = sender.clone();
                queue.call(move || {
                    for _ in 0..(n * 7919) % 300 {
                        std::thread::yield_now();
                    }
                    sender.send(n).expect("heard");
                    n
                })
            })
            .collect();
        let order: Vec<_> = calls.into_iter().map(Background::join).collect();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
        assert_eq!(finished.try_iter().count(), 100);
    });
}

#[background(on = queue, name = "double")]
fn doubled(queue: &'static TaskQueue, x: u32) -> u32 {
    let _ = queue;
    times_two(x)
}

/// A queue is a strategy, also for annotated functions.
#[test]
fn an_annotated_function_may_wait_in_a_queue() {
    within(|| {
        static QUEUE: std::sync::OnceLock<TaskQueue> = std::sync::OnceLock::new();
        let queue = QUEUE.get_or_init(|| TaskQueue::threads(1));
        assert_eq!(doubled(queue, 3) + doubled(queue, 4), 14);
        queue.wait_until_fewer(1);
        assert_eq!(queue.statistics().running().count(), 2);
    });
}

/// A queue may be the worker of another one.
#[test]
fn queues_may_be_nested() {
    within(|| {
        let (outer, inner) = (TaskQueue::new(), TaskQueue::threads(2));
        outer.attach(QueueWorker::new(inner.clone()).capacity(10));
        let calls: Vec<_> = (0..100).map(|n| outer.call(move || n)).collect();
        assert_eq!(calls.into_iter().map(Background::join).sum::<i32>(), 4950);
        inner.wait_until_fewer(1);
        assert_eq!(inner.statistics().running().count(), 100);
    });
}

/// A worker that forgets its calls: each of them is lost, and none is waited for.
#[test]
fn a_worker_that_forgets() {
    struct Forgets;
    impl Strategy for Forgets {
        fn start(&self, task: background::Task) {
            drop(task);
        }
    }
    within(|| {
        let queue = TaskQueue::new();
        queue.attach(QueueWorker::new(Forgets));
        let calls: Vec<_> = (0..10).map(|n| queue.task().catch().spawn(move || n)).collect();
        assert!(calls.into_iter().all(|call| Background::join(call) == Err(Failure::Lost)));
        assert_eq!((queue.queued(), queue.running()), (0, 0));
    });
}

/// A hundred thousand calls through a worker on the caller's thread: no stack is used up.
#[test]
fn inline_workers_do_not_nest() {
    within(|| {
        let queue = TaskQueue::new();
        let calls: Vec<_> = (0..100_000_u64).map(|n| queue.call(move || n)).collect();
        queue.attach(QueueWorker::new(Inline));
        assert_eq!(calls.into_iter().map(Background::join).sum::<u64>(), 4_999_950_000);
    });
}
