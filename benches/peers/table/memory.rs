//! How much memory the process has.

use background_harness::{is_noting, note};
use background_peers::{Body, Peer};

/// Bytes of memory that this process occupies; 0 where the system does not say.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|it| it.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) * 1024.0
}

/// Starts all tasks and reads them. Notes, when notes are wanted, what a task takes while all are
/// there, its future included; what the process keeps when they are gone, which the C library's
/// allocator has a say in; and how much more it keeps when the same is done again.
pub(crate) fn all<P: Peer>(tasks: u32, body: impl Body) -> u32 {
    if !is_noting() {
        return P::all(tasks, body);
    }
    // Threads and tables are there.
    P::all(100, body);
    let before = resident();
    let sum = P::all_with(tasks, body, || {
        note("B a task", ((resident() - before) / f64::from(tasks)).round());
    });
    let after = resident();
    note("MiB kept", mebibytes(after - before));
    P::all(tasks, body);
    note("MiB more when done again", mebibytes(resident() - after));
    sum
}

fn mebibytes(bytes: f64) -> f64 {
    (bytes / 1024.0 / 1024.0).max(0.0).round()
}
