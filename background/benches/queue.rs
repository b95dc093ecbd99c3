//! What a queue adds to a call, and whether that grows with what waits.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

use background::strategies::Thread;
use background::{Background, QueueWorker, TaskQueue, task};
use background_harness::{Goal, Run};

fn main() -> ExitCode {
    let run = Run::from_args();
    one_by_one(&run);
    many(&run);
    waiting(&run);
    if run.is_flawless() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The sum of all numbers below `calls`.
fn total(calls: u32) -> u64 {
    u64::from(calls) * u64::from(calls - 1) / 2
}

/// Each call is read before the next one is made. A queue keeps its order, so the reader does not run
/// the call itself; nor does it that of a task with a time limit, which is therefore what the pool has
/// to compare with.
fn one_by_one(run: &Run) {
    let calls = run.size(20_000, 100);
    run.workload("a call, read at once, per call", calls, total(calls))
        .contender("queue, one thread", move || {
            let queue = TaskQueue::threads(1);
            (0..calls).map(|n| Background::join(queue.call(move || black_box(u64::from(n))))).sum()
        })
        .contender("queue over the pool", move || {
            let queue = TaskQueue::new();
            queue.attach(QueueWorker::new(Thread).capacity(4));
            (0..calls).map(|n| Background::join(queue.call(move || black_box(u64::from(n))))).sum()
        })
        .contender("pool, run by a worker", move || {
            let limit = Duration::from_secs(3600);
            let call = |n| task().thread().timeout(limit).spawn(move || black_box(u64::from(n)));
            (0..calls).map(|n| Background::join(call(n)).unwrap_or_default()).sum()
        })
        .contender("pool, run by the reader", move || {
            (0..calls)
                .map(|n| Background::join(task().thread().spawn(move || black_box(u64::from(n)))))
                .sum()
        })
        .goal(Goal::times(3.0, "pool, run by a worker").of("queue, one thread"))
        .goal(Goal::times(3.0, "pool, run by a worker").of("queue over the pool"))
        .finish();
}

/// All calls are made before the first is read.
fn many(run: &Run) {
    let calls = run.size(100_000, 100);
    run.workload("many calls, then read all, per call", calls, total(calls))
        .contender("queue, one thread", move || through(&TaskQueue::threads(1), calls))
        .contender("queue, two threads", move || through(&TaskQueue::threads(2), calls))
        .contender("pool, run by workers", move || {
            let limit = Duration::from_secs(3600);
            let call = |n| task().thread().timeout(limit).spawn(move || black_box(u64::from(n)));
            let futures: Vec<_> = (0..calls).map(call).collect();
            futures.into_iter().map(|it| Background::join(it).unwrap_or_default()).sum()
        })
        .contender("pool", move || {
            let call = |n| task().thread().spawn(move || black_box(u64::from(n)));
            let futures: Vec<_> = (0..calls).map(call).collect();
            futures.into_iter().map(Background::join).sum()
        })
        .goal(Goal::times(3.0, "pool, run by workers").of("queue, one thread"))
        .finish();
}

fn through(queue: &TaskQueue, calls: u32) -> u64 {
    let futures: Vec<_> = (0..calls).map(|n| queue.call(move || black_box(u64::from(n)))).collect();
    futures.into_iter().map(Background::join).sum()
}

/// So many wait before the first is served, of all nicenesses; together a million in any case.
fn waiting(run: &Run) {
    let calls = run.size(1_000_000, 1_000);
    let in_rounds_of = move |each: u32| {
        let sums = (0..calls / each).map(move |round| {
            let queue = TaskQueue::new();
            let call = |n: u32| {
                let niceness = i32::try_from(n % 41).unwrap_or_default() - 20;
                queue.task().priority(niceness).spawn(move || black_box(u64::from(n)))
            };
            let futures: Vec<_> = (round * each..(round + 1) * each).map(call).collect();
            queue.attach(QueueWorker::new(background::strategies::Inline));
            futures.into_iter().map(Background::join).sum::<u64>()
        });
        sums.sum::<u64>()
    };
    run.workload("calls that wait together, per call", calls, total(calls))
        .contender("10", move || in_rounds_of(10))
        .contender("1,000", move || in_rounds_of(calls.min(1_000)))
        .contender("all", move || in_rounds_of(calls))
        .goal(Goal::times(3.0, "1,000").of("all"))
        .goal(Goal::times(3.0, "10").of("all"))
        .finish();
}
