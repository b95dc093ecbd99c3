//! What a thread does while it waits: the routines of its own cooperative workers.
//!
//! A worker runs on one thread, so when that thread waits for something, nobody else can run the
//! worker's routines; and what it waits for may hang on them. A touch happens on this floor, the
//! workers are some floors above, so a worker leaves an interface here.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use crate::cell::parker::Parker;
use crate::clock::Tick;
use crate::sync::global::thread_local;
use crate::task::stack;

/// A cooperative worker, as the thread sees it that it lives on.
pub(crate) trait Aside {
    /// Runs a routine that is ready, one step. `false` when none is.
    fn step(&self) -> bool;

    /// From now on, whatever makes a routine ready wakes `bed`.
    fn listen(&self, bed: &Arc<Parker>) -> Rest;

    /// The thread is awake.
    fn hush(&self);
}

/// Whether a worker lets its thread sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// A routine is ready by now.
    Awake,
    /// None is, and the next timer is due then.
    Until(Tick),
}

thread_local! {
    static ASIDES: RefCell<Vec<Rc<dyn Aside>>> = const { RefCell::new(Vec::new()) };
}

/// This thread has one more worker.
pub(crate) fn enter(aside: Rc<dyn Aside>) {
    let _ = ASIDES.try_with(|all| all.borrow_mut().push(aside));
}

/// And one less.
pub(crate) fn leave(aside: &Rc<dyn Aside>) {
    let gone = ASIDES.try_with(|all| {
        let mut all = all.borrow_mut();
        let at = all.iter().position(|it| Rc::ptr_eq(it, aside))?;
        Some(all.remove(at))
    });
    // Whatever hangs on it is dropped outside of the borrow.
    drop(gone);
}

fn nth(nth: usize) -> Option<Rc<dyn Aside>> {
    ASIDES.try_with(|all| all.borrow().get(nth).map(Rc::clone)).ok().flatten()
}

/// This thread has workers.
#[inline]
pub(crate) fn is_any() -> bool {
    ASIDES.try_with(|all| !all.borrow().is_empty()).unwrap_or(false)
}

/// Lets every worker of this thread run a step. `false` when none of them had anything to do.
pub(crate) fn step() -> bool {
    if !is_any() {
        return false;
    }
    let mut ran = false;
    // By position: workers may come and go meanwhile.
    let mut at = 0;
    while let Some(aside) = nth(at) {
        // A step may wait in turn and run further steps above it, and so on.
        ran |= stack::with_room(|| aside.step());
        at += 1;
    }
    ran
}

/// Sleeps in `bed` as [`Parker::park`], unless a worker of this thread is ready; at most until the
/// next of their timers.
pub(crate) fn park(bed: &Arc<Parker>, patience: Option<Duration>) {
    if !is_any() {
        bed.park(patience);
        return;
    }
    let asides: Vec<_> = (0..).map_while(nth).collect();
    let mut first = Some(Tick::NEVER);
    for aside in &asides {
        match aside.listen(bed) {
            Rest::Awake => {
                first = None;
                break;
            }
            Rest::Until(due) => first = first.map(|first| first.min(due)),
        }
    }
    let _quiet = Quiet(&asides);
    let Some(first) = first else { return };
    let nap = first.left(Tick::now());
    let nap = match (nap, patience) {
        (Some(nap), Some(patience)) => Some(nap.min(patience)),
        (nap, patience) => nap.or(patience),
    };
    if nap != Some(Duration::ZERO) {
        bed.park(nap);
    }
}

struct Quiet<'a>(&'a [Rc<dyn Aside>]);

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        self.0.iter().for_each(|aside| aside.hush());
    }
}
