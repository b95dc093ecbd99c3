//! `blocking`: an elastic pool for async programs.

use ::blocking::unblock;
use futures_lite::future::block_on;

use crate::{Body, Peer};

/// `unblock` and `block_on`.
#[derive(Clone, Copy, Debug)]
pub struct Blocking;

impl Peer for Blocking {
    const NAME: &'static str = "blocking";

    fn each(tasks: u32, body: impl Body) -> u32 {
        (0..tasks).map(|n| block_on(unblock(move || body(n)))).sum()
    }

    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32 {
        let started: Vec<_> = (0..tasks).map(|n| unblock(move || body(n))).collect();
        between();
        block_on(async {
            let mut sum = 0;
            for task in started {
                sum += task.await;
            }
            sum
        })
    }

    fn beside(body: impl Body) -> u32 {
        let there = unblock(move || body(0));
        body(0) + block_on(there)
    }
}
