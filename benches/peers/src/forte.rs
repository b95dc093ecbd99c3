//! `forte`: tasks and joins, with a heartbeat that shares work.

use std::sync::LazyLock;

use ::forte::ThreadPool;

use crate::{Body, Peer};

/// `spawn` and `block_on` of one worker.
#[derive(Clone, Copy, Debug)]
pub struct Forte;

/// A pool with a thread for every core.
pub fn forte() -> &'static ThreadPool {
    static POOL: ThreadPool = ThreadPool::new();
    static POPULATED: LazyLock<usize> = LazyLock::new(|| POOL.resize_to_available());
    LazyLock::force(&POPULATED);
    &POOL
}

impl Peer for Forte {
    const NAME: &'static str = "forte";

    fn each(tasks: u32, body: impl Body) -> u32 {
        forte().with_worker(|worker| {
            (0..tasks).map(|n| worker.block_on(worker.spawn(async move { body(n) }))).sum()
        })
    }

    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32 {
        forte().with_worker(|worker| {
            let started: Vec<_> =
                (0..tasks).map(|n| worker.spawn(async move { body(n) })).collect();
            between();
            worker.block_on(async {
                let mut sum = 0;
                for task in started {
                    sum += task.await;
                }
                sum
            })
        })
    }

    fn beside(body: impl Body) -> u32 {
        forte().with_worker(|worker| {
            let there = worker.spawn(async move { body(0) });
            body(0) + worker.block_on(there)
        })
    }
}
