//! Calls of worker processes that make calls in worker processes.

use std::time::Duration;

use background::{Background, Failure, task};
use background_tests::processes::{is_gone, state};
use background_tests::{Note, within};

use super::{one, wait_for_ever, worker};

/// The numbers of the processes on the way down.
fn descend(depth: u32) -> Vec<u32> {
    let mut pids = match depth {
        0 => Vec::new(),
        _ => Background::join(task().process().spawn_with(descend, depth - 1)),
    };
    pids.push(std::process::id());
    pids
}

#[test]
fn calls_within_calls_have_right_results() {
    within(|| {
        for depth in [1, 2, 3] {
            let mut pids = Background::join(task().on(one()).spawn_with(descend, depth - 1));
            pids.push(std::process::id());
            assert_eq!(pids.len(), depth as usize + 1);
            pids.sort_unstable();
            pids.dedup();
            assert_eq!(pids.len(), depth as usize + 1, "each depth in a process of its own");
        }
    });
}

#[test]
fn deep_calls_take_few_processes() {
    within(|| {
        let pids = Background::join(task().on(one()).spawn_with(descend, 10));
        assert_eq!(pids.len(), 11);
        let mut different = pids.clone();
        different.sort_unstable();
        different.dedup();
        assert!((2..=4).contains(&different.len()), "{pids:?}");
    });
}

fn fib(n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let call = |n| task().process().spawn_with(fib, n);
    let (one, other) = (call(n - 1), call(n - 2));
    *one + *other
}

/// Every call makes two, and a worker has one worker: nobody waits for a worker that waits for it.
#[test]
fn trees_of_calls_end() {
    within(|| assert_eq!(Background::join(task().on(one()).spawn_with(fib, 9)), 34));
}

#[test]
fn a_nested_failure_is_told_through_all_processes() {
    fn deep(depth: u32) -> u32 {
        match depth {
            0 => panic!("at the bottom"),
            _ => *task().process().name("deep").spawn_with(deep, depth - 1),
        }
    }
    within(|| {
        let pool = one();
        let failure = Background::join(task().on(pool.clone()).catch().spawn_with(deep, 3));
        let failure = failure.expect_err("it panicked");
        let Failure::Panicked { message, .. } = &failure else { panic!("{failure:?}") };
        for part in ["at the bottom", "`deep`"] {
            assert!(message.contains(part), "`{part}` in `{message}`");
        }
        let _ = worker(&pool);
    });
}

#[test]
fn a_nested_call_has_what_is_left_of_the_deadline() {
    fn remaining(depth: u32) -> Option<Duration> {
        match depth {
            0 => background::current()?.remaining(),
            _ => *task().process().spawn_with(remaining, depth - 1),
        }
    }
    within(|| {
        let all = Duration::from_secs(600);
        let left = Background::join(task().on(one()).deadline(all).spawn_with(remaining, 2));
        let left = left.expect("in time").expect("there is a deadline");
        assert!(left < all && left > Duration::from_secs(300), "{left:?}");
        let left = Background::join(task().on(one()).spawn_with(remaining, 2));
        assert_eq!(left, None);
    });
}

/// A stop reaches the workers of the worker before it can be seen.
#[test]
fn a_stop_ends_the_workers_of_the_worker() {
    fn hang(at: String) -> u32 {
        Note::leave(&at, std::process::id());
        wait_for_ever()
    }
    fn outer((inner, idle): (String, String)) -> u32 {
        let pool = background::processes().workers(1).build();
        Note::leave(&idle, worker(&pool));
        *task().process().spawn_with(hang, inner)
    }
    within(|| {
        let pool = one();
        let note = Note::new();
        let call = task().on(pool.clone()).catch();
        let future = call.spawn_with(outer, (note.at("inner"), note.at("idle")));
        let idle = note.wait_for_number("idle");
        let inner = note.wait_for_number("inner");
        Background::cancel(&future);
        assert!(Background::join(future).is_err_and(|it| it.is_cancelled()));
        for (pid, which) in [(inner, "busy"), (idle, "idle")] {
            assert!(is_gone(pid), "the {which} one lives on: {:?}", state(pid));
        }
    });
}
