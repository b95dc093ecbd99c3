//! One routine of a worker.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Waker};

use crate::cooperative::bell::Bell;
use crate::task::Task;
use crate::task::awaiting::Awaiting;
use crate::task::job_ref::JobRef;
use crate::task::steps::TaskFuture;
use crate::task::wait_graph::{self, Keepers};

/// A task that is run step by step.
pub(super) struct Routine {
    job: JobRef,
    future: TaskFuture,
    bell: Arc<Bell>,
    awaiting: Rc<Awaiting>,
    /// The graph of waits knows whom it waits for.
    told: bool,
}

/// Who has a clone of the bell, but those whom the routine has asked to wake it: the routine, what
/// polls it, and the watch for a stop, which has two.
const OWN_BELLS: usize = 4;

impl Routine {
    /// `bell` has rung: the routine is in the queue.
    pub(super) fn new(task: Task, bell: Arc<Bell>) -> Self {
        let job = task.job().clone();
        let awaiting = Awaiting::new(Waker::from(Arc::clone(&bell)));
        Self { job, future: task.into_future(), bell, awaiting, told: false }
    }

    /// One step. `true` when it was the last.
    #[inline]
    pub(super) fn poll(&mut self) -> bool {
        self.forget();
        self.bell.answer();
        let begun = self.awaiting.begin();
        let mut context = Context::from_waker(self.awaiting.waker());
        let over = Pin::new(&mut self.future).poll(&mut context).is_ready();
        drop(begun);
        if !over && self.awaiting.is_any() {
            self.tell();
        }
        over
    }

    /// Says whom it waits for, if that is known. Where that closes a circle, somebody fails.
    #[cold]
    fn tell(&mut self) {
        if self.job.is_timed() {
            return;
        }
        let clones = || Arc::strong_count(&self.bell);
        let needs = self.awaiting.needs_beside(OWN_BELLS, clones, || self.bell.has_rung());
        if !needs.is_empty() {
            self.told = true;
            wait_graph::suspend(&self.job, Keepers::Awaits(needs));
        }
    }

    #[inline]
    fn forget(&mut self) {
        if std::mem::take(&mut self.told) {
            wait_graph::forget(&self.job);
        }
    }
}

impl Drop for Routine {
    fn drop(&mut self) {
        self.bell.mute();
        self.forget();
    }
}
