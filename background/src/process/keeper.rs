//! The thread that sees to the workers of a pool.
//!
//! It sleeps until a worker rings, dies, or a time is up. Ending a call may run foreign code (a waker,
//! a callback, the destructor of a value that nobody wants), which may take its time, or wait for
//! another call of the same pool. Before it does that, the keeper gives up its seat to another
//! thread, and afterwards it stands by for the next time, or leaves if somebody else does.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::time::Timespec;

use crate::cell::waiters::Waiter;
use crate::parcel::reply::Reply;
use crate::process::burial;
use crate::process::call::Flight;
use crate::process::channel::frame::Kind;
use crate::process::launch::launch;
use crate::process::member::{GRACE, Member, Stage};
use crate::process::pool::{Shared, rejected};
use crate::sync::global::{PoisonError, lock};
use crate::task::{panics, threads};

/// Keeps the pool until it has no worker and nothing to do. The caller has marked it as kept.
pub(super) fn keep(shared: &Arc<Shared>) {
    loop {
        match (Keeper { shared }).sit() {
            // Foreign code that may take long: somebody else sits down first.
            Some(foreign) => {
                if !step_aside(shared, foreign) {
                    return;
                }
            }
            None => return,
        }
    }
}

/// What the keeper had better not do itself.
type Foreign = Box<dyn FnOnce() + Send>;

/// Runs `foreign` while somebody else keeps the pool. `true` when the seat is the caller's again.
fn step_aside(shared: &Arc<Shared>, foreign: Foreign) -> bool {
    let mut state = lock(&shared.state);
    if state.standing_by > 0 {
        state.kept = false;
        shared.seat.notify_one();
        drop(state);
    } else {
        drop(state);
        let own = Arc::clone(shared);
        let builder = thread::Builder::new().name("background-processes".into());
        if threads::start(builder, move || keep(&own)).is_err() {
            // Nobody else can be had: rather late than never.
            foreign();
            return true;
        }
    }
    foreign();
    let mut state = lock(&shared.state);
    if state.kept && state.standing_by > 0 {
        return false;
    }
    state.standing_by += 1;
    while state.kept {
        state = shared.seat.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
    state.standing_by -= 1;
    state.kept = true;
    true
}

struct Keeper<'a> {
    shared: &'a Arc<Shared>,
}

