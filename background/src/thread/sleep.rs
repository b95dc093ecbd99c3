//! Who sleeps, who searches, who wakes whom. The protocol, and why no wake-up is lost, is in
//! `README.md` beside this file.

use std::sync::Arc;
use std::time::Duration;

use crate::cell::parker::Parker;
use crate::clock::Tick;
use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering, fence};
use crate::sync::{Mutex, lock};
use crate::thread::counts::{CLOSED, Counts, IDLE, RUNNING, SEARCHING, THREAD, WATCHED};

/// The counts, and the beds of the workers that sleep.
pub(super) struct Sleep {
    counts: AtomicU64,
    /// The latest to lie down is the first to be woken: its stack and caches are the warmest, and
    /// those at the bottom are left alone until they leave. `IDLE` is changed under this lock only,
    /// and equals the length.
    beds: Mutex<Vec<Arc<Parker>>>,
    /// How many workers are to have a core.
    workers: usize,
    /// How many more may run because most of them are about to wait. Set by the overseer.
    spare: AtomicUsize,
    /// How many threads there may be.
    most: usize,
}

/// What came of an attempt to get one more worker going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// A sleeping worker has been woken.
    Woken,
    /// The caller is to start a thread, which is counted already; see [`Sleep::not_hired`].
    Hire,
    /// Somebody searches already, or nobody is needed.
    Enough,
    /// As many workers run as there should be: whether all of them have a core is for the overseer
    /// to find out.
    Crowded,
    /// There are as many threads as there may be.
    Exhausted,
}

/// How a sleep ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Morning {
    /// The worker searches now.
    Search,
    /// The worker was not one too many after all, and goes on as before.
    Stay,
    /// Nobody needed it for so long that it is to leave; it is not counted any more.
    Leave,
}

impl Sleep {
    pub(super) fn new(workers: usize, most: usize) -> Self {
        let (counts, beds) = (AtomicU64::new(0), Mutex::new(Vec::new()));
        Self { counts, beds, workers, spare: AtomicUsize::new(0), most }
    }

    pub(super) fn workers(&self) -> usize {
        self.workers
    }

    pub(super) fn spare(&self) -> usize {
        // ORDERING: Relaxed. An estimate that stands for itself.
        self.spare.load(Ordering::Relaxed)
    }

    pub(super) fn set_spare(&self, spare: usize) {
        // ORDERING: Relaxed, as in `spare`.
        self.spare.store(spare.min(self.most), Ordering::Relaxed);
    }

    /// How many workers may run at this moment.
    pub(super) fn target(&self) -> usize {
        self.workers + self.spare()
    }

    /// The counts of this moment, for decisions that are not final.
    #[inline]
    pub(super) fn glance(&self) -> Counts {
        // ORDERING: Relaxed. Whoever acts on it has a fence before (`Sleep::announce`), or looks
        // again under the lock.
        Counts(self.counts.load(Ordering::Relaxed))
    }

    fn add(&self, amount: u64) -> Counts {
        // ORDERING: SeqCst. Every change of the counts is in one order with the fences of
        // `announce` and `lie_down`; see README.md.
        Counts(self.counts.fetch_add(amount, Ordering::SeqCst).wrapping_add(amount))
    }

    fn subtract(&self, amount: u64) -> Counts {
        self.add(amount.wrapping_neg())
    }

    /// Has work just been queued: is there anything to be done about it? The counts if so.
    #[inline]
    pub(super) fn announce(&self) -> Option<Counts> {
        // ORDERING: SeqCst pairs with the fence in `lie_down`. Either this load sees that nobody
        // searches, or the worker that lies down sees what was queued before this.
        fence(Ordering::SeqCst);
        let counts = self.glance();
        (!counts.is_searched()).then_some(counts)
    }

    /// Gets one more worker going, if fewer run than should.
    pub(super) fn call_one(&self) -> Call {
        let mut beds = lock(&self.beds);
        let counts = self.glance();
        if counts.is_searched() {
            return Call::Enough;
        }
        if counts.running() >= self.target() {
            return Call::Crowded;
        }
        self.rouse(&mut beds)
    }

    /// Gets one more worker going although others search: the overseer counts for itself.
    pub(super) fn call_another(&self) -> Call {
        let mut beds = lock(&self.beds);
        if self.glance().running() >= self.target() {
            return Call::Crowded;
        }
        self.rouse(&mut beds)
    }

    fn rouse(&self, beds: &mut Vec<Arc<Parker>>) -> Call {
        if let Some(bed) = beds.pop() {
            self.add((SEARCHING + RUNNING).wrapping_sub(IDLE));
            // Under the lock: a worker that lies down again has to find this wake-up, not a later
            // one's.
            bed.unpark();
            return Call::Woken;
        }
        if self.glance().threads() >= self.most {
            return Call::Exhausted;
        }
        self.add(SEARCHING + RUNNING + THREAD);
        Call::Hire
    }

