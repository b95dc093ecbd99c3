//! How deep in calls of worker processes this process is.

use crate::sync::global::{AtomicU32, Ordering};

static DEPTH: AtomicU32 = AtomicU32::new(0);

/// From this depth on calls run where they are made. It bounds how many processes a program can have
/// that calls itself.
pub(crate) const DEEPEST: u32 = 4;

/// 0 in the program itself, 1 in its workers, 2 in theirs.
pub(crate) fn get() -> u32 {
    // ORDERING: Relaxed. Written once, before there is another thread.
    DEPTH.load(Ordering::Relaxed)
}

pub(super) fn set(depth: u32) {
    // ORDERING: Relaxed, as above.
    DEPTH.store(depth, Ordering::Relaxed);
}
