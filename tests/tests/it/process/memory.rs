//! The limit of memory of a call.

use std::hint::black_box;

use background::{Background, Failure, ProcessPool, processes, task};
use background_tests::faults::{Fault, reserve, reserve_carelessly};
use background_tests::within;

use super::{is_replaced, lives_on, worker};

const LIMIT: usize = 64 << 20;

fn limited() -> ProcessPool {
    processes().workers(1).memory(LIMIT as u64).build()
}

/// Runs a body on a pool whose calls have a limit.
macro_rules! outcome {
    ($pool:expr, $body:expr, $argument:expr) => {
        Background::join(task().on($pool.clone()).name("eats").catch().spawn_with($body, $argument))
    };
}

#[track_caller]
fn ran_out<T: std::fmt::Debug>(pool: &ProcessPool, pid: u32, outcome: Result<T, Failure>) {
    match &outcome {
        Err(failure @ Failure::OutOfMemory { worker, limit, .. }) => {
            assert_eq!((worker.pid(), *limit), (pid, LIMIT as u64));
            let text = failure.to_string();
            for part in ["`eats`", file!(), "ran out of memory", &LIMIT.to_string()] {
                assert!(text.contains(part), "`{part}` in `{text}`");
            }
        }
        other => panic!("not out of memory: {other:?}"),
    }
    is_replaced(pool, pid);
}

#[test]
fn growing_in_small_steps_ends_at_the_limit() {
    within(|| {
        let pool = limited();
        let pid = worker(&pool);
        let grow = |step: usize| {
            let mut all = Vec::new();
            for _ in 0..2 * LIMIT / step {
                all.push(black_box(vec![1_u8; step]));
            }
            all.len()
        };
        let end = outcome!(pool, grow, 100_000);
        ran_out(&pool, pid, end);
        let pid = worker(&pool);
        let end = outcome!(pool, grow, 1000);
        ran_out(&pool, pid, end);
    });
}

#[test]
fn growing_by_doubling_ends_at_the_limit() {
    within(|| {
        let pool = limited();
        let pid = worker(&pool);
        let double = |most: usize| {
            let mut bytes = vec![1_u8];
            while bytes.len() < most {
                bytes.extend_from_within(..);
            }
            bytes.len()
        };
        let end = outcome!(pool, double, 4 * LIMIT);
        ran_out(&pool, pid, end);
        let pid = worker(&pool);
        assert_eq!(outcome!(pool, double, LIMIT / 8), Ok(LIMIT / 8));
        lives_on(&pool, pid);
    });
}

/// Nothing was used before: nothing but the allocation itself tells what it died of.
#[test]
fn one_huge_allocation_ends_at_the_limit() {
    within(|| {
        let pool = limited();
        for size in [LIMIT + (1 << 20), 2 * LIMIT, 1 << 40] {
            let pid = worker(&pool);
            let end = outcome!(pool, |size: usize| black_box(vec![0_u8; size]).len(), size);
            ran_out(&pool, pid, end);
        }
    });
}

/// On another thread than the body's.
#[test]
fn a_thread_of_the_body_runs_out_too() {
    within(|| {
        let pool = limited();
        let pid = worker(&pool);
        let body = |size: usize| {
            let thread = std::thread::spawn(move || black_box(vec![1_u8; size]).len());
            thread.join().expect("it ends")
        };
        let end = outcome!(pool, body, 2 * LIMIT);
        ran_out(&pool, pid, end);
    });
}

#[test]
fn code_that_looks_is_told_and_lives_on() {
    within(|| {
        let pool = limited();
        let pid = worker(&pool);
        assert_eq!(outcome!(pool, reserve, 2 * LIMIT), Ok(false));
        assert_eq!(outcome!(pool, reserve, LIMIT / 2), Ok(true));
        let polite = |size: usize| Vec::<u8>::new().try_reserve(size).is_err();
        assert_eq!(outcome!(pool, polite, 2 * LIMIT), Ok(true));
        lives_on(&pool, pid);
    });
}

/// C code that does not look runs into nothing.
#[test]
fn code_that_does_not_look_ends_at_the_limit() {
    within(|| {
        let pool = limited();
        let pid = worker(&pool);
        let careless = |step: usize| {
            for _ in 0..2 * LIMIT / step {
                let _ = reserve(step);
                reserve_carelessly(step);
            }
        };
        let end = outcome!(pool, careless, 1 << 20);
        ran_out(&pool, pid, end);
    });
}

/// A call that dies of something else has not run out of memory, however much it holds.
#[test]
fn another_death_is_not_taken_for_it() {
    within(|| {
        let pool = limited();
        let body = |(part, fault): (usize, Fault)| {
            let _held = black_box(vec![1_u8; part]);
            fault.strike()
        };
        for part in [0, LIMIT / 2, LIMIT * 3 / 4] {
            for fault in Fault::ALL {
                let end = outcome!(pool, body, (part, fault)).map(|()| ());
                let is_right = matches!(&end, Err(Failure::Crashed { signal, code, .. })
                    if *signal == fault.signal() && *code == fault.code());
                assert!(is_right, "{part} {fault:?}: {end:?}");
            }
        }
    });
}

/// What an earlier call has left, and what the call is given, is not the call's.
#[test]
fn the_limit_counts_what_the_call_adds() {
    within(|| {
        let pool = limited();
        let pid = worker(&pool);
        for _ in 0..4 {
            assert_eq!(outcome!(pool, reserve, LIMIT / 2), Ok(true));
        }
        let given = outcome!(pool, |bytes: Vec<u8>| bytes.len(), vec![1; 2 * LIMIT]);
        assert_eq!(given, Ok(2 * LIMIT));
        lives_on(&pool, pid);
        // And is lifted between the calls: the program's own pool has none.
        let free = processes().workers(1).build();
        assert_eq!(outcome!(free, reserve, 4 * LIMIT), Ok(true));
    });
}

#[test]
fn a_call_on_the_programs_pool_can_have_its_own_limit() {
    within(|| {
        let call = task().process().memory(LIMIT as u64).catch();
        let end = Background::join(
            call.spawn_with(|size: usize| black_box(vec![1_u8; size]).len(), 2 * LIMIT),
        );
        assert!(matches!(end, Err(Failure::OutOfMemory { limit, .. }) if limit == LIMIT as u64));
    });
}
