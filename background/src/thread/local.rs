//! A thread's own queue in a pool: for workers and for everybody else who submits.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use crossbeam_deque::{Stealer, Worker};

use crate::sync::global::thread_local;
use crate::task::Task;
use crate::task::host::{self, Host};
use crate::task::job_ref::JobRef;
use crate::thread::desk::{Desk, insist};
use crate::thread::pool::Shared;

/// The newest end belongs to the thread: it takes back what it touches, and, if it is a worker,
/// what it submitted last. The oldest end belongs to all others.
pub(super) struct Local {
    shared: Arc<Shared>,
    queue: Worker<Task>,
    desk: Arc<Desk>,
    listed: Cell<bool>,
    /// The job at the newest end if that is known, else null. It may have been taken by others, and
    /// is only ever compared.
    newest: Cell<usize>,
    /// At this length the queue is searched for stale entries.
    sweep_at: Cell<usize>,
    /// How many touches since then were of jobs that are not at the newest end: so many entries may
    /// be stale.
    misses: Cell<usize>,
    /// At so many misses they are compared with the length.
    compare_at: Cell<usize>,
}

/// The queue of a thread is not searched for stale entries below this length.
const SHORT: usize = 256;

/// No job's address.
const UNKNOWN: usize = 0;

impl Local {
    pub(super) fn new(shared: Arc<Shared>, inbox: Option<Stealer<Task>>) -> Self {
        let queue = Worker::new_lifo();
        let desk = Arc::new(Desk { own: queue.stealer(), inbox });
        Self {
            shared,
            queue,
            desk,
            listed: Cell::new(false),
            newest: Cell::new(UNKNOWN),
            sweep_at: Cell::new(SHORT),
            misses: Cell::new(0),
            compare_at: Cell::new(SHORT),
        }
    }

    /// Queues a task. The caller announces it.
    #[inline]
    pub(super) fn push(&self, task: Task) {
        if !self.listed.get() {
            self.list();
        }
        self.newest.set(task.address());
        self.queue.push(task);
        if self.queue.len() >= self.sweep_at.get() {
            self.sweep();
        }
    }

    /// Puts the desk on the list: before the first task, so that nobody overlooks it.
    #[cold]
    pub(super) fn list(&self) {
        if !self.listed.replace(true) {
            self.shared.desks().enter(&self.desk);
        }
    }

    /// Takes the desk off the list, if there is nothing on it. Only its owner puts something there,
    /// so that stays true.
    pub(super) fn unlist_if_empty(&self) {
        if self.listed.get() && self.desk.is_empty() {
            self.listed.set(false);
            self.shared.desks().remove(&self.desk);
        }
    }

    /// The newest task.
    pub(super) fn pop(&self) -> Option<Task> {
        self.newest.set(UNKNOWN);
        self.queue.pop()
    }

    /// The oldest task.
    pub(super) fn pop_oldest(&self) -> Option<Task> {
        insist(|| self.desk.own.steal())
    }

    /// Throws away what was claimed or cancelled meanwhile. As the next search is as far away as
    /// what is left is long, an entry pays for a bounded part of it.
    #[cold]
    fn sweep(&self) {
        let mut wanted = Vec::new();
        while let Some(task) = self.queue.pop() {
            // A stale entry may be the last to know its job: freeing that runs no foreign code.
            if task.is_wanted() {
                wanted.push(task);
            }
        }
        self.sweep_at.set((wanted.len() * 2).max(SHORT));
        self.misses.set(0);
        self.compare_at.set((wanted.len() / 2).max(SHORT));
        for task in wanted.into_iter().rev() {
            self.queue.push(task);
        }
        self.newest.set(UNKNOWN);
    }

    /// A touch has left, or may have left, a stale entry in the midst of the queue.
    fn miss(&self) {
        let misses = self.misses.get() + 1;
        self.misses.set(misses);
        if misses >= self.compare_at.get() {
            self.compare(misses);
        }
    }

