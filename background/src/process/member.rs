//! A worker process as the program sees it.

use std::collections::VecDeque;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use rustix::net::Shutdown;
use rustix::process::{Pid, Signal, kill_process_group, pidfd_send_signal};

use crate::clock::Tick;
use crate::failure::Failure;
use crate::flow::Side;
use crate::parcel::Freight;
use crate::process::call::{Call, Flight, Queued};
use crate::process::channel::bell::Bell;
use crate::process::channel::frame::{Had, Head, Kind};
use crate::process::channel::mapping::{Direction, Mapping};
use crate::process::channel::ring::{Broken, End, rouse};
use crate::process::cpu_clock::CpuWatch;
use crate::process::group::descendants;
use crate::process::link::{Frame, Link};
use crate::process::pool::Shared;
use crate::sync::global::{AtomicBool, Mutex, MutexGuard, Ordering, fence, lock};
use crate::task::job_ref::{JobRef, Rights};

/// One worker.
pub(super) struct Member {
    pub(super) pid: Pid,
    /// Readable when the process is dead.
    pidfd: OwnedFd,
    control: OwnedFd,
    pub(super) memory: Arc<Mapping>,
    link: Mutex<Link>,
    duty: Mutex<Duty>,
    /// It is dead or about to be: nobody needs to wait for its answer.
    is_ending: AtomicBool,
    /// The pool that it belongs to.
    pool: Weak<Shared>,
}

/// What a worker is at, as far as the program knows.
pub(super) struct Duty {
    pub(super) stage: Stage,
    pub(super) flight: Option<Flight>,
    /// What it has to run before its first call.
    pub(super) briefing: VecDeque<Queued>,
    /// The number of the latest call.
    pub(super) number: u64,
    /// How many calls it has answered.
    pub(super) served: u64,
    /// When it was given its last call, or was last free.
    pub(super) since: Instant,
    pub(super) cpu: Option<CpuWatch>,
    /// What it had started when it was killed.
    pub(super) descendants: Vec<OwnedFd>,
}

/// The life of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The process has been started.
    Starting,
    /// The pool's initialiser runs.
    Initialising,
    /// It takes calls.
    Serving,
    /// It has been told to leave.
    Leaving,
    /// It has been killed.
    Condemned,
    /// It is dead, and the system has been told that we know.
    Buried,
}

impl Member {
    pub(super) fn new(
        pid: Pid,
        pidfd: OwnedFd,
        control: OwnedFd,
        memory: Arc<Mapping>,
        ends: (End, End),
        pool: Weak<Shared>,
    ) -> Self {
        let duty = Duty {
            stage: Stage::Starting,
            flight: None,
            briefing: VecDeque::new(),
            number: 0,
            served: 0,
            since: Instant::now(),
            cpu: None,
            descendants: Vec::new(),
        };
        let (link, duty) = (Mutex::new(Link::new(ends)), Mutex::new(duty));
        let is_ending = AtomicBool::new(false);
        Self { pid, pidfd, control, memory, link, duty, is_ending, pool }
    }

    pub(super) fn number(&self) -> u32 {
        self.pid.as_raw_nonzero().get().unsigned_abs()
    }

    pub(super) fn pool(&self) -> Option<Arc<Shared>> {
        self.pool.upgrade()
    }

    pub(super) fn pidfd(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }

