//! `tokio`.

use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use crate::{Body, Peer};

/// The runtime, with as many workers as cores.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: LazyLock<Runtime> =
        LazyLock::new(|| Builder::new_multi_thread().enable_time().build().expect("a runtime"));
    &RUNTIME
}

/// Reads all, in the order in which they were started.
fn read(started: Vec<JoinHandle<u32>>) -> u32 {
    runtime().block_on(async {
        let mut sum = 0;
        for task in started {
            sum += task.await.expect("a value");
        }
        sum
    })
}

/// `spawn`.
#[derive(Clone, Copy, Debug)]
pub struct Tokio;

impl Peer for Tokio {
    const NAME: &'static str = "tokio spawn";

    fn each(tasks: u32, body: impl Body) -> u32 {
        (0..tasks).map(|n| read(vec![runtime().spawn(async move { body(n) })])).sum()
    }

    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32 {
        let started = (0..tasks).map(|n| runtime().spawn(async move { body(n) })).collect();
        between();
        read(started)
    }

    fn beside(body: impl Body) -> u32 {
        let there = runtime().spawn(async move { body(0) });
        body(0) + read(vec![there])
    }
}

/// `spawn_blocking`.
#[derive(Clone, Copy, Debug)]
pub struct TokioBlocking;

impl Peer for TokioBlocking {
    const NAME: &'static str = "tokio spawn_blocking";

    fn each(tasks: u32, body: impl Body) -> u32 {
        (0..tasks).map(|n| read(vec![runtime().spawn_blocking(move || body(n))])).sum()
    }

    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32 {
        let started = (0..tasks).map(|n| runtime().spawn_blocking(move || body(n))).collect();
        between();
        read(started)
    }

    fn beside(body: impl Body) -> u32 {
        let there = runtime().spawn_blocking(move || body(0));
        body(0) + read(vec![there])
    }
}
