//! How many threads a pool has when its bodies wait.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, LazyLock};
use std::time::Duration;

use background::{Background, Pool, background, pool, task};
use background_tests::{Gate, PATIENCE, within};

use super::pool::{wait, wait_all};
use super::pool_settings::Visitors;

/// A lock that the pool knows nothing of, in which all have to be before any goes on.
#[test]
fn bodies_that_all_wait_for_each_other_all_get_a_thread() {
    const TOGETHER: usize = 200;
    within(|| {
        let pool = pool().workers(2).build();
        for _ in 0..2 {
            let barrier = Arc::new(Barrier::new(TOGETHER));
            let futures: Vec<_> = (0..TOGETHER)
                .map(|_| {
                    let barrier = Arc::clone(&barrier);
                    task().on(&pool).spawn(move || barrier.wait().is_leader())
                })
                .collect();
            assert_eq!(futures.iter().filter(|future| *wait(future)).count(), 1);
            assert!(pool.threads() >= TOGETHER);
        }
    });
}

/// The pool's only worker waits in a touch of what it cannot run itself, for a task behind it.
#[test]
fn a_worker_that_waits_in_a_touch_is_replaced() {
    static ONE: LazyLock<Pool> = LazyLock::new(|| pool().workers(1).build());
    within(|| {
        for _ in 0..100 {
            let gate = Gate::new();
            let opened = gate.clone();
            let waiting = task().on(&*ONE).spawn(move || {
                let dedicated = task().dedicated().spawn(move || {
                    opened.pass();
                    1
                });
                // Queued by the waiting worker itself, and by a reader's limit not to be claimed.
                let own = task().on(&*ONE).timeout(PATIENCE).spawn(|| 2);
                *dedicated + Background::join(own).unwrap_or(0)
            });
            let behind = task().on(&*ONE).spawn(move || gate.open());
            wait(&behind);
            assert_eq!(*wait(&waiting), 3);
        }
        assert!(ONE.threads() <= 4, "{} threads for two that wait by turns", ONE.threads());
    });
}

/// Each touches the next before it returns: whoever waits could as well do it.
#[test]
fn nested_touches_take_no_threads() {
    const LEVELS: u32 = 64;
    static CAME: LazyLock<Visitors> = LazyLock::new(Visitors::default);
    static ONE: LazyLock<Pool> = LazyLock::new(|| CAME.of(pool().workers(1)).build());
    #[background(on = &*ONE)]
    fn level(n: u32) -> u32 {
        if n == 0 { 0 } else { *level(n - 1) + 1 }
    }
    within(|| {
        for _ in 0..20 {
            // From a thread that is no worker, and from the worker.
            assert_eq!(level(LEVELS), LEVELS);
            let inside = task().on(&*ONE).spawn(|| *level(LEVELS));
            assert_eq!(*wait(&inside), LEVELS);
        }
        assert_eq!(CAME.came(), 1);
    });
}

/// While the pool has a worker for each of them, a second round takes none.
#[test]
fn threads_that_have_waited_are_used_again() {
    within(|| {
        let visitors = Visitors::default();
        let pool = visitors.of(pool()).workers(2).keep_alive(Duration::MAX).build();
        let mut first = 0;
        for round in 0..20 {
            let barrier = Arc::new(Barrier::new(20));
            let ran = Arc::new(AtomicUsize::new(0));
            let futures: Vec<_> = (0..20)
                .map(|_| {
                    let (barrier, ran) = (Arc::clone(&barrier), Arc::clone(&ran));
                    task().on(&pool).spawn(move || {
                        barrier.wait();
                        ran.fetch_add(1, Ordering::SeqCst);
                    })
                })
                .collect();
            wait_all(&futures);
            assert_eq!(ran.load(Ordering::SeqCst), 20);
            if round == 0 {
                first = visitors.came();
                assert!(first >= 20, "{first} threads for twenty that wait together");
            }
        }
        // A worker that has just finished may not lie down yet when the next is called.
        assert!(visitors.came() <= first + 20, "{first} at first, then {}", visitors.came());
    });
}
