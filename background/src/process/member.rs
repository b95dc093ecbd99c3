//! A worker process as the program sees it.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use rustix::net::Shutdown;
use rustix::process::{Pid, Signal, kill_process_group, pidfd_send_signal};

use crate::clock::Tick;
use crate::failure::Failure;
use crate::parcel::Freight;
use crate::process::call::{Call, Flight};
use crate::process::channel::bell::Bell;
use crate::process::channel::frame::{HEAD, Head};
use crate::process::channel::mapping::{Mapping, advise_huge_pages};
use crate::process::channel::ring::{Broken, End};
use crate::process::cpu_clock::CpuWatch;
use crate::process::group::descendants;
use crate::process::pool::Shared;
use crate::sync::global::{Mutex, Ordering, lock};
use crate::task::job_ref::Rights;

/// One worker.
pub(super) struct Member {
    pub(super) pid: Pid,
    /// Readable when the process is dead.
    pidfd: OwnedFd,
    control: OwnedFd,
    pub(super) memory: Arc<Mapping>,
    link: Mutex<Link>,
    duty: Mutex<Duty>,
    /// The pool that it belongs to.
    pool: Weak<Shared>,
}

/// What a worker is at, as far as the program knows.
pub(super) struct Duty {
    pub(super) stage: Stage,
    pub(super) flight: Option<Flight>,
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

/// Both ways to the worker.
struct Link {
    requests: End,
    replies: End,
    /// What has not fitted into the ring yet.
    sending: Option<Sending>,
    receiving: Option<(Head, Vec<u8>)>,
}

struct Sending {
    freight: Arc<Freight>,
    sent: usize,
}

/// A frame from a worker.
pub(super) type Frame = (Head, Vec<u8>);

/// How long a thread looks after a transfer that has begun, when nothing moves.
const PATIENCE: Duration = Duration::from_millis(2);

/// Above this a reply is waited for part by part.
const LARGEST_STEP: usize = 64 << 10;

impl Member {
    pub(super) fn new(
        pid: Pid,
        pidfd: OwnedFd,
        control: OwnedFd,
        memory: Arc<Mapping>,
        (replies, requests): (End, End),
        pool: Weak<Shared>,
    ) -> Self {
        let duty = Duty {
            stage: Stage::Starting,
            flight: None,
            number: 0,
            served: 0,
            since: Instant::now(),
            cpu: None,
            descendants: Vec::new(),
        };
        let link = Link { requests, replies, sending: None, receiving: None };
        let (link, duty) = (Mutex::new(link), Mutex::new(duty));
        Self { pid, pidfd, control, memory, link, duty, pool }
    }

    pub(super) fn number(&self) -> u32 {
        self.pid.as_raw_nonzero().get().unsigned_abs()
    }

    pub(super) fn pidfd(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }

    pub(super) fn duty(&self) -> crate::sync::global::MutexGuard<'_, Duty> {
        lock(&self.duty)
    }

    /// The worker has begun to run its call of that number. Sure only once it is dead.
    pub(super) fn has_begun(&self, number: u64) -> bool {
        // ORDERING: Acquire pairs with the Release in the worker's `serve_one`.
        self.memory.front().begun.load(Ordering::Acquire).wrapping_add(1) != number
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
        // The worker's bell before its work: the answer may come at once.
        link.replies.rest_on_bell();
        let whole = [&head.encode()[..], label, &freight.bytes];
        if link.requests.write_whole(&whole, bell)? {
            return Ok(());
        }
        if !link.requests.write_whole(&whole[..2], bell)? {
            // The ring was empty: a label does not fill it.
            return Err(Broken);
        }
        link.sending = Some(Sending { freight, sent: 0 });
        link.turn(bell).map(drop)?;
        while !link.rest() {
            link.turn(bell).map(drop)?;
        }
        Ok(())
    }

    /// Takes what there is, without waiting. Somebody else may be at it, and then will have it.
    pub(super) fn look(&self, bell: &Bell) -> Result<Option<Frame>, Broken> {
        let Ok(mut link) = self.link.try_lock() else { return Ok(None) };
        loop {
            if let Some(frame) = link.turn(bell)? {
                return Ok(Some(frame));
            }
            if link.rest() {
                return Ok(None);
            }
        }
    }

    /// The same, when the worker is dead: nobody else has anything to wait for.
    pub(super) fn last_look(&self, bell: &Bell) -> Result<Option<Frame>, Broken> {
        lock(&self.link).turn(bell)
    }

