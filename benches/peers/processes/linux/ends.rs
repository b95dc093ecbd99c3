//! Calls that do not come back: how soon that is known, and how soon the next one is served.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::{Duration, Instant};

use background::{Background, Failure, ProcessPool, task};
use background_harness::{Goal, Run, Workload};

use super::bodies::{bump, die, pid, procspawn_workers, stick, workers};
use super::child::Role;
use super::limits::{Raw, Sockets};
use super::python::{Python, Work};

const LIMIT: Duration = Duration::from_millis(20);

const PROCSPAWN: &str = "procspawn pool, join_timeout and kill";

const MILLISECOND: Duration = Duration::from_millis(1);

pub(crate) fn bench(run: &Run, python: &Python) {
    timed_out(run, python);
    restarted(run, python);
    crashed(run, python);
}

/// What comes out of several of them, and how long they took, if each had taken what the median takes.
fn repeat(ends: u32, end: impl FnMut() -> (u64, Duration)) -> (u64, Duration) {
    let (results, mut times): (Vec<_>, Vec<_>) =
        std::iter::repeat_with(end).take(ends as usize).unzip();
    times.sort();
    (results.iter().sum(), times[times.len() / 2] * ends)
}

/// How much longer than the limit it has taken until now.
fn late(start: Instant) -> Duration {
    start.elapsed().saturating_sub(LIMIT)
}

/// A worker's number, which is there and idle then.
fn warm(pool: &ProcessPool) -> u64 {
    Background::join(task().on(pool.clone()).spawn_with(pid, 0))
}

/// 1 if a call meets its limit.
fn meets_its_limit(pool: &ProcessPool) -> u64 {
    let future = task().timeout(LIMIT).on(pool.clone()).spawn_with(stick, 0);
    u64::from(Background::join(future).is_err())
}

fn is_gone(pid: u64) -> bool {
    !Path::new(&format!("/proc/{pid}")).exists()
}

/// 1 if a call meets its limit; procspawn leaves it to the caller to end it.
fn procspawn_meets_its_limit(pool: &procspawn::Pool) -> u64 {
    let mut handle = pool.spawn(0, stick);
    let is_late = handle.join_timeout(LIMIT).is_err_and(|error| error.is_timeout());
    handle.kill().expect("it can be killed");
    u64::from(is_late)
}

/// 1 if a child does not answer in time, and is dead then.
fn child_meets_its_limit(child: &mut Sockets) -> u64 {
    child.stream().set_read_timeout(Some(LIMIT)).expect("it is a time");
    let silence = child.read(&mut [0; 8]).map_err(|error| error.kind());
    child.kill();
    u64::from(silence == Err(ErrorKind::WouldBlock))
}

fn new_child() -> Sockets {
    Sockets::start(Role::Bump { size: 8, step: 8 })
}

/// A child that has answered once.
fn child() -> Sockets {
    let mut child = new_child();
    assert_eq!(answer(&mut child), 1);
    child
}

fn one_worker() -> ProcessPool {
    workers(1)
}

fn one_of_procspawn() -> procspawn::Pool {
    procspawn_workers(1)
}

/// Each time has a child of its own.
fn nothing() {}

fn answer(child: &mut Sockets) -> u64 {
    let mut message = 0_u64.to_le_bytes();
    child.exchange(&mut message);
    u64::from_le_bytes(message)
}

/// Adds what is done so often, with a pool that is made before the first time.
fn add<'a, P: 'static>(
    workload: Workload<'a, u64>,
    name: &'static str,
    ends: u32,
    pool: fn() -> P,
    end: fn(&P) -> (u64, Duration),
) -> Workload<'a, u64> {
    let mut made = None;
    workload.clocked(name, move || {
        let pool = made.get_or_insert_with(pool);
        repeat(ends, || end(pool))
    })
}

