//! Queues: what is served when and where, and what becomes of calls and workers that are lost.
#![allow(clippy::needless_pass_by_value, reason = "a body owns what it is given")]

#[cfg(target_os = "linux")]
mod briefing;
mod counting;
mod deadlocks;
mod detaching;
mod ending;
#[cfg(target_os = "linux")]
mod kills;
mod ordering;
#[cfg(target_os = "linux")]
mod originals;
#[cfg(target_os = "linux")]
mod processes;
mod properties;
mod retrying;
mod streams;
mod updating;

use std::sync::{Arc, Mutex, PoisonError};

use background::{Background, QueueWorker, TaskQueue, WorkerId};
use background_tests::Gate;

/// A queue whose only worker, a thread, is held up until the gate is opened.
fn held() -> (TaskQueue, Gate, Background<()>) {
    let queue = TaskQueue::threads(1);
    let (gate, inner) = (Gate::new(), Gate::new());
    let (outer, begun) = (gate.clone(), inner.clone());
    let hold = queue.call(move || {
        begun.open();
        outer.pass();
    });
    inner.pass();
    (queue, gate, hold)
}

/// What bodies leave behind, in the order in which they have run.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u32>>>);

impl Log {
    fn add(&self, entry: u32) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// A body that adds an entry.
    fn body(&self, entry: u32) -> impl FnOnce() + Send + 'static {
        let log = self.clone();
        move || log.add(entry)
    }

    fn take(&self) -> Vec<u32> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Takes a thread on.
fn hire(queue: &TaskQueue) -> WorkerId {
    queue.attach(QueueWorker::thread())
}
