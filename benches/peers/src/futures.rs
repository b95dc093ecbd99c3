//! The thread pool of `futures`.

use std::sync::LazyLock;

use ::futures::executor::{ThreadPool, block_on};
use ::futures::future::RemoteHandle;
use ::futures::task::SpawnExt;

use crate::{Body, Peer};

/// `spawn_with_handle` and `block_on`.
#[derive(Clone, Copy, Debug)]
pub struct Futures;

static POOL: LazyLock<ThreadPool> = LazyLock::new(|| ThreadPool::new().expect("threads"));

fn start(body: impl FnOnce() -> u32 + Send + 'static) -> RemoteHandle<u32> {
    POOL.spawn_with_handle(async move { body() }).expect("the pool takes tasks")
}

impl Peer for Futures {
    const NAME: &'static str = "futures ThreadPool";

    fn each(tasks: u32, body: impl Body) -> u32 {
        (0..tasks).map(|n| block_on(start(move || body(n)))).sum()
    }

    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32 {
        let started: Vec<_> = (0..tasks).map(|n| start(move || body(n))).collect();
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
        let there = start(move || body(0));
        body(0) + block_on(there)
    }
}
