//! Calls that are tried again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use background::{
    Background, Cancel, Failure, QueueWorker, Strategy, Task, TaskQueue, Timeout, checkpoint,
};
use background_tests::{Counter, Gate, until, within};

use super::held;

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(600);

fn endless() -> u32 {
    loop {
        checkpoint();
        std::thread::yield_now();
    }
}

#[test]
fn a_time_out_is_tried_again_and_then_given_up() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let tries = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&tries);
        let call = queue.task().name("slow").timeout(SHORT).retry(1);
        let future = call.spawn(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            endless()
        });
        let failure = Background::join(future).expect_err("it never ends");
        assert!(failure.is_given_up(), "{failure:?}");
        let text = failure.to_string();
        assert!(text.starts_with("`slow` (called at "), "{text}");
        assert!(text.ends_with("timed out, gave up after two tries"), "{text}");
        let Failure::GaveUp { tries: told, last, call, .. } = failure else { unreachable!() };
        assert_eq!((told, &*last), (2, &Failure::Timeout));
        assert_eq!(call.call_site().file(), file!());
        assert_eq!(tries.load(Ordering::SeqCst), 2);
        assert_eq!(queue.call(|| 7), 7);
    });
}

#[test]
fn a_second_try_may_succeed() {
    within(|| {
        for retries in [1, 5, u32::MAX] {
            let queue = TaskQueue::threads(2);
            let tries = AtomicU32::new(0);
            let future =
                queue.task().timeout(Duration::from_millis(300)).retry(retries).spawn(move || {
                    match tries.fetch_add(1, Ordering::SeqCst) {
                        0 => endless(),
                        nth => nth + 6,
                    }
                });
            assert_eq!(Background::join(future), Ok(7));
        }
    });
}

/// Of a call without `retry` a time-out is a time-out.
#[test]
fn without_retries_nothing_is_given_up() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let once = queue.task().timeout(SHORT).spawn(endless);
        assert!(once == Timeout);
        let none = queue.task().timeout(SHORT).retry(0).spawn(endless);
        assert_eq!(Background::join(none), Err(Failure::Timeout));
    });
}

/// The limit counts from the hand-over: waiting takes nothing of it.
#[test]
fn waiting_for_a_worker_takes_no_time() {
    within(|| {
        let (queue, gate, hold) = held();
        let limit = Duration::from_secs(2);
        let quick = queue.task().timeout(limit).spawn(|| 7);
        let again = queue.task().timeout(limit).retry(1).spawn(|| 7);
        assert_eq!(Background::get_timeout(&quick, limit + limit / 2), None);
        gate.open();
        Background::join(hold);
        assert_eq!(Background::join(quick), Ok(7));
        assert_eq!(Background::join(again), Ok(7));
    });
}

/// Keeps what it is given, and lets it go when asked to.
#[derive(Clone, Default)]
struct Hoard(Arc<std::sync::Mutex<Vec<Task>>>);

impl Strategy for Hoard {
    fn start(&self, task: Task) {
        self.0.lock().expect("not poisoned").push(task);
    }
}

/// A strategy that has a queue of its own is given calls; their time counts from then on.
#[test]
fn the_time_counts_from_the_hand_over() {
    within(|| {
        let (queue, hoard) = (TaskQueue::new(), Hoard::default());
        queue.attach(QueueWorker::new(hoard.clone()));
        let late = queue.task().timeout(SHORT).spawn(|| 7);
        assert!(late == Timeout);
        let again = queue.task().timeout(SHORT).retry(2).spawn(|| 7);
        let failure = Background::join(again).expect_err("it is never begun");
        assert!(failure.to_string().ends_with("gave up after three tries"), "{failure}");
        assert_eq!(hoard.0.lock().expect("not poisoned").len(), 4);
    });
}

/// Drops the first tasks that it is given.
struct Careless(AtomicU32);

impl Strategy for Careless {
    fn start(&self, task: Task) {
        if self.0.fetch_add(1, Ordering::SeqCst) >= 2 {
            task.run();
        }
    }
}

