//! The sleep protocol in every interleaving: what was queued is run, whoever sleeps or leaves.
//!
//! ```sh
//! RUSTFLAGS="--cfg background_loom" cargo test --release -p background --lib thread::model
//! ```
//!
//! The protocol is the real one; the queue is a counter and the threads are loom's. The overseer is
//! left out: a submission that relied on it where it should not would never be served here. loom
//! ends a model in which everybody sleeps as a deadlock, and that is what a lost wake-up is.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread::{self, JoinHandle};

use crate::cell::parker::Parker;
use crate::sync::lock;
use crate::thread::sleep::{Call, Morning, Sleep};

struct Pool {
    sleep: Sleep,
    queue: AtomicUsize,
    done: AtomicUsize,
    total: usize,
    patience: Duration,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// The first body ends only when all others are done.
    first_waits: bool,
    gate: (crate::sync::Mutex<bool>, crate::sync::Condvar),
}

impl Pool {
    fn new(workers: usize, most: usize, total: usize) -> Self {
        Self {
            sleep: Sleep::new(workers, most),
            queue: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            total,
            patience: Duration::MAX,
            threads: Mutex::default(),
            first_waits: false,
            gate: (crate::sync::Mutex::new(false), crate::sync::Condvar::new()),
        }
    }

    fn submit(self: &Arc<Self>) {
        // ORDERING: Release pairs with the Acquire in `take`: as weak as a real queue's.
        self.queue.fetch_add(1, Ordering::Release);
        if self.sleep.announce().is_some() {
            self.call();
        }
    }

    fn call(self: &Arc<Self>) {
        if self.sleep.call_one() == Call::Hire {
            let pool = Arc::clone(self);
            let hired = thread::spawn(move || pool.work());
            self.threads.lock().unwrap().push(hired);
        }
    }

    fn take(&self) -> bool {
        // ORDERING: Acquire pairs with the Release in `submit`; Relaxed for what was read before.
        let mut queued = self.queue.load(Ordering::Relaxed);
        while queued > 0 {
            // ORDERING: Acquire pairs with the Release in `submit`.
            match self.queue.compare_exchange(
                queued,
                queued - 1,
                Ordering::Acquire,
                Ordering::Relaxed,
            ) {
                Ok(_) => return true,
                Err(now) => queued = now,
            }
        }
        false
    }

    fn has_work(&self) -> bool {
        // ORDERING: Relaxed. What the protocol promises, it promises by its own fences.
        self.queue.load(Ordering::Relaxed) > 0
    }

    fn work(self: &Arc<Self>) {
        let bed = Parker::new();
        let mut searching = true;
        loop {
            if self.take() {
                if searching {
                    searching = false;
                    if self.sleep.found() {
                        // ORDERING: SeqCst pairs with the fence in `Sleep::announce`, as in
                        // `Copy::has_work`.
                        loom::sync::atomic::fence(Ordering::SeqCst);
                        if self.has_work() {
                            self.call();
                        }
                    }
                }
                self.run();
                if self.sleep.is_crowded() {
                    match self.sleep.lie_down(&bed, false, self.patience, || self.has_work()) {
                        Morning::Stay => {}
                        Morning::Search => searching = true,
                        Morning::Leave => return,
                    }
                }
            } else if searching {
                match self.sleep.lie_down(&bed, true, self.patience, || self.has_work()) {
                    Morning::Search => {}
                    Morning::Leave => return,
                    Morning::Stay => unreachable!("only for one too many"),
                }
            } else {
                self.sleep.search();
                searching = true;
            }
        }
    }

    fn run(self: &Arc<Self>) {
        // ORDERING: SeqCst. A count that only tells when everything is done.
        let before = self.done.fetch_add(1, Ordering::SeqCst);
        if self.first_waits && before == 0 {
            self.sleep.leave_core();
            if self.has_work() {
                self.call();
            }
            let mut open = lock(&self.gate.0);
            while !*open {
                open = crate::sync::wait(&self.gate.1, open, None);
            }
            drop(open);
            self.sleep.take_core();
        }
        if before + 1 == self.total {
            *lock(&self.gate.0) = true;
            self.gate.1.notify_all();
            self.sleep.close();
        }
    }

    /// Everybody has left, and nothing is left.
    fn finish(&self) {
        loop {
            let Some(next) = self.threads.lock().unwrap().pop() else { break };
            next.join().unwrap();
        }
        // ORDERING: SeqCst, as in `run`.
        assert_eq!(self.done.load(Ordering::SeqCst), self.total);
        let counts = self.sleep.glance();
        assert_eq!((counts.searching(), counts.running()), (0, 0), "{counts:?}");
        assert_eq!((counts.idle(), counts.threads()), (0, 0), "{counts:?}");
    }
}

fn check(make: impl Fn() -> Pool + Send + Sync + 'static, apart: bool) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = model.preemption_bound.or(Some(2));
    model.check(move || {
        let pool = Arc::new(make());
        let other = apart.then(|| {
            let pool = Arc::clone(&pool);
            thread::spawn(move || pool.submit())
        });
        for _ in usize::from(apart)..pool.total {
            pool.submit();
        }
        other.map(|other| other.join().unwrap());
        pool.finish();
    });
}

#[test]
fn model_two_submissions_to_one_worker() {
    check(|| Pool::new(1, 1, 2), false);
}

#[test]
fn model_two_submitters_and_one_worker() {
    check(|| Pool::new(1, 1, 2), true);
}

#[test]
fn model_two_workers() {
    check(|| Pool::new(2, 2, 2), false);
}

/// Workers that have nothing to do leave at once, so that every submission meets one that goes.
#[test]
fn model_a_submission_meets_a_worker_that_leaves() {
    let make = || Pool { patience: Duration::ZERO, ..Pool::new(1, 2, 2) };
    check(make, false);
}

/// A body waits for one that is queued before or after it has begun to wait.
#[test]
fn model_a_worker_that_waits_is_replaced() {
    check(|| Pool { first_waits: true, ..Pool::new(1, 2, 2) }, false);
}
