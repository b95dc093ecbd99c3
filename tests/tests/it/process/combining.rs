//! Calls in worker processes beside everything else that futures can do.

use std::future::{IntoFuture, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use background::{
    Background, Failure, Limit, OnDrop, ProcessPool, Timeout, WhenFull, as_completed, first,
    join_all, processes, race, scope, task,
};
use background_tests::faults::Fault;
use background_tests::processes::is_gone;
use background_tests::{Note, until, within};

use super::{is_replaced, one, wait_for_ever, worker};

fn square(n: u32) -> u32 {
    n * n
}

fn call(pool: &ProcessPool, n: u32) -> Background<u32> {
    task().on(pool.clone()).spawn_with(square, n)
}

fn hang(at: String) -> u32 {
    Note::leave(&at, std::process::id());
    wait_for_ever()
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Polls when it is woken.
fn block_on<F: IntoFuture>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = pin!(future.into_future());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        std::thread::park();
    }
}

#[test]
fn calls_can_be_awaited() {
    within(|| {
        let pool = one();
        assert_eq!(block_on(call(&pool, 3)), 9);
        let failed = task().on(pool.clone()).catch();
        let failed = failed.spawn_with(|()| -> u32 { Fault::Abort.strike() }, ());
        assert!(block_on(failed).is_err_and(|it| it.is_crash()));
        // Given up in the middle.
        let note = Note::new();
        let call = task().on(pool.clone()).on_drop(OnDrop::Cancel);
        let mut hanging = Box::pin(call.spawn_with(hang, note.at("pid")).into_future());
        let pid = note.wait_for_number("pid");
        block_on(poll_fn(|context| {
            assert!(hanging.as_mut().poll(context).is_pending());
            Poll::Ready(())
        }));
        drop(hanging);
        until("the worker is gone", || is_gone(pid));
        is_replaced(&pool, pid);
    });
}

#[test]
fn calls_can_be_continued() {
    within(|| {
        let pool = one();
        let length = Background::then(call(&pool, 12), |n| n.to_string().len());
        assert_eq!(length, 3);
        let own = pool.clone();
        let twice = Background::then(call(&pool, 3), move |n| Background::join(call(&own, n)));
        assert_eq!(twice, 81);
    });
}

#[test]
fn calls_can_be_joined() {
    within(|| {
        let pool = processes().workers(2).build();
        let all = join_all((0..50).map(|n| call(&pool, n)));
        assert_eq!(*all, (0..50).map(square).collect::<Vec<_>>());
        let mut completed: Vec<u32> = as_completed((0..50).map(|n| call(&pool, n)))
            .map(|(_, future)| Background::join(future))
            .collect();
        completed.sort_unstable();
        assert_eq!(completed, (0..50).map(square).collect::<Vec<_>>());
    });
}

/// The losers are cancelled, so their workers are killed.
#[test]
fn the_losers_of_a_race_end_with_it() {
    within(|| {
        let pool = processes().workers(2).build();
        let note = Note::new();
        let slow = task().on(pool.clone()).on_drop(OnDrop::Cancel);
        let slow = slow.spawn_with(hang, note.at("pid"));
        let pid = note.wait_for_number("pid");
        assert_eq!(race([slow, call(&pool, 5)]), 25);
        until("the loser is gone", || is_gone(pid));
        let broken = task().on(pool.clone()).catch();
        let broken = broken.spawn_with(|_: u32| -> u32 { Fault::Exit(1).strike() }, 0);
        let sound = task().on(pool.clone()).catch().spawn_with(square, 6);
        assert_eq!(first([broken, sound]), 36);
    });
}

#[test]
fn callbacks_are_called_once_each() {
    within(|| {
        let pool = one();
        let (sender, receiver) = channel();
        for n in 0..100 {
            let future = call(&pool, n);
            let sender = sender.clone();
            Background::on_ready(&future, move |value| {
                sender.send(value.ok().copied()).expect("somebody listens");
            });
        }
        drop(sender);
        let mut values: Vec<u32> = receiver.iter().flatten().collect();
        values.sort_unstable();
        assert_eq!(values, (0..100).map(square).collect::<Vec<_>>());
    });
}

