//! The state word and its transitions.

use crate::sync::atomic::{AtomicU32, Ordering};

/// The body has an owner.
pub(crate) const CLAIMED: u32 = 1 << 0;
/// The outcome has an owner, who is writing it or has written it.
pub(crate) const FILLING: u32 = 1 << 1;
/// The outcome can be read. Final.
pub(crate) const READY: u32 = 1 << 2;
/// The slot is initialised. Set together with `READY`.
pub(crate) const SLOT: u32 = 1 << 3;
/// The outcome is a failure, in the slot or in the record. Set together with `READY`.
pub(crate) const FAILED: u32 = 1 << 4;
/// A touch may go straight to the slot: it is initialised and needs no book-keeping.
pub(crate) const FAST: u32 = 1 << 5;
/// Somebody has seen the failure, so nobody needs to report it.
pub(crate) const READ: u32 = 1 << 6;
/// The running body is to unwind at its next checkpoint.
pub(crate) const STOP: u32 = 1 << 7;
/// There may be waiters in the list.
pub(crate) const WAITING: u32 = 1 << 8;
/// The handle is gone.
pub(crate) const ORPHAN: u32 = 1 << 9;
/// No task is under way: the body waits in its cell for the first touch.
pub(crate) const PARKED: u32 = 1 << 10;
/// The body has to look at the clock itself: there is no timer thread.
pub(crate) const WATCH: u32 = 1 << 11;
/// The job's scope has not yet looked whether its body is parked.
pub(crate) const FRESH: u32 = 1 << 12;

// What kind of job it is. These are set when it is made and never change.

/// A toucher may run the body, if it has not started.
pub(crate) const CLAIMABLE: u32 = 1 << 24;
/// The job has a clock that may end it.
pub(crate) const TIMED: u32 = 1 << 25;
/// A scope waits for the job, so it must not be left waiting for a touch.
pub(crate) const SCOPED: u32 = 1 << 26;
/// The job holds a permit, so it must not be left waiting for a touch either.
pub(crate) const LIMITED: u32 = 1 << 27;
/// The job is cancelled when its future is dropped.
pub(crate) const CANCEL_ON_DROP: u32 = 1 << 28;
/// Dropping the job's future waits for the job.
pub(crate) const JOIN_ON_DROP: u32 = 1 << 29;

/// One atomic word of the bits above. Every method is one transition.
#[derive(Debug)]
pub(crate) struct State(AtomicU32);

impl State {
    #[inline]
    pub(crate) fn new(bits: u32) -> Self {
        Self(AtomicU32::new(bits))
    }

    /// All bits, with everything that was written before they were set.
    #[inline]
    pub(crate) fn read(&self) -> u32 {
        // ORDERING: Acquire pairs with the Release in `publish` and `publish_waiting`: whoever
        // sees READY or FAST sees the slot and the record.
        self.0.load(Ordering::Acquire)
    }

    /// A glance at the bits that promises nothing about other memory.
    #[inline]
    pub(crate) fn glance(&self) -> u32 {
        // ORDERING: Relaxed. Only STOP, WATCH, CLAIMED, PARKED and what never changes are read
        // this way, and by whoever is alone, all bits; none of them publishes memory, and a stale
        // answer is one the caller could have got a moment ago.
        self.0.load(Ordering::Relaxed)
    }

    /// Takes the right to the body. `Some` for exactly one caller: the bits before.
    pub(crate) fn claim(&self) -> Option<u32> {
        // ORDERING: Relaxed. The body was written before the cell was shared, and whatever shared
        // it (a queue, a handle's send) ordered that write before this; the claim only decides
        // who, among those who already can see the body, may touch it.
        let before = self.0.fetch_or(CLAIMED, Ordering::Relaxed);
        (before & CLAIMED == 0).then_some(before)
    }

    /// Takes the right to the body, for a caller who has found that nobody else can reach the cell
    /// and that the bits were `before`.
    #[inline]
    pub(crate) fn claim_alone(&self, before: u32) {
        // ORDERING: Relaxed. Nobody else can see it; whoever gets a reference later gets it from
        // this thread, which orders this store before.
        self.0.store(before | CLAIMED, Ordering::Relaxed);
    }

