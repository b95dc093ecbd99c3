//! A call on its way through a worker process.

use std::sync::Arc;

use crate::clock::Tick;
use crate::failure::{Failure, WorkerProcess};
use crate::parcel::entry::Address;
use crate::parcel::{Limits, Parcel};
use crate::process::channel::frame::{Had, Kind};
use crate::process::member::Member;
use crate::sync::global::{Mutex, lock};
use crate::task::Task;
use crate::task::job_ref::{JobRef, Rights};
use crate::task::remote::Remote;

/// What stays the same from the call to the answer.
pub(super) struct Call {
    pub(super) parcel: Arc<Parcel>,
    pub(super) address: Address,
    pub(super) limits: Limits,
    /// Who runs it.
    member: Mutex<Option<Arc<Member>>>,
}

impl Call {
    pub(super) fn new(parcel: Arc<Parcel>, address: Address, limits: Limits) -> Self {
        Self { parcel, address, limits, member: Mutex::new(None) }
    }

    /// Says who runs it now.
    pub(super) fn entrust(&self, member: &Arc<Member>) {
        *lock(&self.member) = Some(Arc::clone(member));
    }

    /// Nobody runs it any more.
    pub(super) fn finish(&self) {
        drop(self.parcel.unload());
        drop(lock(&self.member).take());
    }

    fn member(&self) -> Option<Arc<Member>> {
        lock(&self.member).clone()
    }
}

impl Remote for Call {
    fn stop(&self, job: &JobRef, rights: Rights, failure: Failure) {
        let stopped = match self.member() {
            Some(member) => member.stop(self, rights, failure),
            None => Err((rights, failure)),
        };
        if let Err((rights, failure)) = stopped {
            // It has ended already; only its answer was not taken yet.
            job.overtake(rights, failure);
        }
    }

    fn feed(&self, items: u64, bytes: u64) {
        if let Some(member) = self.member() {
            member.tell(self, Kind::Credit, Had { items, bytes });
        }
    }

    fn cut(&self) {
        if let Some(member) = self.member() {
            member.tell(self, Kind::Cut, Had::default());
        }
    }

    fn attend(&self, job: &JobRef, until: Tick) {
        if let Some(member) = self.member() {
            member.attend(job, until);
        }
    }
}

/// A call that waits for a worker.
pub(super) struct Queued {
    pub(super) call: Arc<Call>,
    pub(super) turn: Turn,
    /// It is part of the briefing of one worker: its number there.
    pub(super) briefs: Option<u64>,
}

/// Who may run the body of a call that waits.
pub(super) enum Turn {
    /// Nobody has the claim yet.
    First(Task),
    /// A worker had it and died before it began; the claim is ours.
    Again { job: JobRef, attempts: u32 },
}

impl Queued {
    /// Tells its job from every other one that is alive.
    pub(super) fn address(&self) -> usize {
        match &self.turn {
            Turn::First(task) => task.address(),
            Turn::Again { job, .. } => job.address().addr().get(),
        }
    }

    /// Ends it with a failure, unless it has ended.
    pub(super) fn fail(self, failure: Failure) {
        self.call.finish();
        match self.turn {
            Turn::First(task) => task.job().resolve_unstarted(failure),
            Turn::Again { job, .. } => job.fail_remote(failure),
        }
    }
}

/// A call that a worker has.
pub(super) struct Flight {
    pub(super) call: Arc<Call>,
    pub(super) job: JobRef,
    /// Its number, among the calls of this worker.
    pub(super) number: u64,
    pub(super) attempts: u32,
    /// It is part of the worker's briefing: its number there.
    pub(super) briefs: Option<u64>,
    /// How it is to end, whatever the worker answers.
    pub(super) stop: Option<(Rights, Failure)>,
}

impl Flight {
    /// The call and its worker, for failures.
    pub(super) fn worker(&self, pid: u32) -> WorkerProcess {
        WorkerProcess::new(self.job.call(), pid)
    }
}
