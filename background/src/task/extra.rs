//! What few jobs have.

use std::borrow::Cow;
use std::sync::Arc;

use crate::clock::Tick;
use crate::clock::virtual_clock::VirtualClock;
use crate::parcel::Parcel;
use crate::sync::global::{AtomicU64, Mutex, Ordering, lock};
use crate::task::header::Clocks;
use crate::task::limit::{Held, Permit};
use crate::task::rank::Rank;
use crate::task::remote::Remote;

/// Settings that a plain call does without: it is one allocation, and that is small.
pub(crate) struct Extra {
    pub(crate) name: Option<Cow<'static, str>>,
    pub(crate) clocks: Clocks,
    /// The clock that the limits follow, if it is not the real one.
    pub(crate) clock: Option<VirtualClock>,
    /// When the body has to end: known from the call on (deadline) or from its start (budget).
    limit: AtomicU64,
    /// The limits of functions under which this job was asked for.
    pub(crate) held: Held,
    /// Taken by whoever has the claim. The lock is never fought for.
    permit: Mutex<Option<Permit>>,
    /// What another process needs to run the body.
    pub(crate) parcel: Option<Arc<Parcel>>,
    /// What the call says about its place in a queue.
    pub(crate) rank: Option<Box<Rank>>,
    /// Who runs it there.
    remote: Mutex<Option<Arc<dyn Remote>>>,
}

impl Extra {
    #[cold]
    #[inline(never)]
    #[allow(clippy::unnecessary_box_returns)]
    pub(crate) fn boxed(
        name: Option<Cow<'static, str>>,
        clocks: Clocks,
        clock: Option<VirtualClock>,
        held: Held,
        permit: Option<Permit>,
        parcel: Option<Arc<Parcel>>,
        rank: Option<Box<Rank>>,
    ) -> Box<Self> {
        let limit = AtomicU64::new(clocks.deadline.0);
        let (permit, remote) = (Mutex::new(permit), Mutex::new(None));
        Box::new(Self { name, clocks, clock, limit, held, permit, parcel, rank, remote })
    }

    /// Enters who runs the body in another process, if `claim` gets the right to that.
    ///
    /// Under the lock, so that whoever finds the claim taken finds the remote as well.
    pub(crate) fn entrust<C>(
        &self,
        remote: Arc<dyn Remote>,
        claim: impl FnOnce() -> Option<C>,
    ) -> Option<C> {
        let mut entered = lock(&self.remote);
        let claimed = claim()?;
        *entered = Some(remote);
        Some(claimed)
    }

    pub(crate) fn remote(&self) -> Option<Arc<dyn Remote>> {
        lock(&self.remote).clone()
    }

    pub(crate) fn take_permit(&self) -> Option<Permit> {
        lock(&self.permit).take()
    }

    /// The time by the job's clock.
    pub(crate) fn now(&self) -> Tick {
        self.clock.as_ref().map_or_else(Tick::now, VirtualClock::tick)
    }

    /// When the body has to end, as far as is known by now.
    pub(crate) fn limit(&self) -> Tick {
        // ORDERING: Relaxed. The limit stands for itself; a waiter that reads an old one is woken
        // by the timer or reads again.
        Tick(self.limit.load(Ordering::Relaxed))
    }

    /// Starts the clock of the body, if it has not been started when the task was handed over.
    /// Returns the limit.
    pub(crate) fn start_clock(&self, now: Tick) -> Tick {
        let known = self.limit();
        if known != self.clocks.deadline {
            return known;
        }
        let limit = self.clocks.deadline.min(Tick(now.0.saturating_add(self.clocks.budget)));
        // ORDERING: Relaxed, as in `limit`.
        self.limit.store(limit.0, Ordering::Relaxed);
        limit
    }
}
