//! One heap allocation per call.
//!
//! A program of its own, because it has an allocator of its own.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use background::{Background, Failure, background};
use background_tests::within;

/// The system's allocator, and how often it was asked, by any thread.
struct Counting;

static ASKED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.fetch_add(1, Ordering::SeqCst);
        // SAFETY: the caller keeps the contract of `alloc`, which is the system's too.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the memory came from the system's allocator, above.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ASKED.fetch_add(1, Ordering::SeqCst);
        // SAFETY: the memory came from the system's allocator, above.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const CALLS: usize = 100;

/// The fewest allocations that any of 500 rounds of [`CALLS`] calls took. Other threads allocate
/// now and then (the pool grows, a queue does): that is no cost of a call, and does not happen in
/// every round.
fn fewest(mut call: impl FnMut(usize)) -> usize {
    let rounds = (0..500).map(|_| {
        let before = ASKED.load(Ordering::SeqCst);
        (0..CALLS).for_each(&mut call);
        ASKED.load(Ordering::SeqCst) - before
    });
    rounds.min().unwrap_or(usize::MAX)
}

#[background]
fn plain(a: usize, b: [usize; 8]) -> usize {
    a + b[0]
}

#[background(catch)]
fn caught(a: usize) -> usize {
    a
}

#[background(lazy)]
fn lazy(a: usize) -> usize {
    a
}

#[background(inline)]
fn inline(a: usize) -> usize {
    a
}

#[background(inline, limit = 4)]
fn limited(a: usize) -> usize {
    a
}

/// One test, so that no other one allocates meanwhile.
#[test]
fn one_allocation_per_call() {
    within(|| {
        assert_eq!(fewest(|n| assert_eq!(plain(n, [1; 8]), n + 1)), CALLS, "touched at once");
        assert_eq!(
            fewest(|n| assert_eq!(Background::join(plain(n, [1; 8])), n + 1)),
            CALLS,
            "joined"
        );
        assert_eq!(fewest(|n| assert!(*caught(n) == Ok::<_, Failure>(n))), CALLS, "caught");
        assert_eq!(fewest(|n| assert_eq!(lazy(n), n)), CALLS, "lazy");
        assert_eq!(fewest(|n| assert_eq!(inline(n), n)), CALLS, "inline");
        assert_eq!(fewest(|n| drop(inline(n))), CALLS, "dropped");
        assert_eq!(fewest(|n| assert_eq!(background::spawn(move || n), n)), CALLS, "a closure");
        let mut futures = Vec::with_capacity(CALLS);
        let many = fewest(|n| {
            futures.push(plain(n, [0; 8]));
            if futures.len() == CALLS {
                futures.drain(..).enumerate().for_each(|(n, future)| assert_eq!(future, n));
            }
        });
        assert_eq!(many, CALLS, "many at once");
        // A permit, and who holds it, are remembered for nested calls.
        let asked = fewest(|n| assert_eq!(limited(n), n));
        assert!(asked <= 4 * CALLS, "limited: {asked}");
    });
}
