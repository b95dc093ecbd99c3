//! The limit of processor time of a call.

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use background::{Background, Failure, ProcessPool, processes, task};
use background_tests::faults::ignore;
use background_tests::within;

use super::{is_replaced, lives_on, worker};

const LIMIT: Duration = Duration::from_millis(300);

fn limited() -> ProcessPool {
    processes().workers(1).cpu(LIMIT).build()
}

fn spin() -> ! {
    loop {
        black_box(0);
    }
}

#[track_caller]
fn has_used_it_up(pool: &ProcessPool, pid: u32, call: Background<u32, Failure>) {
    match Background::join(call) {
        Err(failure @ Failure::CpuExceeded { .. }) => {
            let Failure::CpuExceeded { worker, limit, .. } = &failure else { unreachable!() };
            assert_eq!((worker.pid(), *limit), (pid, LIMIT));
            let text = failure.to_string();
            for part in ["`spins`", file!(), "processor time", "300ms"] {
                assert!(text.contains(part), "`{part}` in `{text}`");
            }
        }
        other => panic!("it may not go on: {other:?}"),
    }
    is_replaced(pool, pid);
}

#[test]
fn a_body_that_computes_for_ever_is_ended() {
    within(|| {
        let pool = limited();
        let pid = worker(&pool);
        let call = task().on(pool.clone()).name("spins").catch();
        has_used_it_up(&pool, pid, call.spawn_with(|()| spin(), ()));
    });
}

/// Whoever runs, and whatever they do not want to hear.
#[test]
fn all_threads_count_and_no_signal_is_asked_for() {
    within(|| {
        let pool = limited();
        let pid = worker(&pool);
        let call = task().on(pool.clone()).name("spins").catch();
        let body = |threads: u32| -> u32 {
            for signal in 1..32 {
                ignore(signal);
            }
            for _ in 0..threads {
                thread::spawn(|| spin());
            }
            super::wait_for_ever()
        };
        has_used_it_up(&pool, pid, call.spawn_with(body, 4));
    });
}

#[test]
fn a_body_that_sleeps_is_not_charged() {
    within(|| {
        let pool = limited();
        let pid = worker(&pool);
        let call = task().on(pool.clone()).catch();
        let slept = call.spawn_with(
            |time: Duration| {
                let begin = std::time::Instant::now();
                while begin.elapsed() < time {
                    thread::park_timeout(time);
                }
                1
            },
            2 * LIMIT,
        );
        assert_eq!(Background::join(slept), Ok(1));
        // Nor is a call for what others have used before it.
        for _ in 0..4 {
            let call = task().on(pool.clone()).catch();
            let some = call.spawn_with(
                |time: Duration| {
                    let begin = std::time::Instant::now();
                    while begin.elapsed() < time {
                        black_box(0);
                    }
                },
                LIMIT / 3,
            );
            assert_eq!(Background::join(some), Ok(()));
        }
        lives_on(&pool, pid);
    });
}

#[test]
fn a_call_on_the_programs_pool_can_have_its_own_limit() {
    within(|| {
        let call = task().process().cpu(LIMIT).catch();
        let end = Background::join(call.spawn_with(|()| -> u32 { spin() }, ()));
        assert!(matches!(end, Err(Failure::CpuExceeded { limit, .. }) if limit == LIMIT));
    });
}
