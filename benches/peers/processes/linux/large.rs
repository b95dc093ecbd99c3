//! Large arguments and values.

use std::hint::black_box;
use std::time::{Duration, Instant};

use background::{Background, task};
use background_harness::{Goal, Run, Workload};
use ipc_channel::ipc::IpcSharedMemory;
use ipc_channel_of_procspawn::ipc::IpcSharedMemory as SharedOfProcspawn;

use super::bodies::{FILL, echo, intact, procspawn_workers, workers};
use super::child::Role;
use super::ipc;
use super::limits::{Memory, Pipes, Raw, Sockets};
use super::python::{Python, Work};

const PYTHON: &[&str] = &["multiprocessing.Pool", "ProcessPoolExecutor", "loky", "Pebble"];

/// Adds a contender that is given what it sends, and whose result is looked at without the clock.
fn add<'a, R: AsRef<[u8]>, C: FnMut(Vec<u8>) -> R + 'static>(
    workload: Workload<'a, u64>,
    name: &'static str,
    size: usize,
    prepare: impl Fn() -> C + 'static,
) -> Workload<'a, u64> {
    let mut call = None;
    workload.clocked(name, move || {
        let call = call.get_or_insert_with(&prepare);
        let data = vec![FILL; size];
        let start = Instant::now();
        let result = black_box(call(data));
        let time = start.elapsed();
        (intact(result.as_ref()), time)
    })
}

/// Memory that is shared can be looked at as bytes.
struct Bytes<T>(T);

impl<T: std::ops::Deref<Target = [u8]>> AsRef<[u8]> for Bytes<T> {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

pub(crate) fn bench(run: &Run, python: &Python) {
    let size = run.size(64 << 20, 1 << 20);
    let title = "64 MiB to another process and back, in total";
    let workload = run.workload(title, 1, size as u64);
    let workload = add(workload, "background", size, || {
        let pool = workers(1);
        move |data| Background::join(task().on(pool.clone()).spawn_with(echo, data))
    });
    let workload = add(workload, "procspawn pool", size, || {
        let pool = procspawn_workers(1);
        move |data| pool.spawn(data, echo).join().expect("a value")
    });
    // The argument has to be copied into it, and the value can only be read.
    let workload = add(workload, "procspawn pool, shared memory by hand", size, || {
        let pool = procspawn_workers(1);
        move |data| {
            let shared = SharedOfProcspawn::from_bytes(&data);
            Bytes(pool.spawn(shared, |it: SharedOfProcspawn| it).join().expect("a value"))
        }
    });
    let workload = add(workload, "ipc-channel, bytes", size, || {
        let mut call = ipc::bytes(false);
        move |data| call(&data)
    });
    let workload = add(workload, "ipc-channel, shared memory by hand", size, || {
        let mut call = ipc::shared();
        move |data| Bytes(call(IpcSharedMemory::from_bytes(&data)))
    });
    let work = Work { workload: "large", operations: 1, size };
    let workload = python.add(workload, PYTHON, work);
    let workload = add(workload, Pipes::NAME, size, move || raw::<Pipes>(size));
    let workload = add(workload, Sockets::NAME, size, move || raw::<Sockets>(size));
    let workload = add(workload, "limit: copied into shared memory and out", size, move || {
        let mut child = Memory::start(size);
        move |data| {
            child.shared.change(size, |it| it.copy_from_slice(&data));
            child.shared.change(8, unbump_first);
            child.exchange();
            child.shared.message()
        }
    });
    let workload = add(workload, "limit: copied to fresh memory, twice", size, || {
        |data: Vec<u8>| black_box(data.clone()).clone()
    });
    workload.goal(Goal::within(Duration::from_millis(20))).finish();
}

fn raw<R: Raw>(size: usize) -> impl FnMut(Vec<u8>) -> Vec<u8> {
    let mut child = R::start(Role::Echo { size });
    move |mut data| {
        child.exchange(&mut data);
        data
    }
}

/// The child that shares memory is going to bump the first number.
fn unbump_first(data: &mut [u8]) {
    data[0] -= 1;
}
