//! Thousands of tiny tasks: do they spread over the cores, and do they come back at a profit?

use background_harness::{Goal, Run};
#[cfg(feature = "forte")]
use background_peers::Forte;
use background_peers::{
    Background, Blocking, Crossbeam, MICROSECOND, RayonScope, Smol, Tokio, work,
};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::all;

pub(crate) fn bench(run: &Run) {
    tiny::<1>(run, "thousands of tasks of 1 µs, per task");
    tiny::<10>(run, "thousands of tasks of 10 µs, per task");
}

fn tiny<const MICROSECONDS: u32>(run: &Run, title: &'static str) {
    let body = |n| work(MICROSECOND * MICROSECONDS, n);
    let tasks = run.size(5_000, 50);
    let workload = run.workload(title, tasks, (0..tasks).map(body).sum());
    let workload = all::<Background>(workload, tasks, body);
    let workload =
        workload.contender("rayon par_iter", move || (0..tasks).into_par_iter().map(body).sum());
    let workload = all::<RayonScope>(workload, tasks, body);
    let workload = all::<Tokio>(workload, tasks, body);
    let workload = all::<Smol>(workload, tasks, body);
    let workload = all::<Blocking>(workload, tasks, body);
    let workload = all::<Crossbeam>(workload, tasks, body);
    #[cfg(feature = "forte")]
    let workload = all::<Forte>(workload, tasks, body);
    workload
        .contender("sequential", move || (0..tasks).map(body).sum())
        .goal(Goal::times(1.1, "rayon scope"))
        .finish();
}
