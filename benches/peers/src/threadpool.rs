//! `threadpool`.

use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::{Body, Peer, cores};

/// `execute`, and a channel back.
#[derive(Clone, Copy, Debug)]
pub struct ThreadPool;

// The lock costs its owner 20 ns where nobody else wants it; the pool has one of its own.
static POOL: LazyLock<Mutex<threadpool::ThreadPool>> =
    LazyLock::new(|| Mutex::new(threadpool::ThreadPool::new(cores())));

fn start(body: impl FnOnce() -> u32 + Send + 'static) -> Receiver<u32> {
    let (sender, receiver) = sync_channel(1);
    let closure = move || sender.send(body()).expect("the receiver waits");
    POOL.lock().unwrap_or_else(PoisonError::into_inner).execute(closure);
    receiver
}

impl Peer for ThreadPool {
    const NAME: &'static str = "threadpool + channel";

    fn each(tasks: u32, body: impl Body) -> u32 {
        (0..tasks).map(|n| start(move || body(n)).recv().expect("the task sends")).sum()
    }

    fn all_with(tasks: u32, body: impl Body, between: impl FnOnce() + Send) -> u32 {
        let started: Vec<_> = (0..tasks).map(|n| start(move || body(n))).collect();
        between();
        started.into_iter().map(|it| it.recv().expect("the task sends")).sum()
    }

    fn beside(body: impl Body) -> u32 {
        let there = start(move || body(0));
        body(0) + there.recv().expect("the task sends")
    }
}
