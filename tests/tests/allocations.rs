//! One heap allocation per call.
//!
//! A program of its own, because it has an allocator of its own.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use background::{Background, Failure, Pool, background, pool, task};
use background_tests::{Gate, until, within};

/// The system's allocator, and how often it was asked, by any thread.
struct Counting;

static ASKED: AtomicUsize = AtomicUsize::new(0);

/// How many bytes are in use.
static LIVE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.fetch_add(1, Ordering::SeqCst);
        LIVE.fetch_add(layout.size(), Ordering::SeqCst);
        // SAFETY: the caller keeps the contract of `alloc`, which is the system's too.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::SeqCst);
        // SAFETY: the memory came from the system's allocator, above.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ASKED.fetch_add(1, Ordering::SeqCst);
        LIVE.fetch_add(size, Ordering::SeqCst);
        LIVE.fetch_sub(layout.size(), Ordering::SeqCst);
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

/// Held by each test, so that no other one allocates meanwhile.
static ALONE: Mutex<()> = Mutex::new(());

#[test]
fn one_allocation_per_call() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
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

/// How many tasks are outstanding at once, in tests of what they leave behind.
const MANY: usize = 1_000_000;

/// What threads, their queues and other odds and ends may keep: far less than the tasks had.
const KEPT: usize = MANY;

/// A thread that is no worker spawns many, and reads them in some order. Afterwards the memory is
/// back: whoever comes across what the reader has run itself forgets it.
#[test]
fn a_million_outstanding_tasks_leave_nothing_behind() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    within(|| {
        assert_eq!(plain(1, [1; 8]), 2);
        for newest_first in [false, true] {
            let before = LIVE.load(Ordering::SeqCst);
            let mut futures: Vec<_> = (0..MANY).map(|n| task().spawn(move || n)).collect();
            let peak = LIVE.load(Ordering::SeqCst) - before;
            assert!(peak <= 300 * MANY, "{} bytes a task", peak / MANY);
            if newest_first {
                futures.reverse();
            }
            let sum: usize = futures.into_iter().map(Background::join).sum();
            assert_eq!(sum, MANY * (MANY - 1) / 2);
            is_back_to(before);
        }
    });
}

/// Waits until no more memory is in use than there was.
#[track_caller]
fn is_back_to(before: usize) {
    until("the memory is returned", || {
        // A queue that has been long shrinks when it is used again.
        assert_eq!(plain(1, [1; 8]), 2);
        LIVE.load(Ordering::SeqCst) <= before + KEPT
    });
}

static HELD: LazyLock<Pool> = LazyLock::new(|| pool().workers(1).max_threads(1).build());

/// The pool's only thread is kept busy until the gate is opened.
fn hold() -> Gate {
    let (inside, gate) = (Gate::new(), Gate::new());
    let (entered, opened) = (inside.clone(), gate.clone());
    Background::detach(task().on(&*HELD).spawn(move || {
        entered.open();
        opened.pass();
    }));
    inside.pass();
    gate
}

/// Nobody but the reader comes to the queue, so it is for the reader to see to it that what it has
/// run does not lie there for ever.
#[test]
fn memory_is_bounded_by_what_is_outstanding() {
    const WINDOW: usize = 1_000;
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    within(|| {
        let gate = hold();
        let submit = |n: usize| task().on(&*HELD).spawn(move || n);
        let before = LIVE.load(Ordering::SeqCst);
        let mut most = 0;
        let mut look = || most = LIVE.load(Ordering::SeqCst).saturating_sub(before).max(most);
        // Each at once, then the oldest of a window, then the newest of it.
        for n in 0..MANY {
            assert_eq!(submit(n), n);
        }
        look();
        let mut window = VecDeque::new();
        for n in 0..MANY {
            window.push_back(submit(n));
            if window.len() > WINDOW {
                assert_eq!(window.pop_front().map(Background::join), Some(n - WINDOW));
            }
            look();
        }
        for n in 0..MANY {
            window.push_back(submit(n));
            assert_eq!(window.pop_back().map(Background::join), Some(n));
            look();
        }
        window.clear();
        assert!(most <= 1_000 * WINDOW, "{} bytes for each that is outstanding", most / WINDOW);
        gate.open();
        until("the memory is returned", || {
            assert_eq!(submit(1), 1);
            LIVE.load(Ordering::SeqCst) <= before + 100_000
        });
    });
}

/// A worker that touches what it has submitted leaves no entries in its queue either.
#[test]
fn a_worker_that_touches_its_own_submissions_needs_no_memory() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    within(|| {
        let most = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&most);
        let submit = |n: usize| task().on(&*HELD).spawn(move || n);
        let touching = task().on(&*HELD).spawn(move || {
            let before = LIVE.load(Ordering::SeqCst);
            for n in 0..MANY {
                assert_eq!(submit(n), n);
                let more = LIVE.load(Ordering::SeqCst).saturating_sub(before);
                seen.fetch_max(more, Ordering::SeqCst);
            }
        });
        until("it has touched all", || Background::is_ready(&touching));
        let most = most.load(Ordering::SeqCst);
        assert!(most <= 100_000, "{most} bytes for one that is outstanding");
    });
}

/// Many are claimed while nobody else comes to the queue, the oldest first: what lies there stale
/// is gone before long, though no more than one is outstanding from then on.
#[test]
fn a_burst_is_forgotten_though_no_worker_comes() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    within(|| {
        let gate = hold();
        let submit = |n: usize| task().on(&*HELD).spawn(move || n);
        let before = LIVE.load(Ordering::SeqCst);
        let futures: Vec<_> = (0..MANY).map(submit).collect();
        let sum: usize = futures.into_iter().map(Background::join).sum();
        assert_eq!(sum, MANY * (MANY - 1) / 2);
        for n in 0..1_000 {
            assert_eq!(submit(n), n);
        }
        let kept = LIVE.load(Ordering::SeqCst).saturating_sub(before);
        gate.open();
        assert!(kept <= KEPT, "{kept} bytes");
    });
}
