//! Many tasks, started and then read.

use background_harness::{Goal, Run, Workload};
#[cfg(feature = "forte")]
use background_peers::Forte;
use background_peers::{
    Background, Blocking, Crossbeam, Futures, Peer, Rayon, RayonScope, Smol, StdThread, ThreadPool,
    Tokio, TokioBlocking,
};

use crate::memory;

pub(crate) fn bench(run: &Run) {
    ten_thousand(run);
    a_million(run);
}

fn add<P: Peer>(workload: Workload<'_, u32>, tasks: u32) -> Workload<'_, u32> {
    workload.contender(P::NAME, move || memory::all::<P>(tasks, |n| n & 1))
}

fn ten_thousand(run: &Run) {
    let tasks = run.size(10_000, 100);
    let title = "spawn 10,000 tasks, then read all, per task";
    let workload = run.workload(title, tasks, tasks / 2);
    let workload = add::<Background>(workload, tasks);
    #[cfg(feature = "forte")]
    let workload = add::<Forte>(workload, tasks);
    let workload = add::<RayonScope>(workload, tasks);
    let workload = add::<Rayon>(workload, tasks);
    let workload = add::<Smol>(workload, tasks);
    let workload = add::<Tokio>(workload, tasks);
    let workload = add::<TokioBlocking>(workload, tasks);
    let workload = add::<Blocking>(workload, tasks);
    let workload = add::<Futures>(workload, tasks);
    let workload = add::<ThreadPool>(workload, tasks);
    let workload = add::<Crossbeam>(workload, tasks);
    add::<StdThread>(workload, tasks).goal(Goal::times(0.3, "rayon scope")).finish();
}

/// Only peers that take less than some microseconds a task.
fn a_million(run: &Run) {
    let tasks = run.size(1_000_000, 1_000);
    let title = "spawn 1,000,000 tasks, then read all, per task";
    let workload = run.workload(title, tasks, tasks / 2).with_notes();
    let workload = add::<Background>(workload, tasks);
    #[cfg(feature = "forte")]
    let workload = add::<Forte>(workload, tasks);
    let workload = add::<RayonScope>(workload, tasks);
    let workload = add::<Rayon>(workload, tasks);
    let workload = add::<Smol>(workload, tasks);
    let workload = add::<Tokio>(workload, tasks);
    add::<Crossbeam>(workload, tasks)
        .goal(Goal::times(0.25, "rayon scope"))
        .goal(Goal::noted("B a task", 200.0))
        .goal(Goal::noted("MiB more when done again", 16.0))
        .finish();
}
