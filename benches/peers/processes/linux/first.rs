//! The first call: a process is made for it.

use std::hint::black_box;

use background::{Background, task};
use background_harness::{Goal, Run, Workload};

use super::bodies::{FILL, bump};
use super::child::Role;
use super::limits::{Pipes, Raw};
use super::python::{Python, Work};

const PYTHON: &[&str] = &[
    "multiprocessing.Pool",
    "multiprocessing.Pool, spawn",
    "ProcessPoolExecutor",
    "loky",
    "Pebble",
];

const LIMIT: &str = "limit: this program, started to answer";

pub(crate) fn bench(run: &Run, python: &Python) {
    first(run, python, "start a process and have its first result, in total", 1);
    let gibibyte = run.size(1 << 30, 1 << 20);
    first(run, python, "the same, with 1 GiB in the caller's memory, in total", gibibyte);
}

/// Adds a contender that does it with so much memory in use.
fn add<'a>(
    workload: Workload<'a, u64>,
    name: &'static str,
    ballast: usize,
    first: fn() -> u64,
) -> Workload<'a, u64> {
    workload.prepared(name, move || {
        let ballast = vec![FILL; ballast];
        move || {
            let result = first();
            black_box(&ballast);
            result
        }
    })
}

fn first(run: &Run, python: &Python, title: &'static str, ballast: usize) {
    let workload = run.workload(title, 1, 7).cold();
    let workload = add(workload, "background", ballast, || {
        Background::join(task().process().spawn_with(bump, 6))
    });
    let workload =
        add(workload, "procspawn", ballast, || procspawn::spawn(6, bump).join().expect("a value"));
    let workload = add(workload, "procspawn pool", ballast, || {
        let pool = procspawn::Pool::new(1).expect("processes are to be had");
        let result = pool.spawn(6, bump).join().expect("a value");
        // Its end is not what is measured, here and below.
        std::mem::forget(pool);
        result
    });
    let work = Work { workload: "first", operations: 1, size: ballast };
    let workload = python.add(workload, PYTHON, work);
    let workload = add(workload, LIMIT, ballast, || {
        let mut child = Pipes::start(Role::Bump { size: 8, step: 8 });
        let mut message = 6_u64.to_le_bytes();
        child.exchange(&mut message);
        std::mem::forget(child);
        u64::from_le_bytes(message)
    });
    workload.goal(Goal::times(1.1, LIMIT)).finish();
}