#[test]
fn a_lost_call_is_tried_again() {
    within(|| {
        let queue = TaskQueue::new();
        queue.attach(QueueWorker::new(Careless(AtomicU32::new(0))));
        let found = queue.task().retry(2).spawn(|| 7);
        assert_eq!(Background::join(found), Ok(7));
        let queue = TaskQueue::new();
        queue.attach(QueueWorker::new(Careless(AtomicU32::new(0))));
        let lost = queue.task().name("lost").retry(1).spawn(|| 7);
        let failure = Background::join(lost).expect_err("lost twice");
        let text = failure.to_string();
        assert!(text.contains("was lost") && text.ends_with("gave up after two tries"), "{text}");
        assert_eq!(queue.call(|| 7), 7);
    });
}

#[test]
fn a_panic_is_no_reason_to_try_again() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let tries = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&tries);
        let future = queue.task().retry(5).spawn(move || -> u32 {
            counted.fetch_add(1, Ordering::SeqCst);
            panic!("boom")
        });
        let failure = Background::join(future).expect_err("it panics");
        assert!(failure.is_panic() && failure.to_string().contains("boom"), "{failure}");
        assert_eq!(tries.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn a_cancel_ends_the_attempt() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let (counter, begun) = (Counter::new(), Gate::new());
        let (made, opened) = (counter.clone(), begun.clone());
        let future = queue.task().retry(5).spawn(move || {
            let _local = made.make();
            opened.open();
            endless()
        });
        begun.pass();
        assert_eq!(Background::cancel(&future), Cancel::Stopping);
        assert_eq!(Background::join(future), Err(Failure::Cancelled));
        until("the body has unwound", || counter.dropped() == 1);
        assert_eq!(queue.call(|| 7), 7);
        assert_eq!(counter.made(), 1, "it was tried again");
    });
}

#[test]
fn a_cancelled_call_that_waits_never_runs() {
    within(|| {
        let (queue, gate, hold) = held();
        let counter = Counter::new();
        let (argument, made) = (counter.make(), counter.clone());
        let future = queue.task().retry(5).spawn(move || {
            let _ = (&argument, made.make());
        });
        assert_eq!(Background::cancel(&future), Cancel::NeverStarted);
        assert_eq!(Background::join(future), Err(Failure::Cancelled));
        assert_eq!((counter.made(), counter.dropped()), (1, 1));
        gate.open();
        Background::join(hold);
    });
}

/// The deadline is for all tries together, and is no failure of a try.
#[test]
fn a_deadline_ends_all_tries() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let future = queue.task().deadline(Duration::from_millis(200)).retry(100).spawn(endless);
        assert_eq!(Background::join(future), Err(Failure::Timeout));
        let both = queue.task().timeout(SHORT).deadline(Duration::from_millis(220));
        let failure = Background::join(both.retry(u32::MAX).spawn(endless)).expect_err("endless");
        assert!(failure.is_timeout(), "{failure}");
        assert_eq!(queue.call(|| 7), 7);
    });
}

/// A value that an overtaken try still comes to, and what the body owns, are dropped once.
#[test]
fn values_are_dropped_once() {
    within(|| {
        let counter = Counter::new();
        let queue = TaskQueue::threads(2);
        let (argument, made, late) = (counter.make(), counter.clone(), Gate::new());
        let (tries, opened) = (AtomicU32::new(0), late.clone());
        let future = queue.task().timeout(SHORT).retry(1).spawn(move || {
            let _ = &argument;
            if tries.fetch_add(1, Ordering::SeqCst) == 0 {
                // No checkpoint: it goes on after its time.
                opened.pass();
            }
            made.make()
        });
        let value = Background::join(future).expect("the second try");
        late.open();
        drop(queue.shutdown(LONG));
        drop(value);
        until("all is dropped", || counter.dropped() == 3);
        assert_eq!(counter.made(), 3);
    });
}

#[test]
fn a_body_knows_its_name_and_place() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let known = queue.task().name("known").retry(1).spawn(|| {
            let task = background::current().expect("it runs in a task");
            (task.name().to_owned(), task.call_site().file())
        });
        assert_eq!(Background::join(known), Ok(("known".to_owned(), file!())));
    });
}
