//! `smol`.

use std::sync::LazyLock;
use std::thread;

use ::smol::{Executor, block_on, future};

use crate::{Body, Peer, cores};

/// `spawn` and `block_on`. smol's own executor has one thread unless the environment says otherwise;
/// this is the same one, with a thread for every core.
#[derive(Clone, Copy, Debug)]
pub struct Smol;

static EXECUTOR: LazyLock<&'static Executor<'static>> = LazyLock::new(|| {
    let executor: &'static Executor<'static> = Box::leak(Box::default());
    for _ in 0..cores() {
        thread::spawn(|| block_on(executor.run(future::pending::<()>())));
    }
    executor
});

impl Peer for Smol {
    const NAME: &'static str = "smol";

    fn each(tasks: u32, body: impl Body) -> u32 {
        (0..tasks).map(|n| block_on(EXECUTOR.spawn(async move { body(n) }))).sum()
    }

    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32 {
        let started: Vec<_> = (0..tasks).map(|n| EXECUTOR.spawn(async move { body(n) })).collect();
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
        let there = EXECUTOR.spawn(async move { body(0) });
        body(0) + block_on(there)
    }
}
