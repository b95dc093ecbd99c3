//! What is left when calls have failed.

use std::process::Command;
use std::thread;
use std::time::Duration;

use background::{Background, Failure, ProcessPool, processes, task};
use background_tests::faults::{Fault, fork_and_wait, ignore};
use background_tests::processes::{children, descriptors, is_gone, threads};
use background_tests::until;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

fn serves(pool: &ProcessPool) -> u32 {
    *task().on(pool.clone()).spawn_with(|()| std::process::id(), ())
}

/// After every kind of failure there are as many descriptors, threads and children as before.
pub(crate) fn faults() {
    let own = std::process::id();
    // Whatever is made once is made now.
    let first = processes().workers(1).build();
    let _ = task().on(first.clone()).timeout(Duration::ZERO).spawn_with(|()| (), ());
    let _ = task().on(first.clone()).timeout(Duration::from_secs(60)).spawn_with(|()| (), ());
    let _ = serves(&first);
    drop(first);
    until("nobody is left", || children(own).is_empty());
    until("its keeper has left", || threads(own) <= 2);
    let before = descriptors();

    let pool = processes().workers(1).build();
    let _ = serves(&pool);
    let with_one = descriptors();
    let call = || task().on(pool.clone()).catch();
    for round in 0..3 {
        for fault in Fault::ALL {
            let future = call().spawn_with(|fault: Fault| -> u32 { fault.strike() }, fault);
            assert!(Background::join(future).is_err_and(|it| it.is_crash()), "{fault:?}");
        }
        let panics = call().spawn_with(|()| -> u32 { panic!("on purpose") }, ());
        assert!(Background::join(panics).is_err_and(|it| it.is_panic()));
        let hang = |()| -> u32 {
            let _ = fork_and_wait();
            let _ = Command::new("sleep").arg("1000").spawn();
            loop {
                thread::park();
            }
        };
        let late = call().timeout(Duration::from_millis(100)).spawn_with(hang, ());
        assert!(Background::join(late).is_err_and(|it| it.is_timeout()));
        let hungry = processes().workers(1).memory(16 << 20).build();
        let eat = task().on(hungry).catch().spawn_with(|()| vec![1_u8; 32 << 20].len(), ());
        let eaten = Background::join(eat);
        assert!(matches!(eaten, Err(Failure::OutOfMemory { .. })), "{eaten:?}");
        let greedy = processes().workers(1).cpu(Duration::from_millis(50)).build();
        let spin = task().on(greedy).catch().spawn_with(|()| -> u32 { spin() }, ());
        assert!(Background::join(spin).is_err_and(|it| it.is_cpu_exceeded()));
        let large = vec![7_u8; 3 << 20];
        let back = call().spawn_with(|bytes: Vec<u8>| bytes, large.clone());
        assert_eq!(Background::join(back), Ok(large));
        let pid = serves(&pool);
        until("nobody else is left", || children(own) == [pid]);
        until("the other keepers have left", || descriptors() == with_one);
        assert_eq!(pool.workers(), 1, "round {round}");
    }
    drop(pool);
    until("nobody is left", || children(own).is_empty());
    until("its keeper has left", || descriptors() == before);
}

fn spin() -> ! {
    loop {
        std::hint::spin_loop();
    }
}

/// A program that has its children's ends ignored is not told how they end, but that they do.
pub(crate) fn children_ignored() {
    const SIGCHLD: i32 = 17;
    ignore(SIGCHLD);
    let pool = processes().workers(2).build();
    let call = || task().on(pool.clone()).catch();
    for fault in Fault::ALL {
        let pid = serves(&pool);
        let broken = call().spawn_with(|fault: Fault| -> u32 { fault.strike() }, fault);
        match Background::join(broken) {
            Err(failure @ Failure::Crashed { signal: None, code: None, .. }) => {
                let text = failure.to_string();
                assert!(text.contains("its status is unknown"), "{text}");
            }
            other => panic!("{other:?}"),
        }
        assert!(is_gone(pid));
    }
    let late = call().timeout(Duration::from_millis(100));
    let late = late.spawn_with(
        |()| -> u32 {
            loop {
                thread::park();
            }
        },
        (),
    );
    assert!(Background::join(late).is_err_and(|it| it.is_timeout()));
    let _ = serves(&pool);
    drop(pool);
    until("nobody is left", || children(std::process::id()).is_empty());
}

/// When there can be no more descriptors, calls are rejected, nothing is left behind, and later calls
/// are served.
pub(crate) fn no_descriptors() {
    let own = std::process::id();
    let call = |pool: &ProcessPool| {
        let call = task().on(pool.clone()).catch();
        Background::join(call.spawn_with(|()| std::process::id(), ()))
    };
    assert!(call(&processes().workers(1).build()).is_ok());
    until("nobody is left", || children(own).is_empty());
    until("its keeper has left", || threads(own) == 1);
    let before = descriptors();
    let limit = getrlimit(Resource::Nofile);
    let mut served = 0;
    for most in before as u64 - 1..before as u64 + 16 {
        let pool = processes().workers(1).build();
        let short = Rlimit { current: Some(most), maximum: limit.maximum };
        setrlimit(Resource::Nofile, short).expect("it can be lowered");
        let outcome = call(&pool);
        setrlimit(Resource::Nofile, limit).expect("and lifted");
        match outcome {
            Ok(_) => served += 1,
            Err(Failure::Rejected { reason, .. }) => {
                assert_eq!(served, 0, "more were enough, {most}: {reason}");
                assert!(call(&pool).is_ok(), "it has not recovered");
            }
            Err(other) => panic!("{most}: {other:?}"),
        }
        drop(pool);
        until("nobody is left", || children(own).is_empty());
        until("its keeper has left", || descriptors() == before);
    }
    assert!(served > 0, "never enough");
}