    /// The thread that was to be started could not be.
    pub(super) fn not_hired(&self) -> Counts {
        self.subtract(SEARCHING + RUNNING + THREAD)
    }

    /// A searching worker has found something to run. `true` when it was the last that searched:
    /// then it is to call another one if there is more.
    pub(super) fn found(&self) -> bool {
        !self.subtract(SEARCHING).is_searched()
    }

    /// A worker has run out of work of its own.
    pub(super) fn search(&self) {
        self.add(SEARCHING);
    }

    /// A worker waits, and its core is free. The caller looks for work afterwards.
    pub(super) fn leave_core(&self) {
        self.subtract(RUNNING);
        // ORDERING: SeqCst pairs with the fence in `announce`, as in `lie_down`.
        fence(Ordering::SeqCst);
    }

    /// A worker that waited goes on.
    pub(super) fn take_core(&self) {
        self.add(RUNNING);
    }

    /// More workers run than should. An answer of this moment; [`Sleep::lie_down`] decides.
    pub(super) fn is_crowded(&self) -> bool {
        self.glance().running() > self.target()
    }

    /// The overseer goes to work or to rest. `true` when that is news.
    pub(super) fn watch(&self, watched: bool) -> bool {
        let before = if watched {
            // ORDERING: SeqCst, as in `add`: of an overseer that rests and a caller that alerts it,
            // the second sees the first.
            self.counts.fetch_or(WATCHED, Ordering::SeqCst)
        } else {
            // ORDERING: SeqCst, as above.
            let before = self.counts.fetch_and(!WATCHED, Ordering::SeqCst);
            // ORDERING: SeqCst pairs with the fence in `announce`, as in `lie_down`: the overseer
            // looks into the queues once more.
            fence(Ordering::SeqCst);
            before
        };
        Counts(before).is_watched() != watched
    }

    /// Nobody will bring work any more: workers leave when they find none.
    pub(super) fn close(&self) {
        // ORDERING: SeqCst, as in `add`. Workers lie down under the lock that is taken next.
        self.counts.fetch_or(CLOSED, Ordering::SeqCst);
        let mut beds = lock(&self.beds);
        for bed in beds.drain(..) {
            self.add((SEARCHING + RUNNING).wrapping_sub(IDLE));
            bed.unpark();
        }
    }

    /// Puts a worker to sleep that has found nothing (`searching`), or that is one too many.
    ///
    /// `has_work` looks into all queues once more; `patience` is how long the worker stays.
    pub(super) fn lie_down(
        &self,
        bed: &Arc<Parker>,
        searching: bool,
        patience: Duration,
        has_work: impl Fn() -> bool,
    ) -> Morning {
        let off = RUNNING + if searching { SEARCHING } else { 0 };
        {
            let mut beds = lock(&self.beds);
            let counts = self.glance();
            if !searching && counts.running() <= self.target() {
                return Morning::Stay;
            }
            if counts.is_closed() {
                self.subtract(off + THREAD);
                // ORDERING: SeqCst pairs with the fence in `announce`, as below.
                fence(Ordering::SeqCst);
                if !has_work() {
                    return Morning::Leave;
                }
                self.add(SEARCHING + RUNNING + THREAD);
                return Morning::Search;
            }
            beds.push(Arc::clone(bed));
            self.add(IDLE.wrapping_sub(off));
        }
        // ORDERING: SeqCst pairs with the fence in `announce`.
        fence(Ordering::SeqCst);
        // One too many does not care for work: those that run will come for it, and while they do
        // not, the overseer looks after it.
        let counts = self.glance();
        let wanted = searching || counts.running() < self.target();
        let needed = counts.is_closed() || (wanted && has_work());
        if needed && self.get_up(bed, SEARCHING + RUNNING) {
            return Morning::Search;
        }
        let until = Tick::now().after(patience);
        loop {
            bed.park(until.left(Tick::now()));
            let mut beds = lock(&self.beds);
            let Some(at) = position(&beds, bed) else {
                // Whoever took it out has counted us as searching.
                return Morning::Search;
            };
            if until <= Tick::now() {
                beds.remove(at);
                self.subtract(IDLE + THREAD);
                return Morning::Leave;
            }
        }
    }

    /// Takes a worker out of its bed, unless somebody else has. It is counted as `now` then.
    fn get_up(&self, bed: &Arc<Parker>, now: u64) -> bool {
        let mut beds = lock(&self.beds);
        let found = position(&beds, bed);
        if let Some(at) = found {
            beds.remove(at);
            self.add(now.wrapping_sub(IDLE));
        }
        found.is_some()
    }
}

fn position(beds: &[Arc<Parker>], bed: &Arc<Parker>) -> Option<usize> {
    // From the back: whoever has just lain down is there.
    beds.iter().rposition(|other| Arc::ptr_eq(other, bed))
}