    /// Takes the right to the outcome. `true` for exactly one caller.
    pub(crate) fn begin_fill(&self) -> bool {
        // ORDERING: Relaxed. The slot and the record are untouched before this, and their
        // initialisation was ordered before by whatever shared the cell.
        self.0.fetch_or(FILLING, Ordering::Relaxed) & FILLING == 0
    }

    /// Takes whatever is still to be had of both rights, and tells a running body to stop. Returns
    /// the bits before: without `CLAIMED` the caller has both rights now, with `CLAIMED` but
    /// without `FILLING` that to the outcome, else none.
    pub(crate) fn resolve(&self) -> u32 {
        // ORDERING: Relaxed, as in `claim` and `begin_fill`. STOP carries no data: the body only
        // unwinds. If both rights were gone, the body is over or was told before.
        self.0.fetch_or(CLAIMED | FILLING | STOP, Ordering::Relaxed)
    }

    /// Publishes the outcome unless somebody waits. `Ok(previous)` when it did.
    pub(crate) fn publish(&self, bits: u32) -> Result<u32, ()> {
        let current = self.glance();
        if current & WAITING != 0 {
            return Err(());
        }
        // ORDERING: Release pairs with the Acquire in `read`, `orphan` and `begin_wait`: the
        // outcome is written before READY. Relaxed on failure: the caller only starts over.
        self.0
            .compare_exchange_weak(
                current,
                current | READY | bits,
                Ordering::Release,
                Ordering::Relaxed,
            )
            .map_err(drop)
    }

    /// Publishes the outcome. The caller holds the lock of the waiters and takes them all.
    pub(crate) fn publish_waiting(&self, bits: u32) -> u32 {
        // ORDERING: Release pairs with the Acquire in `read`, `orphan` and `begin_wait`.
        self.0.fetch_or(READY | bits, Ordering::Release)
    }

    /// Says that the list has an entry. The caller holds the lock of the waiters. `true` when the
    /// outcome is already there and nobody will look at the list again.
    pub(crate) fn begin_wait(&self) -> bool {
        // ORDERING: Acquire pairs with the Release in `publish`: the caller reads the outcome if
        // it is there. The entry itself is handed over by the lock of the waiters.
        self.0.fetch_or(WAITING, Ordering::Acquire) & READY != 0
    }

    /// Says that the handle is gone. Returns the bits before.
    pub(crate) fn orphan(&self) -> u32 {
        // ORDERING: Acquire pairs with the Release in `publish`: when READY was first, the caller
        // now owns the outcome and drops it. When it was not, the filler owns what it wrote.
        self.0.fetch_or(ORPHAN, Ordering::Acquire)
    }

    /// Says that the failure has been seen, and that a slot, if any, needs no book-keeping again.
    pub(crate) fn mark_read(&self) {
        let bits = if self.read() & SLOT == 0 { READ } else { READ | FAST };
        // ORDERING: Release keeps FAST a valid publication: the caller has seen READY, so the slot
        // happens before this, and another toucher's Acquire in `read` pairs with it.
        self.0.fetch_or(bits, Ordering::Release);
    }

    /// Says that checkpoints have to look at the clock.
    pub(crate) fn watch(&self) {
        // ORDERING: Relaxed. A checkpoint that misses it looks at the next one.
        self.0.fetch_or(WATCH, Ordering::Relaxed);
    }

    /// Says that the body waits for its first touch. Returns the bits before.
    pub(crate) fn park(&self) -> u32 {
        // ORDERING: Relaxed. Of this and a waiter's WAITING, or a handle's ORPHAN, the second sees
        // the first in the word itself, and acts on it; no other memory is concerned.
        self.0.fetch_or(PARKED, Ordering::Relaxed)
    }

    /// Takes the right to start a parked body. `true` for at most one caller.
    pub(crate) fn unpark(&self) -> bool {
        // ORDERING: Relaxed, as in `claim`: it only decides who hands the body on, and handing it
        // on orders the body's memory.
        self.0.fetch_and(!PARKED, Ordering::Relaxed) & (PARKED | CLAIMED) == PARKED
    }

    /// The job's scope looks whether the body is parked; from now on it does not park any more.
    pub(crate) fn look(&self) -> u32 {
        // ORDERING: Relaxed. Of this and a late `park`, the second sees the first in the word.
        self.0.fetch_and(!FRESH, Ordering::Relaxed)
    }
}
