//! The waker of a routine.

use std::sync::Arc;
use std::task::Wake;

use crate::cooperative::active;
use crate::cooperative::shared::{Mail, Shared};
use crate::cooperative::slab::Key;
use crate::sync::global::{AtomicBool, Ordering};

/// Puts one routine into its worker's queue, once until it was polled.
pub(super) struct Bell {
    key: Key,
    queued: AtomicBool,
    worker: Arc<Shared>,
}

impl Bell {
    /// The bell of a routine that is in the queue.
    pub(super) fn of(key: Key, worker: &Arc<Shared>) -> Arc<Self> {
        Arc::new(Self { key, queued: AtomicBool::new(true), worker: Arc::clone(worker) })
    }

    /// The routine is out of the queue and about to be polled.
    pub(super) fn answer(&self) {
        // ORDERING: Acquire pairs with the Release in `wake_by_ref`: the poll sees what the waker did.
        self.queued.swap(false, Ordering::Acquire);
    }

    /// The routine is in the queue, or has been polled for the last time.
    pub(super) fn has_rung(&self) -> bool {
        // ORDERING: Acquire, as in `answer`.
        self.queued.load(Ordering::Acquire)
    }

    /// There is nobody to poll any more.
    pub(super) fn mute(&self) {
        // ORDERING: Relaxed. Wakers that come later have nothing to tell.
        self.queued.store(true, Ordering::Relaxed);
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // ORDERING: Release pairs with the Acquire in `answer`.
        if self.queued.swap(true, Ordering::Release) || active::queue(&self.worker, self.key) {
            return;
        }
        // A worker that is gone polls nobody.
        let _ = self.worker.post(Mail::Wake(self.key));
    }
}
