//! Handing a task to a thread that may not come to be.

use crate::sync::global::{Arc, Mutex, lock};
use crate::task::Task;

/// A task on its way to a new thread. When the thread cannot be made, the sender takes it back.
#[derive(Clone, Debug)]
pub(crate) struct Handover(Arc<Mutex<Option<Task>>>);

impl Handover {
    pub(crate) fn new(task: Task) -> Self {
        Self(Arc::new(Mutex::new(Some(task))))
    }

    /// The task, for the first who asks.
    pub(crate) fn take(&self) -> Option<Task> {
        lock(&self.0).take()
    }
}
