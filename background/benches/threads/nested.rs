//! A task that waits for a task that waits for a task …

use std::thread;

use background::{Background, spawn};
use futures_lite::future::block_on;

use crate::harness::Run;
use crate::peers::TOKIO;
#[cfg(background_forte)]
use crate::peers::forte;
use crate::within;

const LEVELS: u32 = 64;

fn background(levels: u32) -> u32 {
    if levels == 0 {
        return 0;
    }
    Background::join(spawn(move || background(levels - 1))) + 1
}

fn spawn_blocking(levels: u32) -> u32 {
    if levels == 0 {
        return 0;
    }
    let below = TOKIO.spawn_blocking(move || spawn_blocking(levels - 1));
    TOKIO.block_on(below).expect("a value") + 1
}

fn unblock(levels: u32) -> u32 {
    if levels == 0 {
        return 0;
    }
    block_on(blocking::unblock(move || unblock(levels - 1))) + 1
}

fn threads(levels: u32) -> u32 {
    if levels == 0 {
        return 0;
    }
    let below = thread::spawn(move || threads(levels - 1));
    below.join().expect("a value") + 1
}

#[cfg(background_forte)]
fn by_forte(levels: u32) -> u32 {
    if levels == 0 {
        return 0;
    }
    forte().with_worker(|worker| worker.block_on(worker.spawn(async move { by_forte(levels - 1) })))
        + 1
}

/// rayon's spawn and tokio's are not here: with fewer threads than levels they wait for ever, or
/// panic.
pub(crate) fn bench(run: &Run) {
    let workload = run
        .workload("64 nested tasks that wait, in total", 1, LEVELS)
        .contender("background", || background(LEVELS))
        .contender("tokio spawn_blocking", || spawn_blocking(LEVELS))
        .contender("blocking", || unblock(LEVELS))
        .contender("std threads", || threads(LEVELS));
    #[cfg(background_forte)]
    let workload = workload.contender("forte", || by_forte(LEVELS));
    workload.goal(within(40e3)).finish();
}
