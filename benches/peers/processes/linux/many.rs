//! Thousands of calls at once.

use std::time::Duration;

use background::{Background, task};
use background_harness::{Goal, Run};

use super::bodies::{bump, bumped, procspawn_workers, workers};
use super::child::Role;
use super::limits::{Pipes, Raw};
use super::python::{Python, Work};

const PYTHON: &[&str] =
    &["multiprocessing.Pool", "multiprocessing.Pool.map", "ProcessPoolExecutor", "loky", "Pebble"];

const WORKERS: usize = 2;

/// Each call of procspawn holds some descriptors: thousands at once are more than a process may have.
const AT_ONCE: usize = 100;

pub(crate) fn bench(run: &Run, python: &Python) {
    let calls = run.size(10_000, 100);
    let numbers = 0..u64::from(calls);
    let title = "10,000 calls over 2 processes, then read all, per call";
    let workload = run.workload(title, calls, bumped(u64::from(calls)));
    let (range, again) = (numbers.clone(), numbers.clone());
    let workload = workload
        .prepared("background", move || {
            let pool = workers(WORKERS);
            move || {
                let call = |n| task().on(pool.clone()).spawn_with(bump, n);
                let futures: Vec<_> = range.clone().map(call).collect();
                futures.into_iter().map(Background::join).sum()
            }
        })
        .prepared("procspawn pool, 100 calls at once", move || {
            let pool = procspawn_workers(WORKERS);
            move || {
                let mut sum = 0;
                for start in again.clone().step_by(AT_ONCE) {
                    let numbers = start..again.end.min(start + AT_ONCE as u64);
                    let handles: Vec<_> = numbers.map(|n| pool.spawn(n, bump)).collect();
                    sum += handles.into_iter().map(|it| it.join().expect("a value")).sum::<u64>();
                }
                sum
            }
        });
    let work = Work { workload: "every", operations: calls, size: 8 };
    python
        .add(workload, PYTHON, work)
        .prepared("limit: one message to each process", move || {
            let size = 8 * calls as usize / WORKERS;
            let mut children: Vec<_> =
                (0..WORKERS).map(|_| Pipes::start(Role::Bump { size, step: 8 })).collect();
            move || in_one_piece(&mut children, size)
        })
        .goal(Goal::within(Duration::from_micros(1)))
        .finish();
}

/// No call has a message of its own.
fn in_one_piece(children: &mut [Pipes], size: usize) -> u64 {
    use std::io::{Read, Write};

    let numbers = (size / 8) as u64;
    for (child, first) in children.iter_mut().zip((0..).step_by(size / 8)) {
        let message: Vec<u8> = (first..first + numbers).flat_map(u64::to_le_bytes).collect();
        child.write_all(&message).expect("the child reads");
    }
    let mut sum = 0;
    let mut message = vec![0; size];
    for child in children {
        child.read_exact(&mut message).expect("the child writes");
        let numbers = message.chunks_exact(8).filter_map(|it| it.first_chunk());
        sum += numbers.map(|it| u64::from_le_bytes(*it)).sum::<u64>();
    }
    sum
}
