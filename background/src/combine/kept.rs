//! A task that stays with whoever made it.

use crate::strategy::Strategy;
use crate::sync::global::{Mutex, lock};
use crate::task::Task;

/// Starts nothing: keeps the task for its maker, who knows when it is time.
pub(crate) struct Kept {
    task: Mutex<Option<Task>>,
    claimable: bool,
}

impl Kept {
    /// For a task whose body waits for what it needs: a toucher may run it at any time.
    pub(crate) fn claimable() -> Self {
        Self { task: Mutex::new(None), claimable: true }
    }

    /// For a task whose body must not run before its maker says so.
    pub(crate) fn reserved() -> Self {
        Self { task: Mutex::new(None), claimable: false }
    }

    /// The task, once it was started.
    pub(crate) fn take(self) -> Option<Task> {
        lock(&self.task).take()
    }
}

impl Strategy for Kept {
    fn start(&self, task: Task) {
        *lock(&self.task) = Some(task);
    }

    fn claim_on_touch(&self) -> bool {
        self.claimable
    }
}
