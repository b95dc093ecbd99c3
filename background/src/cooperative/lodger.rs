//! A future that stays on its worker's thread while the job that it belongs to goes around.
//!
//! A job may be dropped by whoever cancels it, on any thread; a routine's future must not. So it
//! lives with the worker, and the job's body has its key.

use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::cooperative::active;
use crate::cooperative::shared::{Mail, Shared};
use crate::cooperative::slab::Key;

/// A future with a worker, its output erased.
pub(super) trait Lodging {
    /// Polls the future; its output goes to `place`, an `Option` of its type.
    fn poll_into(self: Pin<&mut Self>, context: &mut Context<'_>, place: &mut dyn Any) -> bool;
}

impl<F: Future<Output: 'static>> Lodging for F {
    fn poll_into(self: Pin<&mut Self>, context: &mut Context<'_>, place: &mut dyn Any) -> bool {
        let Poll::Ready(output) = self.poll(context) else { return false };
        if let Some(place) = place.downcast_mut() {
            *place = Some(output);
        }
        true
    }
}

/// What the job has of such a future: it may be anywhere, and is polled on the worker's thread.
pub(super) struct Lodger<T> {
    key: Key,
    worker: Arc<Shared>,
    _output: PhantomData<fn() -> T>,
}

impl<T> Lodger<T> {
    pub(super) fn new(key: Key, worker: &Arc<Shared>) -> Self {
        Self { key, worker: Arc::clone(worker), _output: PhantomData }
    }
}

impl<T: 'static> Future for Lodger<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let core = active::core_of(&self.worker).expect("a routine is polled by its own worker");
        // Not in its place while it is polled: it may start others.
        let mut lodging = core.borrow_lodging(self.key).expect("a routine's future stays with it");
        let mut place: Option<T> = None;
        if lodging.as_mut().poll_into(context, &mut place) {
            drop(lodging);
            core.forget_lodging(self.key);
            return Poll::Ready(place.expect("the output is of the type that was lodged"));
        }
        core.return_lodging(self.key, lodging);
        Poll::Pending
    }
}

impl<T> Drop for Lodger<T> {
    fn drop(&mut self) {
        match active::core_of(&self.worker) {
            Some(core) => core.forget_lodging(self.key),
            // A worker that is gone has dropped what lodged with it.
            None => drop(self.worker.post(Mail::Evict(self.key))),
        }
    }
}
