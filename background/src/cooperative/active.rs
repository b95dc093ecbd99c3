//! The worker whose routine this thread polls.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use crate::cooperative::core::Core;
use crate::cooperative::shared::Shared;
use crate::cooperative::slab::Key;
use crate::sync::global::thread_local;

thread_local! {
    static ACTIVE: RefCell<Option<Rc<Core>>> = const { RefCell::new(None) };
}

/// Goes back to the outer worker when dropped.
pub(super) struct Active(Option<Rc<Core>>);

/// Makes a worker the one that runs on this thread.
pub(super) fn enter(core: Rc<Core>) -> Active {
    Active(ACTIVE.try_with(|active| active.borrow_mut().replace(core)).ok().flatten())
}

impl Drop for Active {
    fn drop(&mut self) {
        let outer = self.0.take();
        // What is dropped here is dropped outside of the borrow.
        let _own = ACTIVE.try_with(|active| std::mem::replace(&mut *active.borrow_mut(), outer));
    }
}

/// The worker that runs on this thread.
pub(super) fn core() -> Option<Rc<Core>> {
    ACTIVE.try_with(|active| active.borrow().clone()).ok().flatten()
}

/// The worker that runs on this thread, if it is this one.
pub(super) fn core_of(shared: &Arc<Shared>) -> Option<Rc<Core>> {
    core().filter(|core| core.is_of(shared))
}

/// This worker runs on this thread.
pub(super) fn is(core: &Core) -> bool {
    let is = |active: &RefCell<Option<Rc<Core>>>| {
        active.borrow().as_ref().is_some_and(|active| std::ptr::eq(&raw const **active, core))
    };
    ACTIVE.try_with(is).unwrap_or(false)
}

/// Queues a routine of this worker, if the worker runs on this thread.
#[inline]
pub(super) fn queue(shared: &Arc<Shared>, key: Key) -> bool {
    let queue = |active: &RefCell<Option<Rc<Core>>>| match &*active.borrow() {
        Some(core) if core.is_of(shared) => {
            core.queue(key);
            true
        }
        _ => false,
    };
    ACTIVE.try_with(queue).unwrap_or(false)
}
