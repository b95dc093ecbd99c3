//! A thread for every task.

use std::thread;

use crate::{Body, Peer};

/// `std::thread::spawn` and `join`.
#[derive(Clone, Copy, Debug)]
pub struct StdThread;

impl Peer for StdThread {
    const NAME: &'static str = "std thread";

    fn each(tasks: u32, body: impl Body) -> u32 {
        (0..tasks).map(|n| thread::spawn(move || body(n)).join().expect("a value")).sum()
    }

    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32 {
        let started: Vec<_> = (0..tasks).map(|n| thread::spawn(move || body(n))).collect();
        between();
        started.into_iter().map(|it| it.join().expect("a value")).sum()
    }

    fn beside(body: impl Body) -> u32 {
        let there = thread::spawn(move || body(0));
        body(0) + there.join().expect("a value")
    }
}
