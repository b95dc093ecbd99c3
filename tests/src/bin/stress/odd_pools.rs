//! Strategies as users write them, one of them badly.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use background::{Pool, Strategy, Task, pool};

/// Drops a task now and then, rejects another, and hands the rest on.
pub(crate) struct Careless;

impl Strategy for Careless {
    fn start(&self, task: Task) {
        static STARTED: AtomicU64 = AtomicU64::new(0);
        match STARTED.fetch_add(1, Ordering::Relaxed) % 8 {
            0 => drop(task),
            1 => task.reject("on purpose"),
            _ => own_pool().start(task),
        }
    }

    fn claim_on_touch(&self) -> bool {
        true
    }
}

/// Hands tasks on, and lets nobody else run them.
pub(crate) struct Jealous;

impl Strategy for Jealous {
    fn start(&self, task: Task) {
        own_pool().start(task);
    }
}

/// A pool beside the program's.
pub(crate) fn own_pool() -> &'static Pool {
    static POOL: OnceLock<Pool> = OnceLock::new();
    POOL.get_or_init(|| pool().workers(2).thread_name("own").build())
}
