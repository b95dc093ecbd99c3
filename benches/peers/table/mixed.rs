//! Tasks that compute and tasks that sleep, in one pool.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use background_harness::{Goal, Run, Workload, is_noting, note, note_threads};
use background_peers::{Background, Blocking, MICROSECOND, Peer, StdThread, TokioBlocking, work};

/// How many tasks compute at this moment.
static COMPUTING: AtomicU32 = AtomicU32::new(0);

fn compute(n: u32) -> u32 {
    if !is_noting() {
        return work(100 * MICROSECOND, n);
    }
    // ORDERING: Relaxed, here and below: a count that nothing else depends on.
    let computing = COMPUTING.fetch_add(1, Ordering::Relaxed) + 1;
    note("computing at once", f64::from(computing));
    let result = work(100 * MICROSECOND, n);
    // ORDERING: Relaxed, as above.
    COMPUTING.fetch_sub(1, Ordering::Relaxed);
    result
}

/// Every sixth task sleeps.
fn sleeps(n: u32) -> bool {
    n % 6 == 5
}

fn body(n: u32) -> u32 {
    if sleeps(n) {
        thread::sleep(Duration::from_millis(50));
        return 1;
    }
    compute(n)
}

fn add<P: Peer>(workload: Workload<'_, u32>, tasks: u32) -> Workload<'_, u32> {
    workload.contender(P::NAME, move || note_threads("threads", || P::all(tasks, body)))
}

/// Pools with a thread for every core are not here: they would sleep for five seconds.
pub(crate) fn bench(run: &Run) {
    let tasks = run.size(1_200, 12);
    let expected = (0..tasks).map(|n| if sleeps(n) { 1 } else { work(100 * MICROSECOND, n) }).sum();
    let title = "1,000 tasks of 100 µs and 200 that sleep for 50 ms, in total";
    let workload = run.workload(title, 1, expected).with_notes();
    let workload = add::<Background>(workload, tasks);
    let workload = add::<Blocking>(workload, tasks);
    let workload = add::<TokioBlocking>(workload, tasks);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let cores = f64::from(u32::try_from(cores).unwrap_or(u32::MAX));
    add::<StdThread>(workload, tasks)
        .goal(Goal::times(1.0, "blocking"))
        .goal(Goal::noted("computing at once", cores + 1.0))
        .finish();
}
