//! The queues of one thread, and the list of all such queues.

use std::sync::Arc;

use crossbeam_deque::{Injector, Steal, Stealer};

use crate::sync::global::{AtomicUsize, Mutex, Ordering, fence, lock};
use crate::task::Task;

/// What others may take from one thread.
pub(super) struct Desk {
    /// Submitted by the thread itself, oldest first for others.
    pub(super) own: Stealer<Task>,
    /// Taken from others in advance, oldest first for everybody.
    pub(super) inbox: Option<Stealer<Task>>,
}

impl Desk {
    fn stealers(&self) -> impl Iterator<Item = &Stealer<Task>> {
        std::iter::once(&self.own).chain(&self.inbox)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.stealers().all(Stealer::is_empty)
    }

    fn len(&self) -> usize {
        self.stealers().map(Stealer::len).sum()
    }
}

/// All desks with something on them, and the queue of those who have none.
///
/// A thread enters its desk before it first puts something there, and takes it off the list when it
/// is empty and the thread sleeps or ends; so a pool of thousands of sleeping bodies has few desks
/// to look through.
#[derive(Default)]
pub(super) struct Desks {
    /// From threads that are being torn down, and what is left on the desk of one that has ended.
    injector: Injector<Task>,
    list: Mutex<Vec<Arc<Desk>>>,
    /// Changes with the list.
    version: AtomicUsize,
}

impl Desks {
    pub(super) fn enter(&self, desk: &Arc<Desk>) {
        lock(&self.list).push(Arc::clone(desk));
        self.renew();
    }

    pub(super) fn remove(&self, desk: &Arc<Desk>) {
        lock(&self.list).retain(|other| !Arc::ptr_eq(other, desk));
        self.renew();
    }

    fn renew(&self) {
        // ORDERING: Release pairs with the Acquire in `Copy::refresh`: whoever sees the new version
        // and takes the lock sees the new list. Who misses it works with the old list and looks
        // into the list itself before it sleeps.
        self.version.fetch_add(1, Ordering::Release);
    }

    pub(super) fn inject(&self, task: Task) {
        self.injector.push(task);
    }

    pub(super) fn take_injected(&self) -> Option<Task> {
        insist(|| self.injector.steal())
    }

    /// The oldest task of anybody, for who has no copy of the list.
    #[cold]
    pub(super) fn take_any(&self) -> Option<Task> {
        self.take_injected().or_else(|| {
            let desks = lock(&self.list).clone();
            desks.iter().flat_map(|desk| desk.stealers()).find_map(|it| insist(|| it.steal()))
        })
    }

    /// Something is queued somewhere, stale entries included.
    pub(super) fn has_work(&self) -> bool {
        !self.injector.is_empty() || lock(&self.list).iter().any(|desk| !desk.is_empty())
    }

    /// How much is queued, stale entries included.
    pub(super) fn len(&self) -> usize {
        self.injector.len() + lock(&self.list).iter().map(|desk| desk.len()).sum::<usize>()
    }
}

/// One thread's own copy of the list, so that looking around takes no lock.
#[derive(Default)]
pub(super) struct Copy {
    desks: Vec<Arc<Desk>>,
    version: usize,
    /// Where something was found last.
    lucky: usize,
}

impl Copy {
    fn refresh(&mut self, desks: &Desks) {
        // ORDERING: Acquire pairs with the Release in `Desks::renew`.
        let version = desks.version.load(Ordering::Acquire);
        if version != self.version {
            self.desks.clone_from(&lock(&desks.list));
            self.version = version;
        }
    }

    /// Looks at every desk once, beginning where something was found last.
    pub(super) fn find(
        &mut self,
        desks: &Desks,
        mut take: impl FnMut(&Stealer<Task>) -> Option<Task>,
    ) -> Option<Task> {
        self.refresh(desks);
        let count = self.desks.len();
        for offset in 0..count {
            let at = (self.lucky + offset) % count;
            if let Some(task) = self.desks[at].stealers().find_map(&mut take) {
                self.lucky = at;
                return Some(task);
            }
        }
        None
    }

    /// Something is queued somewhere. Exact for what was announced to a worker that searched until
    /// just now: the fence lets it see the list and the queues as they were then.
    pub(super) fn has_work(&mut self, desks: &Desks) -> bool {
        // ORDERING: SeqCst pairs with the fence in `Sleep::announce`.
        fence(Ordering::SeqCst);
        self.refresh(desks);
        !desks.injector.is_empty() || self.desks.iter().any(|desk| !desk.is_empty())
    }

    /// The next look begins elsewhere, so that no desk is always the last.
    pub(super) fn move_on(&mut self) {
        self.lucky = self.lucky.wrapping_add(1);
    }
}

/// Takes one, however often others are faster; `None` when there is none.
pub(super) fn insist(mut steal: impl FnMut() -> Steal<Task>) -> Option<Task> {
    loop {
        match steal() {
            Steal::Success(task) => return Some(task),
            Steal::Empty => return None,
            Steal::Retry => std::hint::spin_loop(),
        }
    }
}
