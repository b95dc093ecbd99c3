//! What calls in worker processes do, and what becomes of them when their workers die.
#![allow(clippy::needless_pass_by_value, reason = "a body owns what it is given")]
#![allow(clippy::zombie_processes, reason = "what a body leaves behind is the point")]

mod combining;
mod crashes;
mod dying;
mod encoding;
mod ends;
mod memory;
mod nesting;
mod panics;
mod processor;
mod programs;
mod settings;
mod stopping;
mod stream_corners;
mod streams;
mod values;

use background::{Background, Failure, ProcessPool, processes, task};
use background_tests::processes::{Watched, is_gone};

/// A pool of one worker, which every call goes to.
fn one() -> ProcessPool {
    processes().workers(1).build()
}

/// The number of the pool's only worker, idle or not.
#[track_caller]
fn worker(pool: &ProcessPool) -> u32 {
    Background::join(task().on(pool.clone()).spawn_with(|()| std::process::id(), ()))
}

/// The pool's only worker. It has nothing to do.
#[track_caller]
fn watched(pool: &ProcessPool) -> Watched {
    Watched::new(worker(pool))
}

/// The pool serves the next call, in the process of that number.
#[track_caller]
fn lives_on(pool: &ProcessPool, pid: u32) {
    assert_eq!(worker(pool), pid, "the worker has been replaced");
}

/// The pool serves the next call, in another process, and nothing is left of the one of that number:
/// its parent has reaped it.
#[track_caller]
fn is_replaced(pool: &ProcessPool, pid: u32) {
    assert!(is_gone(pid), "the worker lives on");
    assert_ne!(worker(pool), pid, "the same worker again");
    let reaped = background_tests::processes::state(pid).is_none();
    assert!(reaped, "nobody has reaped process {pid}");
}

/// The number of the worker that a failure names.
#[track_caller]
fn worker_of(failure: &Failure) -> u32 {
    match failure {
        Failure::Crashed { worker, .. }
        | Failure::OutOfMemory { worker, .. }
        | Failure::CpuExceeded { worker, .. } => worker.pid(),
        _ => panic!("{failure:?} names no worker"),
    }
}

/// Waits until somebody ends this process.
fn wait_for_ever() -> ! {
    loop {
        std::thread::park();
    }
}