    /// Looks for the answer for a while, in the place of the keeper.
    pub(super) fn attend(self: &Arc<Self>, until: Tick) {
        let Some(pool) = self.pool.upgrade() else { return };
        let bell = pool.bell();
        let Ok(mut link) = self.link.try_lock() else { return };
        link.replies.get_up();
        let found = link.watch(bell, until);
        if matches!(found, Ok(None)) {
            // From here on it is the keeper's again.
            loop {
                if link.rest() {
                    return;
                }
                match link.turn(bell) {
                    Ok(None) => {}
                    found => {
                        drop(link);
                        pool.take(self, found);
                        return;
                    }
                }
            }
        }
        drop(link);
        pool.take(self, found);
    }

    /// Ends the call, if this worker still has it: kills the worker, and leaves the rest to the
    /// keeper, who will see it dead.
    pub(super) fn stop(
        &self,
        call: &Call,
        rights: Rights,
        failure: Failure,
    ) -> Result<(), (Rights, Failure)> {
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
            for descendant in &duty.descendants {
                let _ = pidfd_send_signal(descendant, Signal::KILL);
            }
        }
    }

    /// Tells the worker to leave when it is done: its exit handlers run.
    pub(super) fn dismiss(&self, duty: &mut Duty) {
        duty.stage = Stage::Leaving;
        duty.since = Instant::now();
        let _ = rustix::net::shutdown(&self.control, Shutdown::Write);
    }
}

impl Link {
    /// Moves on what can be moved on at once. Returns a frame that has come to its end.
    fn turn(&mut self, bell: &Bell) -> Result<Option<Frame>, Broken> {
        self.push(bell)?;
        if self.receiving.is_none() {
            if self.replies.ready()? < HEAD {
                return Ok(None);
            }
            let mut bytes = Vec::with_capacity(HEAD);
            self.replies.take(HEAD, &mut bytes)?;
            self.receiving = Some((Head::decode(&bytes).ok_or(Broken)?, Vec::new()));
        }
        let Some((head, bytes)) = &mut self.receiving else { return Ok(None) };
        let length = usize::try_from(head.length).map_err(|_| Broken)?;
        if head.label != 0 {
            return Err(Broken);
        }
        loop {
            let left = length - bytes.len();
            if left == 0 {
                self.replies.publish(bell);
                return Ok(self.receiving.take());
            }
            let ready = self.replies.ready()?;
            if ready == 0 {
                return Ok(None);
            }
            if bytes.capacity() - bytes.len() < ready.min(left) {
                make_room(bytes, length)?;
            }
            self.replies.take(left, bytes)?;
            if left > LARGEST_STEP {
                self.replies.publish(bell);
            }
        }
    }

    fn push(&mut self, bell: &Bell) -> Result<(), Broken> {
        while let Some(sending) = &mut self.sending {
            let rest = &sending.freight.bytes[sending.sent..];
            let count = self.requests.write_some(rest, bell)?;
            sending.sent += count;
            if sending.sent == sending.freight.bytes.len() {
                self.sending = None;
            } else if count == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Leaves it to the bell to tell when something can be moved on. `false` when something can now.
    fn rest(&self) -> bool {
        (self.sending.is_none() || self.requests.rest_on_bell()) && self.replies.rest_on_bell()
    }

    /// Looks for a frame until nothing has moved for a moment.
    fn watch(&mut self, bell: &Bell, until: Tick) -> Result<Option<Frame>, Broken> {
        let mut still_since = None;
        loop {
            let before = self.progress();
            if let Some(frame) = self.turn(bell)? {
                return Ok(Some(frame));
            }
            if self.progress() != before {
                still_since = None;
            }
            let next = if self.sending.is_some() { &self.requests } else { &self.replies };
            if next.look()? {
                continue;
            }
            // A large transfer is worth more patience than a small answer.
            let under_way = self.sending.is_some() || self.receiving.is_some();
            let since = *still_since.get_or_insert_with(Instant::now);
            if !under_way || since.elapsed() > PATIENCE || until <= Tick::now() {
                return Ok(None);
            }
        }
    }

    /// Changes whenever something has been moved.
    fn progress(&self) -> (usize, usize) {
        let sent = self.sending.as_ref().map_or(usize::MAX, |sending| sending.sent);
        let received = self.receiving.as_ref().map_or(usize::MAX, |(_, bytes)| bytes.len());
        (sent, received)
    }
}

/// Room for more of `length` bytes: not for all of very many before a part has come, as a broken worker
/// may promise anything.
fn make_room(bytes: &mut Vec<u8>, length: usize) -> Result<(), Broken> {
    const FIRST: usize = 64 << 10;
    const SERIOUS: usize = 1 << 20;
    let wanted = match bytes.len() {
        received if received < FIRST => FIRST,
        received if received < SERIOUS => SERIOUS,
        _ => length,
    };
    bytes.try_reserve_exact(wanted.min(length) - bytes.len()).map_err(|_| Broken)?;
    advise_huge_pages(bytes);
    Ok(())
}

/// A worker that has been told to leave has so long for its exit handlers.
pub(super) const GRACE: Duration = Duration::from_secs(1);