    pub(super) fn duty(&self) -> MutexGuard<'_, Duty> {
        lock(&self.duty)
    }

    /// The worker has begun to run its call of that number. Sure only once it is dead.
    pub(super) fn has_begun(&self, number: u64) -> bool {
        // ORDERING: Acquire pairs with the Release in the worker's `serve_one`.
        self.memory.front().begun.load(Ordering::Acquire).wrapping_add(1) != number
    }

    /// This process was forked from the one that has the worker, and must not meddle with it.
    fn is_elsewhere(&self) -> bool {
        self.pool.upgrade().is_some_and(|pool| !pool.is_here())
    }

    /// Tells the worker something about the stream that this call makes, if it still does.
    pub(super) fn tell(&self, call: &Call, kind: Kind, had: Had) {
        let Some(pool) = self.pool.upgrade() else { return };
        if self.is_elsewhere() {
            return;
        }
        let mut duty = self.duty();
        let flight = duty
            .flight
            .as_ref()
            .filter(|flight| std::ptr::eq(&raw const *flight.call, call) && flight.stop.is_none());
        let Some(number) = flight.map(|flight| flight.number) else { return };
        let bytes = had.encode();
        let front = Head { kind, number, label: 0, length: bytes.len() as u64 };
        if self.send(pool.bell(), front, &[], Arc::new(Freight { bytes })) == Err(Broken) {
            self.condemn(&mut duty);
        }
    }

    /// Sends a frame: what fits at once, and the rest when there is room.
    pub(super) fn send(
        &self,
        bell: &Bell,
        head: Head,
        label: &[u8],
        freight: Arc<Freight>,
    ) -> Result<(), Broken> {
        let mut link = lock(&self.link);
        link.send(bell, head, label, freight)?;
        self.leave(link, bell);
        Ok(())
    }

    /// Leaves the link to the keeper. Whoever has rung while it was locked has rung in vain: the keeper
    /// does not wait for the lock. So it is rung once more.
    fn leave(&self, link: MutexGuard<'_, Link>, bell: &Bell) {
        let sends = link.sends();
        drop(link);
        // ORDERING: SeqCst pairs with the fence in `look`: either the keeper sees the lock free, or we
        // see what was rung for.
        fence(Ordering::SeqCst);
        let rests = |direction: Direction, side| self.memory.flow(direction).rests_on_bell(side);
        let all_rest = rests(Direction::Replies, Side::Reader)
            && (!sends || rests(Direction::Requests, Side::Writer));
        if !all_rest {
            bell.ring();
        }
    }

    /// Takes what there is, without waiting, and says whether anything has moved. Somebody else may be
    /// at it, and then will have it.
    pub(super) fn look(&self, bell: &Bell) -> (Result<Option<Frame>, Broken>, bool) {
        // ORDERING: SeqCst pairs with the fence in `leave`.
        fence(Ordering::SeqCst);
        self.link.try_lock().map_or((Ok(None), false), |mut link| link.look_after(bell))
    }

    /// Takes those items of a call's stream that are there. Somebody else may be at it.
    pub(super) fn take_items(&self, number: u64, items: &mut Vec<Vec<u8>>) {
        let Some(pool) = self.pool.upgrade() else { return };
        if let Ok(mut link) = self.link.try_lock() {
            link.take_items(pool.bell(), number, items);
        }
    }

    /// The same, when the worker is dead: nobody else has anything to wait for.
    pub(super) fn last_look(&self, bell: &Bell) -> Result<Option<Frame>, Broken> {
        lock(&self.link).turn(bell)
    }

    /// Looks for the answer for a while, in the place of the keeper.
    pub(super) fn attend(self: &Arc<Self>, job: &JobRef, until: Tick) {
        let Some(pool) = self.pool.upgrade() else { return };
        if !pool.is_here() {
            return;
        }
        let Ok(mut link) = self.link.try_lock() else { return };
        // ORDERING: SeqCst pairs with the store in `rouse`.
        let goes_on = || !self.is_ending.load(Ordering::SeqCst) && !job.core.is_ready();
        let found = link.attend(pool.bell(), until, &goes_on);
        match found {
            // From here on it is the keeper's again.
            Ok(None) => self.leave(link, pool.bell()),
            // Of a stream that the worker was given meanwhile. Only the keeper passes items on, so they
            // keep their order.
            Ok(Some(frame)) if frame.0.kind == Kind::Item => {
                link.put_back(frame);
                drop(link);
                pool.bell().ring();
            }
            found => {
                drop(link);
                pool.take(self, found);
            }
        }
    }

    /// Ends the call, if this worker still has it: kills the worker, and leaves the rest to the
    /// keeper, who will see it dead.
    pub(super) fn stop(
        &self,
        call: &Call,
        rights: Rights,
        failure: Failure,
    ) -> Result<(), (Rights, Failure)> {
        if self.is_elsewhere() {
            return Err((rights, failure));
        }
        let mut duty = self.duty();
        match &mut duty.flight {
            Some(flight) if std::ptr::eq(&raw const *flight.call, call) => {
                flight.stop = Some((rights, failure));
                self.condemn(&mut duty);
                Ok(())
            }
            _ => Err((rights, failure)),
        }
    }

    /// Kills the worker and its children.
    pub(super) fn condemn(&self, duty: &mut Duty) {
        if !matches!(duty.stage, Stage::Buried | Stage::Condemned) {
            // Also those that have left its group, and workers of its own, which have their own.
            duty.descendants = descendants(self.pid);
            duty.stage = Stage::Condemned;
            duty.since = Instant::now();
            // The number is the worker's own until it is buried, which needs the lock that we have.
            let _ = kill_process_group(self.pid, Signal::KILL);
            self.rouse();
            for descendant in &duty.descendants {
                let _ = pidfd_send_signal(descendant, Signal::KILL);
            }
        }
    }

    /// Wakes who waits for the worker's answer, which may never come.
    pub(super) fn rouse(&self) {
        // ORDERING: SeqCst pairs with the load in `attend`: who is about to sleep sees it, or is seen
        // by `rouse`.
        self.is_ending.store(true, Ordering::SeqCst);
        rouse(&self.memory, Direction::Replies, Side::Reader);
    }

    /// Tells the worker to leave when it is done: its exit handlers run.
    pub(super) fn dismiss(&self, duty: &mut Duty) {
        duty.stage = Stage::Leaving;
        duty.since = Instant::now();
        let _ = rustix::net::shutdown(&self.control, Shutdown::Write);
    }
}

/// A worker that has been told to leave has so long for its exit handlers.
pub(super) const GRACE: Duration = Duration::from_secs(1);
