//! The self-test of clockwork, by its behaviour: what its author wrote down as examples.

use background::cooperative::{Command, NothingInQueue, Worker, wrap, yield_now};
use background::{Background, promise};
use background_tests::within;

use super::Log;

#[test]
fn a_worker_does_what_it_is_assigned() {
    let (worker, log) = (Worker::new(), Log::default());
    let own = log.clone();
    let done = worker.assign(async move { own.note(123) });
    assert_eq!(log.all(), "", "nothing runs before the worker does");
    worker.work();
    assert_eq!(log.all(), "123");
    assert!(Background::is_ready(&done));
}

#[test]
fn letters_and_numbers_take_turns() {
    let (worker, log) = (Worker::new(), Log::default());
    let own = log.clone();
    let letters = worker.assign(async move {
        own.note("a");
        yield_now().await;
        own.note("z");
        yield_now().await;
    });
    let own = log.clone();
    let numbers = worker.assign(async move {
        for number in 1_u64.. {
            own.note(number);
            yield_now().await;
        }
    });
    let trace = ["a", "a,1", "a,1,z", "a,1,z,2", "a,1,z,2", "a,1,z,2,3", "a,1,z,2,3,4"];
    for (tick, expected) in trace.into_iter().enumerate() {
        assert_eq!(worker.do_next_task(), Ok(()));
        assert_eq!(log.all(), expected, "after tick {tick}");
    }
    assert!(Background::is_ready(&letters), "the fifth tick disposed of it");
    // The endless one stays until the worker goes.
    assert_eq!((worker.len(), Background::is_ready(&numbers)), (1, false));
    drop(worker);
    assert!(Background::outcome(&numbers).is_err());
}

#[test]
fn an_empty_worker_has_nothing_in_its_queue() {
    let worker = Worker::new();
    assert!(!worker.tick(), "a tick then does nothing");
    let error = worker.do_next_task().unwrap_err();
    assert_eq!((error, error.to_string().as_str()), (NothingInQueue, "nothing in queue"));
    worker.work();
    assert!(worker.is_empty());
}

/// The original's log of a generator that yields another one was `m1 s1 s2 s2 m2 m2`, tick by tick: a
/// tick each for going down and coming up. Where control is given up there, the log is the same.
#[test]
fn a_sub_routine_may_cost_the_ticks_that_it_cost() {
    let (worker, log) = (Worker::new(), Log::default());
    let own = log.clone();
    let _ = worker.assign(async move {
        let inner = own.clone();
        let sub = async move {
            inner.note("s1");
            yield_now().await;
            inner.note("s2");
            yield_now().await;
        };
        own.note("m1");
        yield_now().await;
        sub.await;
        yield_now().await;
        own.note("m2");
        yield_now().await;
    });
    let mut trace = Vec::new();
    while worker.tick() {
        trace.push(log.last());
    }
    assert_eq!(trace, ["m1", "s1", "s2", "s2", "m2", "m2"]);
}

/// By itself an await costs no tick: the sub-routine is a part of the routine.
#[test]
fn a_sub_routine_costs_no_tick_by_itself() {
    let (worker, log) = (Worker::new(), Log::default());
    let own = log.clone();
    let _ = worker.assign(async move {
        own.note("m1");
        let inner = own.clone();
        async move {
            inner.note("s1");
            yield_now().await;
            inner.note("s2");
            yield_now().await;
        }
        .await;
        own.note("m2");
        yield_now().await;
    });
    let mut trace = Vec::new();
    while worker.tick() {
        trace.push(log.all());
    }
    assert_eq!(trace, ["m1,s1", "m1,s1,s2", "m1,s1,s2,m2", "m1,s1,s2,m2"]);
}

#[test]
fn a_command_has_its_output() {
    within(|| {
        let worker = Worker::new();
        let echo = worker.assign(Command::new("/bin/echo").arg("cat").output());
        worker.work();
        let echo = Background::join(echo).unwrap();
        assert_eq!((&*echo.stdout, &*echo.stderr), (&b"cat\n"[..], &b""[..]));
        assert!(echo.status.success());
    });
}

#[test]
fn wrap_is_for_callers_that_know_no_routines() {
    async fn routine(data: &mut Vec<i32>) {
        for x in 0..4 {
            data.push(x * x);
            yield_now().await;
        }
    }
    let mut data = Vec::new();
    drop(routine(&mut data));
    assert!(data.is_empty(), "without the wrapper nothing runs");
    wrap(routine(&mut data));
    assert_eq!(data, [0, 1, 4, 9]);
}

/// The original had no return values, but an object to put one into.
#[test]
fn a_result_may_be_put_in() {
    let (result, value) = promise();
    result.set(5).unwrap();
    assert_eq!(value, 5);
    let (result, value) = promise();
    result.set((1, 2, 3)).unwrap();
    assert_eq!(*value, (1, 2, 3));
    // And the real thing.
    assert_eq!(wrap(async { 5 }), 5);
}
