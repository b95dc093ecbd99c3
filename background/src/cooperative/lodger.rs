//! A future that stays on its worker's thread while the job that it belongs to goes around.
//!
//! A job that has not begun may be dropped by whoever cancels it, on any thread; a routine's future
//! must not. So until the routine begins, the future lives with the worker, and the job's body has its
//! key. From then on the body stays on the worker's thread, and has the future itself.

use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::cooperative::active;
use crate::cooperative::shared::{Mail, Shared};
use crate::cooperative::slab::Key;

/// What the job has of such a future before it begins: it may be anywhere.
pub(super) struct Lodger<F> {
    key: Key,
    worker: Arc<Shared>,
    _future: PhantomData<fn() -> F>,
}

impl<F: Future + 'static> Lodger<F> {
    pub(super) fn new(key: Key, worker: &Arc<Shared>) -> Self {
        Self { key, worker: Arc::clone(worker), _future: PhantomData }
    }

    /// Runs the future, on the worker's thread.
    pub(super) async fn run(self) -> F::Output {
        let core = active::core_of(&self.worker).expect("a routine is polled by its own worker");
        let lodging = core.leave(self.key).and_then(|lodging| lodging.downcast::<F>().ok());
        drop((core, self));
        Box::into_pin(lodging.expect("a routine's future stays with its worker")).await
    }
}

impl<F> Drop for Lodger<F> {
    fn drop(&mut self) {
        match active::core_of(&self.worker) {
            Some(core) => drop(core.leave(self.key)),
            // A worker that is gone has dropped what lodged with it.
            None => drop(self.worker.post(Mail::Evict(self.key))),
        }
    }
}
