//! Counted references to a job, and what can be done with its claim.
#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::Arc;

use crate::cell::state::{CLAIMED, FILLING, PARKED, TIMED};
use crate::cell::waiters::Waiter;
use crate::failure::Failure;
use crate::parcel::{Freight, Reply};
use crate::task::header::Header;
use crate::task::ledger;
use crate::task::remote::Remote;
use crate::task::steps::Steps;

/// A counted reference to a job.
///
/// It may be sent and shared: all that it gives access to is the header, which is made of atomics,
/// locks and constants, and the vtable, whose functions have contracts of their own. That body and
/// value may travel was required when the job was made.
pub(crate) struct JobRef(NonNull<Header>, PhantomData<Header>);

// SAFETY: see above; the header is Sync, and the count is atomic.
unsafe impl Send for JobRef {}
// SAFETY: as above.
unsafe impl Sync for JobRef {}

impl JobRef {
    /// Takes over one count.
    ///
    /// # Safety
    ///
    /// `header` is the header of a live job, and one count of it is handed over.
    pub(crate) unsafe fn from_raw(header: NonNull<Header>) -> Self {
        Self(header, PhantomData)
    }

    /// Counts one more for a job that is alive because the caller says so.
    ///
    /// # Safety
    ///
    /// `header` is the header of a job that stays alive during this call.
    pub(crate) unsafe fn of(header: NonNull<Header>) -> Self {
        // SAFETY: by contract.
        unsafe { header.as_ref() }.core.count.more();
        Self(header, PhantomData)
    }

    /// Where the job is, for whoever keeps it alive by other means, or only compares.
    pub(crate) fn address(&self) -> NonNull<Header> {
        self.0
    }

    /// Takes the claim and runs the body here. `false` when somebody else has the claim.
    pub(crate) fn claim_and_run(&self) -> bool {
        let Some(before) = self.core.state.claim() else {
            return false;
        };
        recount(before);
        // SAFETY: the header is this job's own, alive, and we hold the claim.
        unsafe { (self.vtable.run)(self.0, None) };
        true
    }

    /// Takes the claim for a body that is made of steps. `None` when somebody else has the claim.
    pub(crate) fn claim_and_step(&self) -> Option<Steps> {
        let steps = self.vtable.steps?;
        let before = self.core.state.claim()?;
        recount(before);
        // SAFETY: the header is this job's own, alive, and we hold the claim.
        Some(unsafe { steps(self.0) })
    }

    /// Runs the body, if nobody else has the claim, for a caller who holds the only handle. With
    /// `true`, what the future yields is in `place`, and the job is gone, both references with it.
    /// Else the job is as after [`JobRef::claim_and_run`], and only this reference is gone.
    ///
    /// # Safety
    ///
    /// This is the task's reference, and the caller holds the handle's, with which nothing is done
    /// during the call. `place` is free for what the job's future yields.
    pub(crate) unsafe fn run_for_owner(self, place: NonNull<()>) -> bool {
        let alone = self.core.is_left_alone();
        // After the question, whose answer makes the bits final.
        let bits = self.core.state.glance();
        if !alone || bits & (CLAIMED | TIMED) != 0 {
            self.claim_and_run();
            return false;
        }
        self.core.state.claim_alone(bits);
        let task = ManuallyDrop::new(self);
        // SAFETY: the header is this job's own, alive; we hold the claim and, the caller's
        // included, both references; nobody else has one, and the job is not timed.
        let is_gone = unsafe { (task.vtable.run)(task.0, Some(place)) };
        if !is_gone {
            drop(ManuallyDrop::into_inner(task));
        }
        is_gone
    }

    /// Calls `told` if the job fails, before anybody can see that. Does nothing when it has ended.
    pub(crate) fn on_failure(&self, told: impl FnOnce(&Failure) + Send + 'static) {
        let callback = move |shared: *const ()| {
            let Some(header) = NonNull::new(shared.cast::<Header>().cast_mut()) else { return };
            // SAFETY: whoever calls this gives the address of what begins with the header of this
            // job, has written its outcome, and has not published it.
            let failure = unsafe { (header.as_ref().vtable.failure)(header) };
            if let Some(failure) = failure {
                told(&failure);
            }
        };
        drop(self.core.register(Waiter::Callback(Box::new(callback))));
    }

    /// Takes the claim for `remote`, which from now on is told of an early end and owes the job an
    /// answer. `false` when somebody else has the claim.
    pub(crate) fn claim_for(&self, remote: Arc<dyn Remote>) -> bool {
        let Some(extra) = &self.extra else {
            unreachable!("a job that can travel has more than a plain one");
        };
        let taken = extra.entrust(remote, || self.core.state.claim());
        if let Some(before) = taken {
            recount(before);
        }
        taken.is_some()
    }

    /// Ends the job with the answer of its remote, which has not answered yet.
    pub(crate) fn settle(&self, reply: Reply) {
        if let Some(settle) = self.vtable.settle {
            // SAFETY: the header is this job's own, alive, and the remote was given the claim.
            unsafe { settle(self.0, reply) };
        }
    }

    /// Ends the job with a value of this process, in the place of its remote's answer.
    pub(crate) fn settle_here(&self, product: Box<dyn std::any::Any + Send>) {
        match self.rank() {
            Some(rank) => rank.leave(product),
            None => unreachable!("what can be run again says so in its rank"),
        }
        self.settle(Reply::Value(Freight { bytes: Vec::new() }));
    }

