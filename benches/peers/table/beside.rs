//! The caller goes on working beside one task: both take as long, so it could cost nothing.

use std::thread;
use std::time::{Duration, Instant};

use background_harness::{Goal, Run, Workload};
#[cfg(feature = "forte")]
use background_peers::Forte;
use background_peers::{
    Background, Blocking, Crossbeam, Futures, MICROSECOND, Peer, Rayon, RayonScope, Smol,
    StdThread, ThreadPool, Tokio, TokioBlocking, work,
};

/// How many pairs of work are done for one sample.
const PAIRS: u32 = 20;

/// Longer than any pool looks for work before it sleeps.
const ASLEEP: Duration = Duration::from_millis(5);

pub(crate) fn bench(run: &Run) {
    beside::<false>(run, "90 µs beside a task of 90 µs, the pool awake, in total");
    beside::<true>(run, "90 µs beside a task of 90 µs, the pool asleep, in total");
}

fn body(n: u32) -> u32 {
    work(90 * MICROSECOND, n)
}

fn repeat<const COLD: bool>(mut pair: impl FnMut() -> u32) -> (u32, Duration) {
    let mut time = Duration::ZERO;
    let results = (0..PAIRS).map(|_| {
        if COLD {
            thread::sleep(ASLEEP);
        }
        let start = Instant::now();
        let result = pair();
        time += start.elapsed();
        result
    });
    (results.sum(), time)
}

fn add<P: Peer, const COLD: bool>(workload: Workload<'_, u32>) -> Workload<'_, u32> {
    workload.clocked(P::NAME, || repeat::<COLD>(|| P::beside(body)))
}

fn beside<const COLD: bool>(run: &Run, title: &'static str) {
    let workload = run.workload(title, PAIRS, PAIRS * 2 * body(0));
    let workload = add::<Background, COLD>(workload);
    #[cfg(feature = "forte")]
    let workload = add::<Forte, COLD>(workload);
    let workload = add::<Rayon, COLD>(workload);
    let workload = add::<RayonScope, COLD>(workload);
    let workload = add::<Tokio, COLD>(workload);
    let workload = add::<TokioBlocking, COLD>(workload);
    let workload = add::<Smol, COLD>(workload);
    let workload = add::<Blocking, COLD>(workload);
    let workload = add::<Futures, COLD>(workload);
    let workload = add::<ThreadPool, COLD>(workload);
    let workload = add::<Crossbeam, COLD>(workload);
    add::<StdThread, COLD>(workload)
        .clocked("the caller's half alone", || repeat::<COLD>(|| 2 * body(0)))
        .goal(Goal::times(1.05, "the caller's half alone"))
        .finish();
}
