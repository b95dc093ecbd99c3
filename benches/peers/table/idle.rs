//! What a program costs that has done some work and now does nothing.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use background_harness::{Goal, Run, Workload, note};
#[cfg(feature = "forte")]
use background_peers::Forte;
use background_peers::{Background, Blocking, Peer, Rayon, Smol, Tokio};

/// How long a pool may look for more work.
const SETTLE: Duration = Duration::from_millis(300);

pub(crate) fn bench(run: &Run) {
    let window = run.size(Duration::from_secs(2), Duration::from_millis(2));
    let workload = run.workload("idle after some work, CPU time per second", 1, 0);
    let workload = workload.cold().with_notes();
    let workload = add::<Background>(workload, window);
    #[cfg(feature = "forte")]
    let workload = add::<Forte>(workload, window);
    let workload = add::<Rayon>(workload, window);
    let workload = add::<Tokio>(workload, window);
    let workload = add::<Smol>(workload, window);
    let workload = add::<Blocking>(workload, window);
    workload
        .clocked("no pool at all", move || (0, rest(window)))
        .goal(Goal::within(Duration::from_micros(30)))
        .goal(Goal::noted("switches a second", 0.0))
        .finish();
}

fn add<P: Peer>(workload: Workload<'_, u32>, window: Duration) -> Workload<'_, u32> {
    workload.clocked(P::NAME, move || {
        P::all(1_000, |n| n);
        // Sleeping tasks make an elastic pool grow.
        P::all(50, |n| {
            thread::sleep(Duration::from_millis(1));
            n
        });
        (0, rest(window))
    })
}

/// Does nothing for a while, and says what CPU time the process has taken meanwhile, per second.
fn rest(window: Duration) -> Duration {
    thread::sleep(SETTLE);
    // In this order: looking at the threads takes time, the more of them there are, and is not idling.
    let before = switches();
    let (start, cpu) = (Instant::now(), cpu_time());
    thread::sleep(window);
    let (cpu, seconds) = (cpu_time().saturating_sub(cpu), start.elapsed().as_secs_f64());
    let after = switches();
    // Thread by thread: one that has left must not hide what the others have done.
    let more = after.iter().map(|(id, now)| now - before.get(id).unwrap_or(&0));
    // The sleep itself is one.
    note("switches a second", f64::from(more.sum::<u32>().saturating_sub(1)) / seconds);
    let left = before.keys().filter(|id| !after.contains_key(*id)).count();
    note("threads left", f64::from(u32::try_from(left).unwrap_or(u32::MAX)));
    cpu.div_f64(seconds)
}

/// What all threads of this process have taken.
#[cfg(unix)]
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Not known here.
#[cfg(not(unix))]
fn cpu_time() -> Duration {
    Duration::ZERO
}

/// How often each thread has gone to sleep until now; empty where the system does not say.
fn switches() -> BTreeMap<OsString, u32> {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let voluntary = threads.filter_map(|thread| {
        let status = fs::read_to_string(thread.path().join("status")).ok()?;
        let line = status.lines().find_map(|it| it.strip_prefix("voluntary_ctxt_switches:"))?;
        Some((thread.file_name(), line.trim().parse().ok()?))
    });
    voluntary.collect()
}
