//! A task that is read as soon as it is started.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use background_harness::{Goal, Run, Workload};
#[cfg(feature = "forte")]
use background_peers::Forte;
use background_peers::{
    Background, Blocking, Crossbeam, Futures, Peer, Rayon, Smol, StdThread, ThreadPool, Timed,
    Tokio, TokioBlocking,
};

use crate::each;

/// Longer than any pool looks for work before it sleeps.
const ASLEEP: Duration = Duration::from_millis(10);

pub(crate) fn bench(run: &Run) {
    warm(run);
    asleep(run);
    first_use(run);
    handed_over(run);
}

fn warm(run: &Run) {
    let tasks = run.size(200, 20);
    let body = |n| black_box(n);
    let workload =
        run.workload("spawn a task and read it at once, per task", tasks, (0..tasks).sum());
    let workload = each::<Background>(workload, tasks, body);
    #[cfg(feature = "forte")]
    let workload = each::<Forte>(workload, tasks, body);
    let workload = each::<Smol>(workload, tasks, body);
    let workload = each::<Tokio>(workload, tasks, body);
    let workload = each::<TokioBlocking>(workload, tasks, body);
    let workload = each::<Rayon>(workload, tasks, body);
    let workload = each::<Blocking>(workload, tasks, body);
    let workload = each::<Futures>(workload, tasks, body);
    let workload = each::<ThreadPool>(workload, tasks, body);
    let workload = each::<Crossbeam>(workload, tasks, body);
    each::<StdThread>(workload, tasks, body)
        .goal(Goal::times(0.4, "forte"))
        .goal(Goal::times(0.01, "rayon spawn + channel"))
        .goal(Goal::times(0.01, "tokio spawn"))
        .finish();
}

/// Lets all threads fall asleep, then starts and reads a task, ten times.
fn after_a_pause<P: Peer>(workload: Workload<'_, u32>) -> Workload<'_, u32> {
    workload.clocked(P::NAME, || {
        let mut time = Duration::ZERO;
        let ones = (0..10).map(|_| {
            thread::sleep(ASLEEP);
            let start = Instant::now();
            let one = P::each(1, |n| black_box(n) + 1);
            time += start.elapsed();
            one
        });
        (ones.sum(), time)
    })
}

fn asleep(run: &Run) {
    let workload = run.workload("the same, the pool long asleep, per task", 10, 10);
    let workload = after_a_pause::<Background>(workload);
    #[cfg(feature = "forte")]
    let workload = after_a_pause::<Forte>(workload);
    let workload = after_a_pause::<Smol>(workload);
    let workload = after_a_pause::<Tokio>(workload);
    let workload = after_a_pause::<Rayon>(workload);
    let workload = after_a_pause::<Blocking>(workload);
    let workload = after_a_pause::<Crossbeam>(workload);
    after_a_pause::<StdThread>(workload).goal(Goal::times(0.6, "forte")).finish();
}

/// Threads are made, tables are filled.
fn first_use(run: &Run) {
    let body = |n| black_box(n) + 7;
    let workload = run.workload("the first task of a process, in total", 1, 7).cold();
    let workload = each::<Background>(workload, 1, body);
    #[cfg(feature = "forte")]
    let workload = each::<Forte>(workload, 1, body);
    let workload = each::<Smol>(workload, 1, body);
    let workload = each::<Tokio>(workload, 1, body);
    let workload = each::<Rayon>(workload, 1, body);
    let workload = each::<Blocking>(workload, 1, body);
    let workload = each::<Crossbeam>(workload, 1, body);
    each::<StdThread>(workload, 1, body).goal(Goal::within(Duration::from_micros(60))).finish();
}

/// A task with a time limit is not claimed, as its reader must be able to give up.
fn handed_over(run: &Run) {
    let tasks = run.size(200, 20);
    let body = |n| black_box(n);
    let title = "hand a task to another thread and read it, per task";
    let workload = run.workload(title, tasks, (0..tasks).sum());
    let workload = each::<Timed>(workload, tasks, body);
    let workload = each::<Crossbeam>(workload, tasks, body);
    let workload = each::<Rayon>(workload, tasks, body);
    let workload = each::<Tokio>(workload, tasks, body);
    each::<ThreadPool>(workload, tasks, body)
        .goal(Goal::times(1.1, "crossbeam channel + threads").of(Timed::NAME))
        .finish();
}
