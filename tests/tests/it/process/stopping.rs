//! Time-outs and cancels: what can be seen is over.

use std::process::Command;
use std::time::{Duration, Instant};

use background::{Background, Cancel, Failure, OnDrop, Phase, ProcessPool, processes, task};
use background_tests::faults::ignore;
use background_tests::processes::{Watched, is_gone};
use background_tests::{Note, until, within};

use rustix::process::Signal;

use super::{is_replaced, one, wait_for_ever, watched, worker};

const SHORT: Duration = Duration::from_millis(100);

/// Starts a child, says who they are, and waits for ever, deaf to all signals that can be ignored.
fn stubborn(at: String) -> u32 {
    for signal in 1..32 {
        ignore(signal);
    }
    let child = Command::new("sleep").arg("1000").spawn().expect("a child");
    Note::leave(&at, child.id());
    wait_for_ever()
}

/// As [`stubborn`], with all there is of a core.
fn busy(at: String) -> u32 {
    ignore(Signal::TERM.as_raw());
    let child = Command::new("sleep").arg("1000").spawn().expect("a child");
    Note::leave(&at, child.id());
    loop {
        std::hint::spin_loop();
    }
}

#[test]
fn when_a_time_out_can_be_seen_worker_and_children_are_gone() {
    within(|| {
        for body in [stubborn, busy].map(|body| body as fn(String) -> u32) {
            let is_busy = std::ptr::fn_addr_eq(body, busy as fn(String) -> u32);
            let pool = one();
            let pid = worker(&pool);
            let note = Note::new();
            let call = task().on(pool.clone()).timeout(Duration::from_millis(500));
            let begin = Instant::now();
            let future = if is_busy {
                call.spawn_with(busy, note.at("child"))
            } else {
                call.spawn_with(stubborn, note.at("child"))
            };
            let child = note.wait_for_number("child");
            let outcome = Background::join(future);
            assert!(is_gone(pid), "the worker can be seen after its time-out");
            assert!(is_gone(child), "its child can be seen after its time-out");
            assert!(outcome.is_err());
            assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
            is_replaced(&pool, pid);
        }
    });
}

/// Whoever looks, by whatever way, sees it no sooner.
#[test]
fn nobody_sees_a_stop_before_the_worker_is_gone() {
    within(|| {
        let pool = one();
        for round in 0..20 {
            let pid = worker(&pool);
            let note = Note::new();
            let call = task().on(pool.clone()).catch();
            let future = call.spawn_with(stubborn, note.at("child"));
            let child = note.wait_for_number("child");
            let (sender, receiver) = std::sync::mpsc::channel();
            Background::on_ready(&future, move |_| {
                sender.send(is_gone(pid) && is_gone(child)).expect("somebody listens");
            });
            assert_eq!(Background::cancel(&future), Cancel::Stopping);
            if round % 2 == 0 {
                until("it is over", || Background::is_ready(&future));
            } else {
                until("it is over", || Background::status(&future).phase() == Phase::Failed);
            }
            assert!(is_gone(pid) && is_gone(child), "it is seen too soon");
            assert_eq!(receiver.recv(), Ok(true), "a callback was called too soon");
            assert!(Background::join(future).is_err_and(|it| it.is_cancelled()));
        }
    });
}

/// Neither a worker that stands still, nor one that has half of its arguments, holds up a limit.
#[test]
fn a_stopped_worker_holds_no_limit_up() {
    within(|| {
        for size in [1, 600 << 10, 32 << 20] {
            let pool = one();
            let stopped = watched(&pool);
            stopped.stop();
            let call = task().on(pool.clone()).timeout(SHORT);
            let future = call.spawn_with(|bytes: Vec<u8>| bytes.len(), vec![1; size]);
            assert!(Background::join(future).is_err(), "{size} bytes");
            stopped.wait();
            is_replaced(&pool, stopped.pid);
        }
    });
}

/// The reply is under way when its worker is made to stand still.
#[test]
fn a_worker_that_stops_midway_holds_no_limit_up() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        let call = task().on(pool.clone()).timeout(Duration::from_millis(500));
        let future = call.spawn_with(
            |size: usize| {
                std::thread::spawn(|| background_tests::faults::raise_for_all(19));
                vec![1_u8; size]
            },
            256 << 20,
        );
        let outcome = Background::join(future);
        if let Ok(value) = outcome {
            assert_eq!(value.len(), 256 << 20);
        } else {
            is_replaced(&pool, pid);
        }
    });
}

