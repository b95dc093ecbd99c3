//! The library itself.

use std::time::Duration;

use ::background::{Background as Future, spawn, task};

use crate::{Body, Peer};

/// `spawn` and a touch.
#[derive(Clone, Copy, Debug)]
pub struct Background;

impl Peer for Background {
    const NAME: &'static str = "background";

    fn each(tasks: u32, body: impl Body) -> u32 {
        (0..tasks).map(|n| Future::join(spawn(move || body(n)))).sum()
    }

    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32 {
        let futures: Vec<_> = (0..tasks).map(|n| spawn(move || body(n))).collect();
        between();
        futures.into_iter().map(Future::join).sum()
    }

    fn beside(body: impl Body) -> u32 {
        let there = spawn(move || body(0));
        body(0) + there
    }
}

/// The same with a time limit, so that a task is always handed to another thread.
#[derive(Clone, Copy, Debug)]
pub struct Timed;

/// Long enough for everything, so that no task meets it.
const LIMIT: Duration = Duration::from_secs(600);

impl Peer for Timed {
    const NAME: &'static str = "background, with a time limit";

    fn each(tasks: u32, body: impl Body) -> u32 {
        let one = |n| task().timeout(LIMIT).spawn(move || body(n));
        (0..tasks).map(|n| Future::join(one(n)).expect("in time")).sum()
    }

    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32 {
        let one = |n| task().timeout(LIMIT).spawn(move || body(n));
        let futures: Vec<_> = (0..tasks).map(one).collect();
        between();
        futures.into_iter().map(|it| Future::join(it).expect("in time")).sum()
    }

    fn beside(body: impl Body) -> u32 {
        let there = task().timeout(LIMIT).spawn(move || body(0));
        body(0) + Future::join(there).expect("in time")
    }
}
