//! What the calls do, and the pools that they go to.

use std::thread;
use std::time::Duration;

use background::{ProcessPool, processes, task};
use rustix::process::{Signal, getpid, kill_process};

/// What large arguments are filled with.
pub(super) const FILL: u8 = 7;

pub(super) fn bump(number: u64) -> u64 {
    number + 1
}

pub(super) fn bump_bytes(mut data: Vec<u8>) -> Vec<u8> {
    data[0] += 1;
    data
}

pub(super) fn echo(data: Vec<u8>) -> Vec<u8> {
    data
}

pub(super) fn pid(_: u64) -> u64 {
    u64::from(std::process::id())
}

/// Dies of something that no process can prevent.
pub(super) fn die(_: u64) -> u64 {
    let _ = kill_process(getpid(), Signal::KILL);
    stick(0)
}

pub(super) fn stick(_: u64) -> u64 {
    thread::sleep(Duration::from_secs(600));
    0
}

/// So many warm workers of the library.
pub(super) fn workers(workers: usize) -> ProcessPool {
    let pool = processes().workers(workers).build();
    let futures: Vec<_> =
        (0..10 * workers as u64).map(|n| task().on(pool.clone()).spawn_with(bump, n)).collect();
    let sum: u64 = futures.into_iter().map(background::Background::join).sum();
    assert_eq!(sum, bumped(10 * workers as u64));
    pool
}

/// So many warm workers of procspawn.
pub(super) fn procspawn_workers(workers: usize) -> procspawn::Pool {
    let pool = procspawn::Pool::new(workers).expect("processes are to be had");
    let handles: Vec<_> = (0..10 * workers as u64).map(|n| pool.spawn(n, bump)).collect();
    let sum: u64 = handles.into_iter().map(|it| it.join().expect("a value")).sum();
    assert_eq!(sum, bumped(10 * workers as u64));
    pool
}

/// What the numbers below this one come to when each of them is bumped.
pub(super) fn bumped(numbers: u64) -> u64 {
    (0..numbers).map(bump).sum()
}

/// How long the data is, if nothing has happened to it.
pub(super) fn intact(data: &[u8]) -> u64 {
    if data.iter().all(|it| *it == FILL) { data.len() as u64 } else { 0 }
}
