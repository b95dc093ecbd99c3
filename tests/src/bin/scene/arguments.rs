//! Futures as arguments of other background functions.

use std::sync::atomic::{AtomicUsize, Ordering};

use background::{Background, background};

/// The most threads that any call has seen.
static THREADS: AtomicUsize = AtomicUsize::new(0);

fn look() {
    let threads = std::fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
    THREADS.fetch_max(threads, Ordering::Relaxed);
}

#[background]
fn next(before: Background<u32>) -> u32 {
    if *before % 100 == 0 {
        look();
    }
    before + 1
}

/// Each call takes the future of the one before.
pub(crate) fn chain(which: &str) {
    const LONG: u32 = 10_000;
    let mut chain = match which {
        // The first is there, so every call can begin.
        "ready" => background::spawn(|| 0),
        // Nobody can go on before the last is called.
        "late" => {
            let (promise, first) = background::promise();
            let chain = (0..LONG).fold(first, |before, _| next(before));
            promise.set(0).expect("somebody wants it");
            assert_eq!(chain, LONG);
            return few_threads();
        }
        _ => panic!("which: {which}"),
    };
    for _ in 0..LONG {
        chain = next(chain);
    }
    assert_eq!(chain, LONG);
    few_threads();
}

fn few_threads() {
    look();
    let threads = THREADS.load(Ordering::Relaxed);
    println!("{threads} threads");
    assert!(threads < 300, "{threads} threads");
}

#[background]
fn sum(parts: Vec<Background<u64>>) -> u64 {
    look();
    parts.into_iter().sum()
}

#[background]
fn leaf(n: u64) -> u64 {
    n
}

/// Sums of sums, each over futures that are not there yet.
pub(crate) fn tree() {
    const LEAVES: u64 = 1 << 14;
    let mut level: Vec<_> = (0..LEAVES).map(leaf).collect();
    while level.len() > 1 {
        let mut parts = level.into_iter();
        level = Vec::new();
        while parts.len() > 0 {
            level.push(sum(parts.by_ref().take(4).collect()));
        }
    }
    let total: u64 = level.into_iter().sum();
    assert_eq!(total, LEAVES * (LEAVES - 1) / 2);
    few_threads();
}