    /// Ends the job with a failure in the place of its remote's answer, if nobody was faster.
    pub(crate) fn fail_remote(&self, failure: Failure) {
        let failure = self.core.state.begin_fill().then_some(failure);
        // SAFETY: the header is this job's own, alive, the remote was given the claim; with a
        // failure, we have just taken the right to the outcome.
        unsafe { (self.vtable.discard)(self.0, failure) };
    }

    /// Ends the job with the failure for which its remote has stopped it. The rights are to this job.
    #[allow(clippy::needless_pass_by_value, reason = "rights are used up")]
    pub(crate) fn finish_stop(&self, rights: Rights, failure: Failure) {
        debug_assert!(rights.before & CLAIMED != 0, "only what runs is stopped");
        // SAFETY: the header is this job's own, alive; the remote was given the claim, and the
        // rights are that to the outcome.
        unsafe { (self.vtable.discard)(self.0, Some(failure)) };
    }

    /// Publishes a failure while the body's owner is still to give up the claim. The rights are to
    /// this job.
    #[allow(clippy::needless_pass_by_value, reason = "rights are used up")]
    pub(crate) fn overtake(&self, rights: Rights, failure: Failure) {
        debug_assert!(rights.before & CLAIMED != 0, "only what runs is overtaken");
        // SAFETY: the header is this job's own, alive, and we hold the right to the outcome.
        unsafe { (self.vtable.overtake)(self.0, failure) };
    }

    /// Ends the job with a failure if its body has not started.
    pub(crate) fn resolve_unstarted(&self, failure: Failure) {
        if let Some(before) = self.core.state.claim() {
            recount(before);
            let failure = self.core.state.begin_fill().then_some(failure);
            // SAFETY: the header is this job's own, alive, and we hold the claim; with a failure,
            // we hold the right to the outcome.
            unsafe { (self.vtable.discard)(self.0, failure) };
        }
    }

    /// Ends the job with a failure before its body does. Says what that met.
    pub(crate) fn resolve(&self, failure: Failure) -> Resolved {
        match self.begin_resolve() {
            Some(rights) => self.finish_resolve(rights, failure),
            None => Resolved::TooLate,
        }
    }

    /// The first half of [`resolve`](Self::resolve): takes the rights, and runs no foreign code.
    pub(crate) fn begin_resolve(&self) -> Option<Rights> {
        let before = self.core.state.resolve();
        // Nobody has the right to the outcome without somebody having that to the body.
        (before & FILLING == 0).then_some(Rights { before })
    }

    /// The second half: writes and publishes the failure. The rights are to this job.
    #[allow(clippy::needless_pass_by_value, reason = "rights are used up")]
    pub(crate) fn finish_resolve(&self, rights: Rights, failure: Failure) -> Resolved {
        let Rights { before } = rights;
        if before & CLAIMED == 0 {
            recount(before);
            // SAFETY: the header is this job's own, alive, and we hold both rights.
            unsafe { (self.vtable.discard)(self.0, Some(failure)) };
            Resolved::BeforeStart
        } else if let Some(remote) = self.remote() {
            remote.stop(self, rights, failure);
            Resolved::WhileRunning
        } else {
            // SAFETY: the header is this job's own, alive, and we hold the right to the outcome.
            unsafe { (self.vtable.overtake)(self.0, failure) };
            Resolved::WhileRunning
        }
    }
}

/// The right to a job's outcome, and perhaps to its body, taken and not used yet.
#[must_use = "a job whose outcome is never written is waited for for ever"]
pub(crate) struct Rights {
    /// The bits of the state before.
    before: u32,
}

/// A parked job is not counted as under way; one that is claimed is.
fn recount(before: u32) {
    if before & PARKED != 0 {
        ledger::submitted();
    }
}

/// What an early end met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolved {
    BeforeStart,
    WhileRunning,
    TooLate,
}

impl std::ops::Deref for JobRef {
    type Target = Header;

    #[inline]
    fn deref(&self) -> &Header {
        // SAFETY: our count keeps the job alive, and the header is only ever shared.
        unsafe { self.0.as_ref() }
    }
}

/// A count that somebody else holds, seen as a reference for as long as that somebody is borrowed.
pub(crate) struct Borrowed<'a>(ManuallyDrop<JobRef>, PhantomData<&'a ()>);

impl Borrowed<'_> {
    /// # Safety
    ///
    /// A count of the job is held by whatever `'a` borrows.
    pub(crate) unsafe fn new(header: NonNull<Header>) -> Self {
        Self(ManuallyDrop::new(JobRef(header, PhantomData)), PhantomData)
    }
}

impl std::ops::Deref for Borrowed<'_> {
    type Target = JobRef;

    #[inline]
    fn deref(&self) -> &JobRef {
        &self.0
    }
}

impl Clone for JobRef {
    fn clone(&self) -> Self {
        // SAFETY: our count keeps the job alive.
        unsafe { Self::of(self.0) }
    }
}

impl Drop for JobRef {
    #[inline]
    fn drop(&mut self) {
        if self.core.count.fewer() {
            // SAFETY: the header is this job's own, and no other reference is left.
            unsafe { (self.vtable.free)(self.0) };
        }
    }
}