    /// Nobody else may come to the queue, and nothing may be pushed for long.
    #[cold]
    fn compare(&self, misses: usize) {
        let length = self.queue.len();
        if length < SHORT {
            self.misses.set(0);
        } else if misses >= length / 2 {
            self.sweep();
            // A worker that looked meanwhile has missed what is left.
            self.shared.announce();
        } else {
            self.compare_at.set(length / 2);
        }
    }

    fn take_back(&self, job: &JobRef) -> Option<Task> {
        let address = job.address().addr().get();
        let newest = self.newest.get();
        if newest != address && newest != UNKNOWN {
            self.miss();
            return None;
        }
        while let Some(task) = self.pop() {
            if task.address() == address {
                return Some(task);
            }
            if task.is_wanted() {
                self.newest.set(task.address());
                self.queue.push(task);
                // A worker that looked meanwhile has missed it.
                self.shared.announce();
                return None;
            }
        }
        None
    }
}

/// What a thread that is no worker has to tell its pool: nothing but what it takes back.
impl Host for Local {
    fn retract(&self, job: &JobRef) -> Option<Task> {
        self.take_back(job)
    }

    fn blocking(&self) {}

    fn resumed(&self) {}
}

impl Drop for Local {
    /// The thread ends: what it has left behind is for the others.
    fn drop(&mut self) {
        let desks = self.shared.desks();
        let mut left = false;
        while let Some(task) = self.pop_oldest() {
            desks.inject(task);
            left = true;
        }
        if self.listed.get() {
            desks.remove(&self.desk);
        }
        if left && !self.shared.announce() {
            self.shared.run_here();
        }
    }
}

/// The queues of one thread: one for each pool that it has submitted to, the latest first.
struct Own {
    locals: RefCell<Vec<Rc<Local>>>,
    /// The thread's host is not one of these but knows more.
    is_worker: Cell<bool>,
}

thread_local! {
    static OWN: Own = const { Own { locals: RefCell::new(Vec::new()), is_worker: Cell::new(false) } };
}

impl Own {
    /// Queues a task for the pool that was used last; gives it back when that is another one.
    #[inline]
    fn push(&self, shared: &Arc<Shared>, task: Task) -> Result<(), Task> {
        match self.locals.borrow().first() {
            Some(local) if Arc::ptr_eq(&local.shared, shared) => {
                local.push(task);
                Ok(())
            }
            _ => Err(task),
        }
    }

    /// Makes the queue for this pool the first.
    #[cold]
    fn turn_to(&self, shared: &Arc<Shared>) {
        let mut locals = self.locals.borrow_mut();
        let known = locals.iter().position(|local| Arc::ptr_eq(&local.shared, shared));
        let local = match known {
            Some(at) => locals.remove(at),
            None => Rc::new(Local::new(Arc::clone(shared), None)),
        };
        // Pools that are gone leave no queues behind.
        let (mut open, gone): (Vec<_>, Vec<_>) =
            locals.drain(..).partition(|local| !local.shared.is_closed());
        open.insert(0, Rc::clone(&local));
        *locals = open;
        drop(locals);
        drop(gone);
        if !self.is_worker.get() {
            host::move_in(local);
        }
    }
}

/// Makes a worker's queue the thread's own.
pub(super) fn adopt(local: Rc<Local>) {
    OWN.with(|own| {
        own.is_worker.set(true);
        own.locals.borrow_mut().insert(0, local);
    });
}

/// Queues a task on the calling thread's desk; gives it back when the thread is being torn down.
#[inline]
pub(super) fn push(shared: &Arc<Shared>, task: Task) -> Result<(), Task> {
    let mut task = Some(task);
    let _torn_down = OWN.try_with(|own| {
        for _ in 0..2 {
            let Some(next) = task.take() else { return };
            let Err(back) = own.push(shared, next) else { return };
            task = Some(back);
            own.turn_to(shared);
        }
    });
    task.map_or(Ok(()), Err)
}

/// Takes the newest task of the calling thread for this pool.
pub(super) fn pop(shared: &Arc<Shared>) -> Option<Task> {
    let newest = OWN.try_with(|own| {
        let locals = own.locals.borrow();
        locals.iter().find(|local| Arc::ptr_eq(&local.shared, shared))?.pop()
    });
    newest.ok().flatten()
}
