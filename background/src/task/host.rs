//! What a thread's own strategy wants to hear of its touches.
//!
//! A touch happens on this floor, the pools are two floors above; so a pool that has put a queue
//! of its own on a thread, or runs the thread as a worker, leaves an interface here.

use std::cell::RefCell;
use std::rc::Rc;

use crate::sync::global::thread_local;
use crate::task::Task;
use crate::task::job_ref::JobRef;

/// The pool behind a thread.
pub(crate) trait Host {
    /// Takes the job's task back, if it is the newest in this thread's own queue.
    fn retract(&self, job: &JobRef) -> Option<Task>;

    /// The thread is about to sleep in a touch: somebody else may have its core.
    fn blocking(&self);

    /// The thread has slept enough and needs a core again.
    fn resumed(&self);
}

thread_local! {
    static HOST: RefCell<Option<Rc<dyn Host>>> = const { RefCell::new(None) };
}

/// Makes a host this thread's own, in the place of an earlier one. Does nothing while the thread
/// is being torn down.
pub(crate) fn move_in(host: Rc<dyn Host>) {
    // An earlier host is dropped after the borrow: its destructor may look here.
    let _earlier = HOST.try_with(|own| own.borrow_mut().replace(host));
}

/// Forgets this thread's host.
pub(crate) fn move_out() {
    let _earlier = HOST.try_with(|own| own.borrow_mut().take());
}

/// Takes a job's task back, if it is the newest in this thread's own queue.
pub(crate) fn retract(job: &JobRef) -> Option<Task> {
    HOST.try_with(|host| host.borrow().as_ref()?.retract(job)).ok().flatten()
}

/// Says that this thread sleeps, until dropped.
pub(crate) struct Blocking(Option<Rc<dyn Host>>);

/// Says that this thread is about to sleep in a touch.
pub(crate) fn blocking() -> Blocking {
    let host = HOST.try_with(|host| host.borrow().clone()).ok().flatten();
    if let Some(host) = &host {
        host.blocking();
    }
    Blocking(host)
}

impl Drop for Blocking {
    fn drop(&mut self) {
        if let Some(host) = &self.0 {
            host.resumed();
        }
    }
}
