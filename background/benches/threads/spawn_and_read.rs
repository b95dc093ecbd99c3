//! A trivial task, read as soon as it is started.

use std::hint::black_box;
use std::sync::mpsc::sync_channel;
use std::thread;

use background::{Background, spawn};
use futures_lite::future::block_on;

use crate::harness::{Goal, Run};
use crate::peers::TOKIO;
#[cfg(background_forte)]
use crate::peers::forte;

const TASKS: u32 = 20;

/// Adds up what the tasks return.
fn each(task: impl Fn(u32) -> u32) -> u32 {
    (0..TASKS).map(|n| task(black_box(n))).sum()
}

pub(crate) fn bench(run: &Run) {
    let workload = run
        .workload("spawn a task and read it at once, per task", TASKS, (0..TASKS).sum())
        .contender("background", || each(|n| Background::join(spawn(move || n))))
        .contender("rayon spawn + channel", || {
            each(|n| {
                let (sender, receiver) = sync_channel(1);
                rayon::spawn(move || sender.send(n).expect("the receiver waits"));
                receiver.recv().expect("the task sends")
            })
        })
        .contender("tokio spawn", || {
            each(|n| {
                TOKIO.block_on(async { TOKIO.spawn(async move { n }).await.expect("a value") })
            })
        })
        .contender("tokio spawn_blocking", || {
            each(|n| {
                TOKIO.block_on(async { TOKIO.spawn_blocking(move || n).await.expect("a value") })
            })
        })
        .contender("blocking", || each(|n| block_on(blocking::unblock(move || n))))
        .contender("std thread", || each(|n| thread::spawn(move || n).join().expect("a value")));
    #[cfg(background_forte)]
    let workload = workload.contender("forte", || {
        forte().with_worker(|worker| each(|n| worker.block_on(worker.spawn(async move { n }))))
    });
    workload
        .goal(Goal::times(0.4, "forte"))
        .goal(Goal::times(0.01, "rayon spawn + channel"))
        .goal(Goal::times(0.01, "tokio spawn"))
        .finish();
}
