//! Many tasks that sleep.

use std::thread;
use std::time::Duration;

use background_harness::{Goal, Run, Workload, note_threads};
use background_peers::{Background, Blocking, Peer, StdThread, TokioBlocking, runtime};

pub(crate) fn bench(run: &Run) {
    sleepers::<1_000>(run, "1,000 tasks that sleep for 100 ms, in total", 135);
    sleepers::<10_000>(run, "10,000 tasks that sleep for 100 ms, in total", 350);
}

fn add<'a, P: Peer>(
    workload: Workload<'a, u32>,
    name: &'static str,
    tasks: u32,
    nap: Duration,
) -> Workload<'a, u32> {
    workload.contender(name, move || {
        note_threads("threads", || {
            P::all(tasks, move |_| {
                thread::sleep(nap);
                1
            })
        })
    })
}

/// Pools with a thread for every core are not here: they would sleep for a minute, or ten.
fn sleepers<const TASKS: u32>(run: &Run, title: &'static str, goal: u64) {
    let tasks = run.size(TASKS, 20);
    let nap = Duration::from_millis(run.size(100, 1));
    let workload = run.workload(title, 1, tasks).with_notes();
    let workload = add::<Background>(workload, Background::NAME, tasks, nap);
    let workload = workload.contender("tokio spawn, async sleep", move || {
        note_threads("threads", || {
            runtime().block_on(async {
                let nappers: Vec<_> = (0..tasks)
                    .map(|_| {
                        runtime().spawn(async move {
                            tokio::time::sleep(nap).await;
                            1
                        })
                    })
                    .collect();
                let mut sum = 0;
                for napper in nappers {
                    sum += napper.await.expect("a value");
                }
                sum
            })
        })
    });
    let workload = add::<TokioBlocking>(workload, TokioBlocking::NAME, tasks, nap);
    let workload = add::<Blocking>(workload, Blocking::NAME, tasks, nap);
    let workload = add::<Blocking>(workload, "blocking, told to use 10,000", tasks, nap)
        .env("BLOCKING_MAX_THREADS", "10000");
    add::<StdThread>(workload, StdThread::NAME, tasks, nap)
        .goal(Goal::within(Duration::from_millis(goal)))
        .finish();
}
