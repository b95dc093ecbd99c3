//! Workers that die of what their bodies do, or of what others do to them.

use background::{Background, Failure, ProcessPool, task};
use background_tests::faults::{Fault, close_all, fork_and_wait};
use background_tests::processes::{Watched, is_gone, signal};
use background_tests::{Note, until, within};
use rustix::process::Signal;

use super::{is_replaced, one, wait_for_ever, watched, worker, worker_of};

fn crash(pool: &ProcessPool, fault: Fault) -> Failure {
    let call = task().on(pool.clone()).name("strikes").catch();
    let strike = |fault: Fault| -> u8 { fault.strike() };
    Background::join(call.spawn_with(strike, fault)).expect_err("it has crashed")
}

#[test]
fn every_fault_fails_its_call_alone() {
    within(|| {
        for fault in Fault::ALL {
            let pool = one();
            let pid = worker(&pool);
            let failure = crash(&pool, fault);
            let Failure::Crashed { worker, signal, code, note, .. } = &failure else {
                panic!("{fault:?}: {failure:?}");
            };
            assert_eq!((*signal, *code), (fault.signal(), fault.code()), "{failure}");
            assert_eq!(worker.pid(), pid);
            assert_eq!(worker.call().name(), "strikes");
            let note = note.as_deref();
            match fault {
                Fault::Overflow => assert!(note.is_some_and(|it| it.starts_with("stack overflow"))),
                Fault::Segv => assert_eq!(note, Some("invalid access to memory (at 0x8)")),
                Fault::Bus => assert!(note.is_some_and(|it| it.starts_with("invalid access"))),
                _ => assert_eq!(note, None),
            }
            is_replaced(&pool, pid);
        }
    });
}

#[test]
fn a_crash_says_who_where_and_how() {
    within(|| {
        let text = |fault| crash(&one(), fault).to_string();
        let segv = text(Fault::Segv);
        for part in ["`strikes`", file!(), "crashed: worker process ", "SIGSEGV", "at 0x8"] {
            assert!(segv.contains(part), "`{part}` in `{segv}`");
        }
        assert!(text(Fault::Exit(3)).ends_with("ended itself with code 3"));
        assert!(text(Fault::Overflow).contains("stack overflow"));
    });
}

/// Of many calls on one pool, the broken ones alone fail.
#[test]
fn the_neighbours_of_a_crash_have_their_values() {
    within(|| {
        let pool = background::processes().workers(3).build();
        let calls: Vec<_> = (0..90_u32)
            .map(|n| {
                let call = task().on(pool.clone()).catch();
                call.spawn_with(
                    |n: u32| if n % 10 == 3 { Fault::ALL[n as usize / 10].strike() } else { n },
                    n,
                )
            })
            .collect();
        for (n, call) in (0..).zip(calls) {
            match Background::join(call) {
                Ok(value) => assert!(value == n && n % 10 != 3, "{n}: {value}"),
                Err(failure) => assert!(failure.is_crash() && n % 10 == 3, "{n}: {failure:?}"),
            }
        }
    });
}

/// A worker that dies while it has nothing to do costs nobody a call.
#[test]
fn an_idle_worker_that_is_killed_is_replaced() {
    within(|| {
        let pool = one();
        for fatal in [Signal::TERM, Signal::KILL, Signal::SEGV, Signal::INT] {
            let idle = watched(&pool);
            idle.signal(fatal);
            // At once: the call may meet the worker dying, dead, or replaced.
            assert_ne!(worker(&pool), idle.pid);
            idle.wait();
            let idle = watched(&pool);
            idle.signal(fatal);
            idle.wait();
            until("the pool has seen it", || pool.workers() == 0);
            is_replaced(&pool, idle.pid);
        }
    });
}

#[test]
fn a_busy_worker_that_is_killed_fails_its_call_alone() {
    within(|| {
        let pool = one();
        for fatal in [Signal::TERM, Signal::KILL] {
            let note = Note::new();
            let call = task().on(pool.clone()).catch();
            let call = call.spawn_with(
                |at: String| -> u32 {
                    Note::leave(&at, std::process::id());
                    wait_for_ever()
                },
                note.at("pid"),
            );
            let queued = task().on(pool.clone()).spawn_with(|()| 7, ());
            let pid = note.wait_for_number("pid");
            signal(pid, fatal);
            let failure = Background::join(call).expect_err("it was killed");
            let Failure::Crashed { signal, note, .. } = &failure else { panic!("{failure:?}") };
            assert_eq!(*signal, Some(fatal.as_raw()));
            assert_eq!(*note, None, "nobody knows more");
            assert_eq!(worker_of(&failure), pid);
            assert_eq!(queued, 7);
            is_replaced(&pool, pid);
        }
    });
}

/// A signal that was sent is not taken for an access to memory.
#[test]
fn a_fault_from_outside_has_no_address() {
    within(|| {
        let failure = crash(&one(), Fault::Signal(Signal::SEGV.as_raw()));
        let Failure::Crashed { signal, note, .. } = &failure else { panic!("{failure:?}") };
        assert_eq!((*signal, note.as_deref()), (Some(Signal::SEGV.as_raw()), None));
    });
}

/// A grandchild holds every descriptor of the worker, and lives on when the worker dies: the end of
/// the worker is seen all the same, and that of the grandchild is seen to.
#[test]
fn a_grandchild_holds_nothing_up() {
    within(|| {
        for fault in [Fault::Exit(0), Fault::Segv] {
            let pool = one();
            let note = Note::new();
            let pid = worker(&pool);
            let call = task().on(pool.clone()).catch();
            let call = call.spawn_with(
                |(at, fault): (String, Fault)| -> u32 {
                    Note::leave(&at, fork_and_wait());
                    fault.strike()
                },
                (note.at("grandchild"), fault),
            );
            let failure = Background::join(call).expect_err("it has crashed");
            assert!(failure.is_crash(), "{failure:?}");
            let grandchild = note.wait_for_number("grandchild");
            assert!(is_gone(grandchild), "{fault:?}: the grandchild lives on");
            is_replaced(&pool, pid);
        }
    });
}

/// A grandchild of a call that has ended as it should is nobody's business, until the worker ends.
#[test]
fn a_grandchild_lives_as_long_as_its_worker() {
    within(|| {
        let pool = one();
        let fork = |()| fork_and_wait();
        let grandchild = Background::join(task().on(pool.clone()).spawn_with(fork, ()));
        let grandchild = Watched::new(grandchild);
        let idle = watched(&pool);
        assert!(!grandchild.is_dead());
        drop(pool);
        idle.wait();
        grandchild.wait();
    });
}

/// What a body does to descriptors that are not its own harms its worker at most.
#[test]
fn a_body_that_closes_every_descriptor_fails_alone() {
    within(|| {
        let pool = one();
        let close = |size: usize| -> Vec<u8> {
            close_all();
            vec![1; size]
        };
        for size in [1, 4 << 20] {
            let pid = worker(&pool);
            let call = task().on(pool.clone()).catch();
            match Background::join(call.spawn_with(close, size)) {
                Ok(value) => assert_eq!(value, vec![1; size]),
                Err(failure) => assert!(failure.is_crash(), "{failure:?}"),
            }
            until("the worker leaves", || is_gone(pid));
            is_replaced(&pool, pid);
        }
    });
}