/// The worker of `background` has to be dead and buried when the time-out is seen.
fn timed_out(run: &Run, python: &Python) {
    let ends = run.size(5, 1);
    let title = "a time-out is seen so long after its time, per call";
    let workload = run.workload(title, ends, u64::from(ends));
    let workload = add(workload, "background", ends, one_worker, |pool| {
        let pid = warm(pool);
        let start = Instant::now();
        let met = meets_its_limit(pool);
        let time = late(start);
        (if is_gone(pid) { met } else { 0 }, time)
    });
    let workload = add(workload, PROCSPAWN, ends, one_of_procspawn, |pool| {
        assert_eq!(pool.spawn(1, bump).join().expect("a value"), 2);
        let start = Instant::now();
        (procspawn_meets_its_limit(pool), late(start))
    });
    let work = Work { workload: "timed out", operations: ends, size: 0 };
    let workload = python.add(workload, &["Pebble"], work);
    let workload = add(workload, "limit: wait, kill, reap", ends, nothing, |()| {
        let mut child = child();
        let start = Instant::now();
        (child_meets_its_limit(&mut child), late(start))
    });
    workload.goal(Goal::within(MILLISECOND)).finish();
}

/// Each gives 1 for the time-out and 1 for the result.
fn restarted(run: &Run, python: &Python) {
    let ends = run.size(5, 1);
    let title = "a time-out, and the next result, after its time, per call";
    let workload = run.workload(title, ends, 2 * u64::from(ends));
    let workload = add(workload, "background", ends, one_worker, |pool| {
        warm(pool);
        let start = Instant::now();
        let met = meets_its_limit(pool);
        let next = Background::join(task().on(pool.clone()).spawn_with(bump, 0));
        (met + next, late(start))
    });
    let workload = add(workload, PROCSPAWN, ends, one_of_procspawn, |pool| {
        assert_eq!(pool.spawn(1, bump).join().expect("a value"), 2);
        let start = Instant::now();
        let met = procspawn_meets_its_limit(pool);
        let next = pool.spawn(0, bump).join().expect("a value");
        (met + next, late(start))
    });
    let work = Work { workload: "restarted", operations: ends, size: 0 };
    let workload = python.add(workload, &["Pebble"], work);
    let limit = "limit: wait, kill, reap, start this program to answer";
    let workload = add(workload, limit, ends, nothing, |()| {
        let mut old = child();
        let start = Instant::now();
        let met = child_meets_its_limit(&mut old);
        let mut new = new_child();
        let next = answer(&mut new);
        (met + next, late(start))
    });
    workload.goal(Goal::times(1.1, limit)).finish();
}

/// multiprocessing.Pool is not here: it waits for ever.
fn crashed(run: &Run, python: &Python) {
    let ends = run.size(5, 1);
    let title = "a worker kills itself, and the caller knows, per call";
    let workload = run.workload(title, ends, u64::from(ends));
    let workload = add(workload, "background", ends, one_worker, |pool| {
        let pid = warm(pool);
        let start = Instant::now();
        let future = task().catch().on(pool.clone()).spawn_with(die, 0);
        let failure = Background::join(future).err();
        let time = start.elapsed();
        let seen = matches!(failure, Some(Failure::Crashed { signal: Some(9), .. }));
        (u64::from(seen && is_gone(pid)), time)
    });
    let workload = add(workload, "procspawn pool", ends, one_of_procspawn, |pool| {
        assert_eq!(pool.spawn(1, bump).join().expect("a value"), 2);
        let start = Instant::now();
        let is_known = pool.spawn(0, die).join().is_err();
        (u64::from(is_known), start.elapsed())
    });
    let work = Work { workload: "crashed", operations: ends, size: 0 };
    let workload = python.add(workload, &["ProcessPoolExecutor", "loky", "Pebble"], work);
    let workload = add(workload, "limit: end of the socket, reap", ends, nothing, |()| {
        let mut child = Sockets::start(Role::Die);
        // It is there, asleep, before the clock starts.
        std::thread::sleep(5 * MILLISECOND);
        let start = Instant::now();
        child.write_all(&[0; 8]).expect("the child reads");
        let end = child.read(&mut [0; 8]).expect("the end of it");
        let status = child.child().wait().expect("it was ours");
        (u64::from(end == 0 && status.signal() == Some(9)), start.elapsed())
    });
    workload.goal(Goal::within(MILLISECOND)).finish();
}