/// A callback runs on the thread that looks after the workers, and waits for a worker: somebody else
/// looks after them meanwhile.
#[test]
fn a_callback_may_call_and_wait() {
    within(|| {
        let pool = one();
        let (sender, receiver) = channel();
        for n in 0..20 {
            let future = call(&pool, n);
            let (own, sender) = (pool.clone(), sender.clone());
            Background::on_ready(&future, move |value| {
                let value = *value.expect("a value");
                let next = call(&own, value);
                let deeper = own.clone();
                let (inner, outer) = channel();
                Background::on_ready(&next, move |value| {
                    let value = *value.expect("a value");
                    inner.send(*call(&deeper, value % 1000)).expect("somebody listens");
                });
                let innermost = outer.recv().expect("it is called");
                sender.send((value, *next, innermost)).expect("somebody listens");
            });
        }
        drop(sender);
        let mut all: Vec<_> = receiver.iter().collect();
        all.sort_unstable();
        let expected = (0..20).map(|n| (n * n, n * n * n * n, square(n * n * n * n % 1000)));
        assert_eq!(all, expected.collect::<Vec<_>>());
    });
}

/// The same when the callback is told of a crash.
#[test]
fn a_callback_of_a_crash_may_call_and_wait() {
    within(|| {
        let pool = one();
        let (sender, receiver) = channel();
        for fault in Fault::ALL {
            let broken = task().on(pool.clone()).catch();
            let broken = broken.spawn_with(|fault: Fault| -> u32 { fault.strike() }, fault);
            let (own, sender) = (pool.clone(), sender.clone());
            Background::on_ready(&broken, move |outcome| {
                let crashed = matches!(outcome, Err(failure) if failure.is_crash());
                sender.send((crashed, *call(&own, 9))).expect("somebody listens");
            });
        }
        drop(sender);
        assert_eq!(receiver.iter().collect::<Vec<_>>(), vec![(true, 81); Fault::ALL.len()]);
    });
}

#[test]
fn a_limit_counts_calls_in_processes() {
    static TWO: Limit = Limit::new(2);
    within(|| {
        let pool = processes().workers(4).build();
        let note = Note::new();
        let hold = |name: &str| {
            let call = task().on(pool.clone()).limit(&TWO, WhenFull::Reject).catch();
            call.spawn_with(hang, note.at(name))
        };
        let kept = [hold("one"), hold("two")];
        let refused = hold("three");
        assert!(Background::join(refused).is_err_and(|it| it.is_rejected()));
        for (future, name) in kept.iter().zip(["one", "two"]) {
            let _ = note.wait_for_number(name);
            Background::cancel(future);
            assert!(Background::outcome(future).is_err());
        }
        let call = task().on(pool.clone()).limit(&TWO, WhenFull::Block);
        assert_eq!(call.spawn_with(square, 4), 16);
    });
}

#[test]
fn a_body_of_a_scope_may_call() {
    within(|| {
        let pool = one();
        let numbers = [1, 2, 3];
        let sum: u32 = scope(|scope| {
            let futures: Vec<_> =
                numbers.iter().map(|n| scope.spawn(|| Background::join(call(&pool, *n)))).collect();
            futures.into_iter().map(Background::join).sum()
        });
        assert_eq!(sum, 14);
    });
}

/// A call inherits the deadline of the task that makes it.
#[test]
fn a_deadline_ends_the_calls_of_a_task() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        let note = Note::new();
        let place = note.at("pid");
        let own = pool.clone();
        let outer: Background<Result<u32, Failure>, Timeout> = task()
            .deadline(Duration::from_millis(400))
            .spawn(move || Background::join(task().on(own).catch().spawn_with(hang, place)));
        match Background::join(outer) {
            Err(Timeout) => {}
            Ok(inner) => assert!(inner.is_err_and(|it| it.is_timeout())),
        }
        until("the worker is gone", || is_gone(pid));
        until("it can be served again", || worker(&pool) != pid);
    });
}

/// What is detached runs to its end; what nobody reads is dropped.
#[test]
fn detached_calls_run() {
    within(|| {
        let pool = one();
        let note = Note::new();
        let leave = |at: String| Note::leave(&at, "done");
        Background::detach(task().on(pool.clone()).spawn_with(leave, note.at("detached")));
        drop(task().on(pool.clone()).spawn_with(leave, note.at("dropped")));
        assert_eq!(note.wait("detached"), "done");
        assert_eq!(note.wait("dropped"), "done");
    });
}

/// Many threads at once make calls and wait for them.
#[test]
fn calls_come_from_many_threads() {
    within(|| {
        let pool = processes().workers(2).build();
        std::thread::scope(|threads| {
            for n in 0..8_u32 {
                let pool = &pool;
                threads.spawn(move || {
                    for round in 0..100 {
                        let all: Vec<_> = (0..=n % 4).map(|m| call(pool, round + m)).collect();
                        for (m, future) in (0..).zip(all) {
                            assert_eq!(Background::join(future), square(round + m));
                        }
                    }
                });
            }
        });
    });
}