impl Keeper<'_> {
    /// Keeps the pool. Returns what somebody else had better do, or `None` when it is over.
    fn sit(&self) -> Option<Foreign> {
        let mut busy_until = None;
        loop {
            let members = lock(&self.shared.state).members.clone();
            let mut moved = false;
            for member in &members {
                match self.look(member) {
                    Seen::Nothing => {}
                    Seen::Something => moved = true,
                    Seen::Foreign(foreign) => return Some(foreign),
                }
            }
            let mut wake_at = None;
            for member in &members {
                self.mind_the_time(member, &mut wake_at);
            }
            moved |= self.hire(&mut wake_at);
            if moved {
                busy_until = Some(Instant::now() + BUSY);
                continue;
            }
            if busy_until.is_some_and(|until| Instant::now() < until) {
                std::hint::spin_loop();
                continue;
            }
            busy_until = None;
            if self.is_over() {
                return None;
            }
            if let Some(foreign) = self.rest(&members, wake_at) {
                return Some(foreign);
            }
        }
    }

    fn look(&self, member: &Arc<Member>) -> Seen {
        let (found, has_moved) = member.look(self.shared.bell());
        match found {
            // A large transfer goes on soon.
            Ok(None) if has_moved => Seen::Something,
            Ok(None) => Seen::Nothing,
            Ok(Some((head, bytes))) if head.number > 0 && head.kind == Kind::Item => {
                match Shared::pass_on(member, head, bytes) {
                    Some(Waiter::Thread(parker)) => parker.unpark(),
                    Some(Waiter::Waker(waker)) => {
                        let wake = || panics::guarded("a waker", || waker.wake());
                        return Seen::Foreign(Box::new(wake));
                    }
                    _ => {}
                }
                Seen::Something
            }
            Ok(Some((head, bytes))) if head.number > 0 => {
                match self.shared.land(member, head, bytes) {
                    Some((flight, reply)) => self.settle(flight, reply),
                    None => Seen::Something,
                }
            }
            found => {
                let broken = found.is_err();
                self.shared.take(member, found);
                // A broken one has nothing more to say.
                if broken { Seen::Nothing } else { Seen::Something }
            }
        }
    }

    fn settle(&self, flight: Flight, reply: Reply) -> Seen {
        if is_quick(&flight, &reply) {
            self.shared.settle(flight, reply);
            return Seen::Something;
        }
        let shared = Arc::clone(self.shared);
        Seen::Foreign(Box::new(move || shared.settle(flight, reply)))
    }

    /// Ends what has taken too long, and sends home who has nothing to do.
    fn mind_the_time(&self, member: &Arc<Member>, wake_at: &mut Option<Instant>) {
        let mut duty = member.duty();
        let now = Instant::now();
        match duty.stage {
            Stage::Serving if duty.flight.is_some() => {
                let Some(watch) = &mut duty.cpu else { return };
                if now < watch.look_at || !watch.is_over() {
                    earliest(wake_at, watch.look_at);
                } else {
                    let limit = watch.limit;
                    Shared::exceed_cpu(member, &mut duty, limit);
                }
            }
            Stage::Serving => {
                // Who is to stay for good has no such time.
                let until = duty.since.checked_add(self.shared.settings.idle);
                drop(duty);
                let is_due = until.is_some_and(|until| until <= now);
                let leaves = self.dismiss_if_idle(member, is_due);
                if let Some(at) = if leaves { Some(now + GRACE) } else { until } {
                    earliest(wake_at, at);
                }
            }
            Stage::Leaving if duty.since + GRACE <= now => member.condemn(&mut duty),
            Stage::Leaving => earliest(wake_at, duty.since + GRACE),
            Stage::Starting | Stage::Initialising | Stage::Condemned | Stage::Buried => {}
        }
    }

    /// Sends a worker home that nobody needs. `false` when it stays.
    fn dismiss_if_idle(&self, member: &Arc<Member>, is_due: bool) -> bool {
        let mut state = lock(&self.shared.state);
        let unneeded = is_due || (state.closed && state.queue.is_empty());
        let Some(place) = state.idle.iter().position(|idle| Arc::ptr_eq(idle, member)) else {
            // It is about to be given a call.
            return false;
        };
        if unneeded {
            state.idle.remove(place);
            drop(state);
            member.dismiss(&mut member.duty());
        }
        unneeded
    }

    /// Starts workers for what is queued. `true` when it has started one.
    fn hire(&self, wake_at: &mut Option<Instant>) -> bool {
        let shared = self.shared;
        let mut state = lock(&shared.state);
        let coming = state
            .members
            .iter()
            .filter(|member| matches!(member.duty().stage, Stage::Starting | Stage::Initialising))
            .count();
        if coming >= state.queue.len() || state.members.len() >= shared.settings.workers {
            return false;
        }
        if let Some(not_before) = state.not_before {
            if Instant::now() < not_before {
                earliest(wake_at, not_before);
                return false;
            }
        }
        drop(state);
        let launched = launch(&shared.settings, shared.bell(), Arc::downgrade(shared));
        state = lock(&shared.state);
        match launched {
            Ok(member) => {
                state.members.push(Arc::new(member));
                true
            }
            Err(error) if state.members.is_empty() => {
                // Nobody is there who could ever take what is queued.
                let queue = std::mem::take(&mut state.queue);
                drop(state);
                for queued in queue {
                    queued.fail(rejected(format!("no worker process can be started: {error}")));
                }
                true
            }
            Err(_) => {
                let not_before = Instant::now() + AGAIN;
                state.not_before = Some(not_before);
                earliest(wake_at, not_before);
                false
            }
        }
    }

    /// Nobody is left to be kept. Gives up the seat.
    fn is_over(&self) -> bool {
        let mut state = lock(&self.shared.state);
        if !state.members.is_empty() || !state.queue.is_empty() || !state.mourning.is_empty() {
            return false;
        }
        state.kept = false;
        self.shared.seat.notify_all();
        true
    }

    /// Sleeps until something happens, and buries who has died.
    fn rest(&self, members: &[Arc<Member>], mut wake_at: Option<Instant>) -> Option<Foreign> {
        let mut state = lock(&self.shared.state);
        let mourning = std::mem::take(&mut state.mourning);
        drop(state);
        let bell = self.shared.bell();
        let mut watched = vec![PollFd::from_borrowed_fd(bell.descriptor(), PollFlags::IN)];
        watched
            .extend(members.iter().map(|it| PollFd::from_borrowed_fd(it.pidfd(), PollFlags::IN)));
        for grief in &mourning {
            earliest(&mut wake_at, grief.until);
            watched.extend(grief.survivors.iter().map(|it| PollFd::new(it, PollFlags::IN)));
        }
        let patience = wake_at.map(|at| at.saturating_duration_since(Instant::now()));
        let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
        // Interrupted, or out of patience: everything is looked at all the same.
        let _ = poll(&mut watched, patience.as_ref());
        let events: Vec<bool> = watched.iter().map(|it| !it.revents().is_empty()).collect();
        drop(watched);
        if events[0] {
            bell.hush();
        }
        let mut ends: Vec<Foreign> = Vec::new();
        for (member, _) in members.iter().zip(&events[1..]).filter(|(_, dead)| **dead) {
            ends.extend(burial::bury(self.shared, member));
        }
        ends.extend(burial::get_over(self.shared, mourning));
        if ends.is_empty() {
            return None;
        }
        Some(Box::new(move || ends.into_iter().for_each(|end| end())))
    }
}

/// What a look at a worker has shown.
enum Seen {
    Nothing,
    Something,
    Foreign(Foreign),
}

/// So long it looks again before it sleeps, right after work.
const BUSY: Duration = Duration::from_micros(20);

/// If no worker can be started, it is tried again after so long.
const AGAIN: Duration = Duration::from_millis(100);

/// Settling the call runs nothing that could take long or wait.
fn is_quick(flight: &Flight, reply: &Reply) -> bool {
    const SMALL: usize = 16 << 10;
    let small = match reply {
        Reply::Value(freight) => freight.bytes.len() <= SMALL,
        _ => true,
    };
    small && flight.job.core.wakes_only_threads()
}

fn earliest(wake_at: &mut Option<Instant>, at: Instant) {
    *wake_at = Some(wake_at.map_or(at, |other| other.min(at)));
}
