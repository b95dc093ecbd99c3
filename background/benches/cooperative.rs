//! What a tick of a cooperative worker costs, and a routine, beside an executor of the same kind.

use std::cell::Cell;
use std::process::ExitCode;
use std::rc::Rc;

use async_executor::LocalExecutor;
use background::Background;
use background::cooperative::{Worker, yield_now};
use background_harness::{Goal, Run};

fn main() -> ExitCode {
    let run = Run::from_args();
    for (title, routines) in [("a tick, of 10 routines", 10), ("a tick, of 1000 routines", 1000)] {
        ticks(&run, title, routines);
    }
    routines(&run);
    if run.is_flawless() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Counts its turns.
async fn counts(turns: u32, count: Rc<Cell<u32>>) {
    for _ in 0..turns {
        count.set(count.get() + 1);
        yield_now().await;
    }
}

fn ticks(run: &Run, title: &'static str, routines: u32) {
    let turns = run.size(1_000_000, 10_000) / routines;
    let total = turns * routines;
    run.workload(title, total, total)
        .contender("cooperative::Worker", move || {
            let (worker, count) = (Worker::new(), Rc::new(Cell::new(0)));
            for _ in 0..routines {
                Background::detach(worker.assign(counts(turns, Rc::clone(&count))));
            }
            while worker.tick() {}
            count.get()
        })
        .contender("cooperative::Worker, in `work`", move || {
            let (worker, count) = (Worker::new(), Rc::new(Cell::new(0)));
            for _ in 0..routines {
                Background::detach(worker.assign(counts(turns, Rc::clone(&count))));
            }
            worker.work();
            count.get()
        })
        .contender("async-executor", move || {
            let (executor, count) = (LocalExecutor::new(), Rc::new(Cell::new(0)));
            for _ in 0..routines {
                executor.spawn(counts(turns, Rc::clone(&count))).detach();
            }
            while executor.try_tick() {}
            count.get()
        })
        .goal(Goal::times(2.0, "async-executor").of("cooperative::Worker"))
        .finish();
}

/// Routines that are started, give up control once and yield a value.
fn routines(run: &Run) {
    let count = run.size(100_000_u32, 1_000);
    let sum = (0..count).map(u64::from).sum::<u64>();
    run.workload("a routine: started, run and read", count, sum)
        .contender("cooperative::Worker", move || {
            let worker = Worker::new();
            let all: Vec<_> = (0..count)
                .map(|x| {
                    worker.assign(async move {
                        yield_now().await;
                        u64::from(x)
                    })
                })
                .collect();
            worker.work();
            all.into_iter().map(Background::join).sum()
        })
        .contender("async-executor", move || {
            let executor = LocalExecutor::new();
            let all: Vec<_> = (0..count)
                .map(|x| {
                    executor.spawn(async move {
                        yield_now().await;
                        u64::from(x)
                    })
                })
                .collect();
            while executor.try_tick() {}
            let mut sum = 0;
            for task in all {
                let mut task = std::pin::pin!(task);
                let mut context = std::task::Context::from_waker(std::task::Waker::noop());
                match Future::poll(task.as_mut(), &mut context) {
                    std::task::Poll::Ready(x) => sum += x,
                    std::task::Poll::Pending => unreachable!("all have been run"),
                }
            }
            sum
        })
        .finish();
}
