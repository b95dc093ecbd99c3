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
/// there, its future included, and what the process keeps when they are gone.
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
    note("MiB kept", ((resident() - before) / 1024.0 / 1024.0).max(0.0).round());
    sum
}
