//! A call that is read before the next is made.

use std::time::Duration;

use background::{Background, background, task};
use background_harness::{Goal, Run};

use super::bodies::{FILL, bump, bump_bytes, bumped, procspawn_workers, workers};
use super::child::{Role, bump_first};
use super::ipc;
use super::limits::{Memory, Pipes, Raw, Sockets};
use super::python::{Python, Work};

const PYTHON: &[&str] = &["multiprocessing.Pool", "ProcessPoolExecutor", "loky", "Pebble"];

const KIBIBYTE: usize = 1024;

pub(crate) fn bench(run: &Run, python: &Python) {
    number(run, python);
    kibibyte(run, python);
}

#[background(process)]
fn by_attribute(number: u64) -> u64 {
    bump(number)
}

fn raw<R: Raw>(calls: u32) -> impl FnMut() -> u64 {
    let mut child = R::start(Role::Bump { size: 8, step: 8 });
    move || {
        let call = |number: u64| {
            let mut message = number.to_le_bytes();
            child.exchange(&mut message);
            u64::from_le_bytes(message)
        };
        (0..u64::from(calls)).map(call).sum()
    }
}

fn number(run: &Run, python: &Python) {
    let calls = run.size(200, 20);
    let numbers = 0..u64::from(calls);
    let title = "8 bytes to another process and back, per call";
    let workload = run.workload(title, calls, bumped(u64::from(calls)));
    let (range, again) = (numbers.clone(), numbers.clone());
    let workload = workload
        .prepared("background", move || {
            let pool = workers(1);
            move || {
                let call = |n| Background::join(task().on(pool.clone()).spawn_with(bump, n));
                range.clone().map(call).sum()
            }
        })
        .contender("background, by the attribute", move || {
            again.clone().map(|n| Background::join(by_attribute(n))).sum()
        });
    let (range, again) = (numbers.clone(), numbers);
    let workload = workload
        .prepared("procspawn pool", move || {
            let pool = procspawn_workers(1);
            move || range.clone().map(|n| pool.spawn(n, bump).join().expect("a value")).sum()
        })
        .prepared("ipc-channel", move || {
            let mut call = ipc::numbers();
            move || again.clone().map(&mut call).sum()
        });
    let work = Work { workload: "each", operations: calls, size: 8 };
    python
        .add(workload, PYTHON, work)
        .prepared(Pipes::NAME, move || raw::<Pipes>(calls))
        .prepared(Sockets::NAME, move || raw::<Sockets>(calls))
        .prepared(Memory::NAME, move || {
            let mut child = Memory::start(8);
            move || {
                let call = |number: u64| {
                    child.shared.change(8, |it| it.copy_from_slice(&number.to_le_bytes()));
                    child.exchange();
                    let mut result = [0; 8];
                    child.shared.change(8, |it| result.copy_from_slice(it));
                    u64::from_le_bytes(result)
                };
                (0..u64::from(calls)).map(call).sum()
            }
        })
        .goal(Goal::times(1.3, Pipes::NAME))
        .goal(Goal::within(Duration::from_nanos(1_500)))
        .finish();
}

fn data() -> Vec<u8> {
    vec![FILL; KIBIBYTE]
}

/// What a call has come to.
fn sum(data: &[u8]) -> u64 {
    u64::from(data[0]) + data.len() as u64
}

fn raw_data<R: Raw>(calls: u32) -> impl FnMut() -> u64 {
    let mut child = R::start(Role::Bump { size: KIBIBYTE, step: KIBIBYTE });
    let call = move |_| {
        let mut data = data();
        child.exchange(&mut data);
        sum(&data)
    };
    repeat(calls, call)
}

fn repeat(calls: u32, mut call: impl FnMut(u32) -> u64) -> impl FnMut() -> u64 {
    move || (0..calls).map(&mut call).sum()
}

fn kibibyte(run: &Run, python: &Python) {
    let calls = run.size(200, 20);
    // The first byte is the lowest of a number, so bumping either is the same.
    let mut bumped = data();
    bump_first(&mut bumped);
    let title = "1 KiB to another process and back, per call";
    let workload = run
        .workload(title, calls, u64::from(calls) * sum(&bumped))
        .prepared("background", move || {
            let pool = workers(1);
            repeat(calls, move |_| {
                let future = task().on(pool.clone()).spawn_with(bump_bytes, data());
                sum(&Background::join(future))
            })
        })
        .prepared("procspawn pool", move || {
            let pool = procspawn_workers(1);
            repeat(calls, move |_| sum(&pool.spawn(data(), bump_bytes).join().expect("a value")))
        })
        .prepared("ipc-channel, bytes", move || {
            let mut call = ipc::bytes(true);
            repeat(calls, move |_| sum(&call(&data())))
        });
    let work = Work { workload: "each bytes", operations: calls, size: KIBIBYTE };
    python
        .add(workload, PYTHON, work)
        .prepared(Pipes::NAME, move || raw_data::<Pipes>(calls))
        .prepared(Sockets::NAME, move || raw_data::<Sockets>(calls))
        .prepared(Memory::NAME, move || {
            let mut child = Memory::start(KIBIBYTE);
            repeat(calls, move |_| {
                child.shared.change(KIBIBYTE, |it| it.copy_from_slice(&data()));
                child.exchange();
                sum(&child.shared.message())
            })
        })
        .goal(Goal::times(1.3, Pipes::NAME))
        .finish();
}