#[test]
fn a_queued_call_that_is_stopped_never_runs() {
    within(|| {
        let pool = one();
        let note = Note::new();
        let hold = task().on(pool.clone()).catch().spawn_with(stubborn, note.at("child"));
        let _ = note.wait_for_number("child");
        let run = |at: String| Note::leave(&at, "it has run");
        let cancelled = task().on(pool.clone()).catch().spawn_with(run, note.at("cancelled"));
        let late = task().on(pool.clone()).deadline(SHORT).spawn_with(run, note.at("late"));
        let unwanted = task().on(pool.clone()).on_drop(OnDrop::Cancel);
        drop(unwanted.spawn_with(run, note.at("dropped")));
        let budget = task().on(pool.clone()).timeout(Duration::from_secs(60));
        let patient = budget.spawn_with(run, note.at("patient"));
        assert_eq!(Background::cancel(&cancelled), Cancel::NeverStarted);
        assert!(Background::join(cancelled).is_err_and(|it| it.is_cancelled()));
        assert!(Background::join(late).is_err());
        // Its time is counted from its start.
        assert_eq!(Background::status(&patient).phase(), Phase::Waiting);
        assert_eq!(Background::cancel(&hold), Cancel::Stopping);
        assert_eq!(Background::join(patient), Ok(()));
        let mut names = note.names();
        names.sort();
        assert_eq!(names, ["child", "patient"]);
    });
}

#[test]
fn a_call_that_has_ended_cannot_be_stopped() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        let call = task().on(pool.clone()).timeout(Duration::from_secs(60));
        let future = call.spawn_with(|()| 1, ());
        until("it has ended", || Background::is_ready(&future));
        assert_eq!(Background::cancel(&future), Cancel::TooLate);
        assert_eq!(Background::join(future), Ok(1));
        super::lives_on(&pool, pid);
    });
}

#[test]
fn a_dropped_future_ends_its_worker_if_asked_to() {
    within(|| {
        let pool = one();
        let note = Note::new();
        let call = task().on(pool.clone()).on_drop(OnDrop::Cancel);
        let future = call.spawn_with(stubborn, note.at("child"));
        let child = Watched::new(note.wait_for_number("child"));
        drop(future);
        child.wait();
        let _ = worker(&pool);
    });
}

#[test]
fn limits_of_nothing_and_of_everything() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        let note = Note::new();
        let run = |at: String| Note::leave(&at, "it has run");
        let call = task().on(pool.clone()).timeout(Duration::ZERO);
        assert!(Background::join(call.spawn_with(run, note.at("timeout"))).is_err());
        let call = task().on(pool.clone()).deadline(Duration::ZERO);
        assert!(Background::join(call.spawn_with(run, note.at("deadline"))).is_err());
        assert_eq!(note.names(), Vec::<String>::new());
        super::lives_on(&pool, pid);
        let call = task().on(pool.clone()).timeout(Duration::MAX).deadline(Duration::MAX);
        assert_eq!(Background::join(call.spawn_with(run, note.at("ran"))), Ok(()));
        super::lives_on(&pool, pid);
    });
}

/// Each of many calls ends as itself, whoever was stopped before it on the same worker.
#[test]
fn a_late_answer_never_reaches_a_later_call() {
    within(|| {
        let pool = processes().workers(2).build();
        let call = |pool: &ProcessPool, n: u64| {
            let call = task().on(pool.clone()).catch().timeout(Duration::from_millis(n % 3));
            call.spawn_with(
                |n: u64| {
                    let end = Instant::now() + Duration::from_micros(n * 137 % 3000);
                    while Instant::now() < end {
                        std::thread::yield_now();
                    }
                    n
                },
                n,
            )
        };
        let mut late = 0;
        for n in 0..400 {
            match Background::join(call(&pool, n)) {
                Ok(value) => assert_eq!(value, n),
                Err(Failure::Timeout) => late += 1,
                Err(other) => panic!("{n}: {other:?}"),
            }
        }
        assert!(late > 0, "nothing was late");
    });
}
