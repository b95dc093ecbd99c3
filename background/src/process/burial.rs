//! What follows a worker's death.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Signal, WaitId, WaitIdOptions, WaitIdStatus, kill_process_group, waitid};
use rustix::time::Timespec;

use crate::cell::waiters::Waiter;
use crate::failure::Failure;
use crate::process::call::{Flight, Queued, Turn};
use crate::process::cause::Cause;
use crate::process::channel::frame::Kind;
use crate::process::group;
use crate::process::member::{Member, Stage};
use crate::process::pool::{MOURNING, Mourning, Shared, rejected};
use crate::sync::global::{Ordering, lock};
use crate::task::panics;

/// What is left to be done when all are dead.
pub(super) type End = Box<dyn FnOnce() + Send>;

/// A call is given to so many workers that die before they have begun it.
const ATTEMPTS: u32 = 3;

/// Buries a dead worker. Returns how its call ends, if that can be seen now.
pub(super) fn bury(shared: &Arc<Shared>, member: &Arc<Member>) -> Option<End> {
    let mut ends: Vec<End> = Vec::new();
    member.rouse();
    // What it has answered before it died counts.
    while let Ok(Some((head, bytes))) = member.last_look(shared.bell()) {
        if head.number == 0 {
            shared.take(member, Ok(Some((head, bytes))));
        } else if head.kind == Kind::Item {
            match Shared::pass_on(member, head, bytes) {
                Some(Waiter::Thread(parker)) => parker.unpark(),
                Some(Waiter::Waker(waker)) => {
                    ends.push(Box::new(move || panics::guarded("a waker", || waker.wake())));
                }
                _ => {}
            }
        } else if let Some((flight, reply)) = shared.land(member, head, bytes) {
            let own = Arc::clone(shared);
            ends.push(Box::new(move || own.settle(flight, reply)));
        }
    }
    let mut duty = member.duty();
    // As long as the worker is not reaped, the number of its group is nobody else's.
    let _ = kill_process_group(member.pid, Signal::KILL);
    let end = waitid(WaitId::PidFd(member.pidfd()), WaitIdOptions::EXITED).ok().flatten();
    let reached = std::mem::replace(&mut duty.stage, Stage::Buried);
    let flight = duty.flight.take();
    let briefing = std::mem::take(&mut duty.briefing);
    let mut survivors = std::mem::take(&mut duty.descendants);
    drop(duty);
    let mut state = lock(&shared.state);
    state.members.retain(|other| !Arc::ptr_eq(other, member));
    state.idle.retain(|other| !Arc::ptr_eq(other, member));
    drop(state);
    for queued in briefing {
        // The next worker has a briefing of its own.
        ends.push(Box::new(move || queued.fail(Failure::Cancelled)));
    }
    if let Some(flight) = flight {
        ends.extend(end_of(shared, member, flight, end.as_ref()));
    } else if matches!(reached, Stage::Starting | Stage::Initialising) {
        shared.stillbirth(member.memory.note(), end.as_ref());
    }
    survivors.retain(|descendant| !is_dead(descendant));
    survivors.extend(group::survivors(member.pid));
    if survivors.is_empty() {
        return all(ends);
    }
    let end = all(ends)?;
    let until = Instant::now() + MOURNING;
    lock(&shared.state).mourning.push(Mourning { survivors, until, end });
    None
}

/// How those calls end whose workers' children are dead as well by now.
pub(super) fn get_over(shared: &Shared, mourning: Vec<Mourning>) -> Vec<End> {
    let now = Instant::now();
    let (over, still): (Vec<_>, Vec<_>) = mourning
        .into_iter()
        .partition(|grief| grief.until <= now || grief.survivors.iter().all(is_dead));
    lock(&shared.state).mourning.extend(still);
    over.into_iter().map(|grief| grief.end).collect()
}

fn is_dead(survivor: &std::os::fd::OwnedFd) -> bool {
    let mut waited = [PollFd::new(survivor, PollFlags::IN)];
    matches!(poll(&mut waited, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })), Ok(1))
}

fn all(mut ends: Vec<End>) -> Option<End> {
    if ends.len() <= 1 {
        return ends.pop();
    }
    Some(Box::new(move || ends.into_iter().for_each(|end| end())))
}

/// How the call ends that the worker had when it died.
fn end_of(
    shared: &Arc<Shared>,
    member: &Member,
    flight: Flight,
    status: Option<&WaitIdStatus>,
) -> Option<End> {
    let begun = member.has_begun(flight.number);
    if let (None, true, Some(briefing)) = (&flight.stop, begun, shared.briefing()) {
        briefing.died_of(&flight.job, flight.briefs);
    }
    if let (None, false, Some(_)) = (&flight.stop, begun, flight.briefs) {
        let Flight { call, job, .. } = flight;
        return Some(Box::new(move || {
            call.finish();
            job.fail_remote(Failure::Cancelled);
        }));
    }
    if let (None, false, true) = (&flight.stop, begun, flight.attempts < ATTEMPTS) {
        // It died of something else: the call goes to another worker.
        let Flight { call, job, attempts, .. } = flight;
        let turn = Turn::Again { job, attempts: attempts + 1 };
        lock(&shared.state).queue.push_front(Queued { call, turn, briefs: None });
        return None;
    }
    let failure = cause_of(member, &flight, status);
    Some(Box::new(move || {
        let Flight { call, job, stop, .. } = flight;
        call.finish();
        match stop {
            Some((rights, failure)) => job.finish_stop(rights, failure),
            None => job.fail_remote(failure),
        }
    }))
}

fn cause_of(member: &Member, flight: &Flight, status: Option<&WaitIdStatus>) -> Failure {
    let worker = flight.worker(member.number());
    // ORDERING: Relaxed. The writer is dead, as the system has told.
    let cause = member.memory.front().cause.load(Ordering::Relaxed);
    if let (Some(limit), true) = (flight.call.limits.memory, cause == Cause::OutOfMemory as u32) {
        return Failure::OutOfMemory { worker, limit };
    }
    Failure::Crashed {
        worker,
        signal: status.and_then(WaitIdStatus::terminating_signal),
        code: status.and_then(WaitIdStatus::exit_status),
        note: member.memory.note(),
    }
}

/// So many workers in a row may die before they are ready.
const STILLBORN: u32 = 3;

impl Shared {
    /// A worker has died before it could take a call. If that goes on, what is queued fails.
    fn stillbirth(&self, note: Option<String>, status: Option<&WaitIdStatus>) {
        let mut state = lock(&self.state);
        state.stillborn += 1;
        state.not_before = Some(Instant::now() + Duration::from_millis(10) * state.stillborn);
        if state.stillborn < STILLBORN {
            return;
        }
        state.stillborn = 0;
        let queue = std::mem::take(&mut state.queue);
        drop(state);
        let how = match (status.and_then(WaitIdStatus::terminating_signal), note) {
            (_, Some(note)) => note,
            (Some(signal), None) => format!("signal {signal}"),
            (None, None) => {
                let code = status.and_then(WaitIdStatus::exit_status);
                code.map_or_else(|| "unknown status".to_owned(), |code| format!("code {code}"))
            }
        };
        for queued in queue {
            let reason = format!("its worker processes die before they are ready ({how})");
            queued.fail(rejected(reason));
        }
    }
}
