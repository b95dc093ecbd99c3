//! Workers that leave: because they have nothing to do, have served enough, or are not needed.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use background::{Background, processes, task};
use background_tests::faults::at_exit;
use background_tests::processes::{Watched, is_gone};
use background_tests::{Note, PATIENCE, until, within};

use super::{one, wait_for_ever, watched, worker};

static PLACE: std::sync::OnceLock<String> = std::sync::OnceLock::new();

extern "C" fn leave_a_note() {
    if let Some(place) = PLACE.get() {
        Note::leave(place, "left in good order");
    }
}

/// Has this process leave a note when it ends itself.
fn promise_a_note(at: String) -> u32 {
    PLACE.set(at).expect("once");
    at_exit(leave_a_note);
    std::process::id()
}

#[test]
fn workers_leave_in_good_order_when_their_pool_is_dropped() {
    within(|| {
        let pool = one();
        let note = Note::new();
        let promised = task().on(pool.clone()).spawn_with(promise_a_note, note.at("exit"));
        let worker = Watched::new(*promised);
        drop(pool);
        worker.wait();
        assert_eq!(note.wait("exit"), "left in good order");
        until("it is reaped", || background_tests::processes::state(worker.pid).is_none());
    });
}

#[test]
fn what_is_queued_runs_after_the_pool_was_dropped() {
    within(|| {
        let pool = processes().workers(2).build();
        let calls: Vec<_> =
            (0..50_u32).map(|n| task().on(pool.clone()).spawn_with(|n: u32| n * n, n)).collect();
        drop(pool);
        for (n, call) in (0..).zip(calls) {
            assert_eq!(Background::join(call), n * n);
        }
    });
}

#[test]
fn idle_workers_leave() {
    within(|| {
        let pool = processes().workers(1).idle(Duration::from_millis(50)).build();
        let note = Note::new();
        let promised = task().on(pool.clone()).spawn_with(promise_a_note, note.at("exit"));
        let pid = *promised;
        assert_eq!(note.wait("exit"), "left in good order");
        until("it is gone", || pool.workers() == 0 && is_gone(pid));
        assert_ne!(worker(&pool), pid);
    });
}

#[test]
fn workers_that_have_served_enough_leave() {
    within(|| {
        let pool = processes().workers(1).max_calls(3).build();
        let note = Note::new();
        let first = *task().on(pool.clone()).spawn_with(promise_a_note, note.at("exit"));
        let pids: Vec<u32> = (1..9).map(|_| worker(&pool)).collect();
        assert_eq!(pids[..2], [first; 2]);
        assert!(pids[2..5].iter().all(|pid| *pid == pids[2] && *pid != first), "{pids:?}");
        assert!(pids[5..8].iter().all(|pid| *pid == pids[5] && *pid != pids[2]), "{pids:?}");
        assert_eq!(note.wait("exit"), "left in good order");
        until("it is gone", || is_gone(first));
        // The fewer calls of two say it.
        let call = task().process().max_calls(1);
        let pid = *call.spawn_with(|()| std::process::id(), ());
        until("it is gone", || is_gone(pid));
    });
}

/// Calls that wait do not notice that one worker leaves and the next comes.
#[test]
fn replaced_workers_lose_no_call() {
    within(|| {
        let pool = processes().workers(2).max_calls(2).build();
        let calls: Vec<_> =
            (0..40_u32).map(|n| task().on(pool.clone()).spawn_with(|n: u32| n, n)).collect();
        for (n, call) in (0..).zip(calls) {
            assert_eq!(Background::join(call), n);
        }
    });
}

