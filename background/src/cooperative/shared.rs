//! What other threads see of a worker.

use std::sync::Arc;

use crate::cell::parker::Parker;
use crate::cooperative::slab::Key;
use crate::sync::global::{AtomicBool, AtomicUsize, Mutex, Ordering, lock};
use crate::task::Task;

/// Where other threads leave what they want of a worker.
#[derive(Default)]
pub(super) struct Shared {
    inbox: Mutex<Inbox>,
    /// There may be something in the inbox.
    mail: AtomicBool,
    stop: AtomicBool,
    /// How many handles there are: whoever may still send.
    handles: AtomicUsize,
    /// How many routines wait for what takes real time, so that a virtual clock must not jump.
    outside: AtomicUsize,
}

#[derive(Default)]
struct Inbox {
    mail: Vec<Mail>,
    /// Where the worker's thread sleeps.
    bed: Option<Arc<Parker>>,
    closed: bool,
    /// The worker has to look around before it sleeps.
    nudged: bool,
}

pub(super) enum Mail {
    /// A task that becomes a routine.
    Start(Task),
    /// A routine is to be polled.
    Wake(Key),
    /// A future that nobody polls any more is to be dropped, on its own thread.
    Evict(Key),
}

impl Shared {
    /// Leaves something for the worker; gives it back when there is no worker any more.
    pub(super) fn post(&self, mail: Mail) -> Result<(), Mail> {
        let mut inbox = lock(&self.inbox);
        if inbox.closed {
            return Err(mail);
        }
        inbox.mail.push(mail);
        // ORDERING: Relaxed. Who reads it then takes the lock, and looks there again before a sleep.
        self.mail.store(true, Ordering::Relaxed);
        let bed = inbox.bed.clone();
        drop(inbox);
        if let Some(bed) = bed {
            bed.unpark();
        }
        Ok(())
    }

    /// There may be something.
    #[inline]
    pub(super) fn has_mail(&self) -> bool {
        // ORDERING: Relaxed. A mark that is missed is found by the look in `listen`, under the lock.
        self.mail.load(Ordering::Relaxed)
    }

    /// What has been left since the last time.
    pub(super) fn open(&self) -> Vec<Mail> {
        let mut inbox = lock(&self.inbox);
        // ORDERING: Relaxed. Under the lock.
        self.mail.store(false, Ordering::Relaxed);
        std::mem::take(&mut inbox.mail)
    }

    /// Has `bed` woken by whoever leaves something. `false` when there is something.
    pub(super) fn listen(&self, bed: &Arc<Parker>) -> bool {
        let mut inbox = lock(&self.inbox);
        let nudged = std::mem::take(&mut inbox.nudged);
        if nudged || !inbox.mail.is_empty() {
            return false;
        }
        inbox.bed = Some(Arc::clone(bed));
        true
    }

    pub(super) fn hush(&self) {
        let bed = lock(&self.inbox).bed.take();
        drop(bed);
    }

    /// Takes nothing from now on. Returns what was left.
    pub(super) fn close(&self) -> Vec<Mail> {
        let mut inbox = lock(&self.inbox);
        inbox.closed = true;
        std::mem::take(&mut inbox.mail)
    }

    pub(super) fn is_closed(&self) -> bool {
        lock(&self.inbox).closed
    }

    fn wake(&self) {
        let mut inbox = lock(&self.inbox);
        inbox.nudged = true;
        let bed = inbox.bed.clone();
        drop(inbox);
        if let Some(bed) = bed {
            bed.unpark();
        }
    }

    pub(super) fn stop(&self) {
        // ORDERING: Relaxed. `listen` looks at it under the lock that `wake` takes.
        self.stop.store(true, Ordering::Relaxed);
        self.wake();
    }

    pub(super) fn is_stopping(&self) -> bool {
        // ORDERING: Relaxed, as in `stop`.
        self.stop.load(Ordering::Relaxed)
    }

    /// The worker has been told to stop, and does.
    pub(super) fn take_stop(&self) -> bool {
        // ORDERING: Relaxed, as in `stop`.
        self.is_stopping() && self.stop.swap(false, Ordering::Relaxed)
    }

    pub(super) fn more_handles(&self) {
        // ORDERING: Relaxed. Made from another handle, or by the worker's own thread.
        self.handles.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn fewer_handles(&self) {
        // ORDERING: Release pairs with the Acquire in `has_handles`: what was sent is there.
        if self.handles.fetch_sub(1, Ordering::Release) == 1 {
            self.wake();
        }
    }

    pub(super) fn has_handles(&self) -> bool {
        // ORDERING: Acquire pairs with the Release in `fewer_handles`.
        self.handles.load(Ordering::Acquire) > 0
    }

    pub(super) fn is_held(&self) -> bool {
        // ORDERING: Relaxed. Only the worker's own thread changes it while it runs routines.
        self.outside.load(Ordering::Relaxed) > 0
    }
}

/// Keeps a worker's virtual clock from jumping.
pub(super) struct Hold(Arc<Shared>);

impl Hold {
    pub(super) fn of(shared: &Arc<Shared>) -> Self {
        // ORDERING: Relaxed, as in `is_held`.
        shared.outside.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(shared))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        // ORDERING: Relaxed, as in `is_held`.
        self.0.outside.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Shared;
    use crate::cell::parker::Parker;

    /// Whoever waits above the loop that is to stop cannot end it, and may sleep.
    #[test]
    fn a_stop_is_told_once_and_kept_for_who_asks() {
        let (shared, bed) = (Shared::default(), Parker::new());
        shared.stop();
        assert!(!shared.listen(&bed));
        assert!(shared.listen(&bed));
        assert!(shared.take_stop() && !shared.take_stop());
    }
}