/// Workers leave for want of work just when there is some: nothing is lost and nothing is run twice.
#[test]
fn calls_that_come_when_workers_leave_are_served() {
    within(|| {
        let pool = processes().workers(2).idle(Duration::from_millis(2)).build();
        let note = Note::new();
        let (mut pids, mut round) = (std::collections::HashSet::new(), 0_u32);
        while round < 200 || pids.len() < 20 {
            let run = |(at, round): (String, u32)| {
                let new = std::fs::File::create_new(at).is_ok();
                (std::process::id(), round, new)
            };
            let calls: Vec<_> = (0..3)
                .map(|n| {
                    let at = note.at(&format!("{round}-{n}"));
                    task().on(pool.clone()).spawn_with(run, (at, round))
                })
                .collect();
            for call in calls {
                let (pid, back, new) = Background::join(call);
                assert_eq!((back, new), (round, true));
                pids.insert(pid);
            }
            // About as long as a worker has patience.
            let end =
                std::time::Instant::now() + Duration::from_micros(u64::from(round) * 37 % 5000);
            while std::time::Instant::now() < end {
                thread::yield_now();
            }
            round += 1;
        }
    });
}

/// A pool whose calls have crashed, cannot travel or are queued is dropped at once: all end.
#[test]
fn a_pool_dropped_in_the_middle_of_trouble_ends() {
    use background_tests::faults::Fault;
    within(|| {
        for fault in [Fault::Segv, Fault::Exit(0), Fault::Signal(9)] {
            let pool = processes().workers(1).build();
            let call = || task().on(pool.clone()).catch();
            let broken: Vec<_> = (0..5)
                .map(|_| {
                    let data = (fault, vec![1_u8; 1 << 20]);
                    call().spawn_with(|(fault, _): (Fault, Vec<u8>)| -> u8 { fault.strike() }, data)
                })
                .collect();
            let sound: Vec<_> = (0..5)
                .map(|n| call().spawn_with(|data: Vec<u8>| data.len(), vec![1; (1 << 20) + n]))
                .collect();
            drop(pool);
            for future in broken {
                assert!(Background::join(future).is_err_and(|it| it.is_crash()));
            }
            for (n, future) in sound.into_iter().enumerate() {
                assert_eq!(Background::join(future), Ok((1 << 20) + n));
            }
        }
    });
}

/// An exit handler that never ends is not waited for, and holds nobody up.
#[test]
fn a_worker_that_does_not_leave_is_killed() {
    extern "C" fn hang() {
        wait_for_ever()
    }
    within(|| {
        let pool = one();
        let call = task().on(pool.clone());
        let stuck = call.spawn_with(
            |()| {
                at_exit(hang);
                std::process::id()
            },
            (),
        );
        let stuck = Watched::new(*stuck);
        drop(pool);
        stuck.wait();
    });
}

/// The system can tell a process when the thread that has started it ends. Nobody asks it to.
#[test]
fn the_thread_that_started_a_worker_may_end() {
    within(|| {
        let pool = one();
        let own = pool.clone();
        let pid = thread::spawn(move || worker(&own)).join().expect("it ends");
        let idle = Watched::new(pid);
        for _ in 0..20 {
            let own = pool.clone();
            let again = thread::spawn(move || worker(&own)).join().expect("it ends");
            assert_eq!(again, pid);
        }
        assert!(!idle.is_dead());
        assert!(!idle.dies_within(Duration::from_millis(100)));
    });
}

/// The worker's other threads go on between calls, and end with it.
#[test]
fn threads_of_a_body_live_as_long_as_the_worker() {
    static ROUNDS: AtomicU32 = AtomicU32::new(0);
    within(|| {
        let pool = one();
        let begin = |()| {
            thread::spawn(|| {
                loop {
                    ROUNDS.fetch_add(1, Ordering::SeqCst);
                    thread::yield_now();
                }
            });
        };
        Background::join(task().on(pool.clone()).spawn_with(begin, ()));
        let rounds = |()| ROUNDS.load(Ordering::SeqCst);
        let ask = || *task().on(pool.clone()).spawn_with(rounds, ());
        let before = ask();
        until("it goes on", || ask() > before);
        assert_eq!(ROUNDS.load(Ordering::SeqCst), 0, "that is another process's");
        let idle = watched(&pool);
        drop(pool);
        assert!(idle.dies_within(PATIENCE));
    });
}
