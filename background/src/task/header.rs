//! What everybody may know of a job, and counted references to it.
#![allow(unsafe_code)]

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::panic::Location;
use std::ptr::NonNull;
use std::sync::Arc;

use crate::cell::core::Core;
use crate::cell::state::{
    CANCEL_ON_DROP, CLAIMABLE, CLAIMED, FILLING, FRESH, JOIN_ON_DROP, LIMITED, PARKED, SCOPED,
    TIMED,
};
use crate::clock::Tick;
use crate::failure::{Call, Failure};
use crate::parcel::{Parcel, Reply};
use crate::site::Site;
use crate::sync::atomic::AtomicUsize;
use crate::sync::global::AtomicU64;
use crate::task::Task;
use crate::task::extra::Extra;
use crate::task::ledger;
use crate::task::limit::{Held, Permit};
use crate::task::remote::Remote;
use crate::task::task_id::TaskId;

/// The functions that know a job's types. Every one takes the job's own header.
pub(crate) struct Vtable {
    /// Runs the body and fills the outcome. Only with the claim.
    ///
    /// With an address, which is that of a place for what the future yields, only for a caller who
    /// is alone with an untimed job and holds both of its references: then `true` says that the
    /// place is written, and the job and both references are gone.
    pub(crate) run: unsafe fn(NonNull<Header>, Option<NonNull<()>>) -> bool,
    /// Fills the outcome with an answer from another process, of a body that can travel. Only with
    /// the claim.
    pub(crate) settle: Option<unsafe fn(NonNull<Header>, Reply)>,
    /// Drops the body unrun and fills the outcome with the failure, if any. Only with the claim,
    /// and with the right to the outcome if there is a failure.
    pub(crate) discard: unsafe fn(NonNull<Header>, Option<Failure>),
    /// Fills the outcome with a failure while the body runs on. Only with the right to the outcome.
    pub(crate) overtake: unsafe fn(NonNull<Header>, Failure),
    /// Frees the memory. Only without any other reference.
    pub(crate) free: unsafe fn(NonNull<Header>),
}

/// What to do with a task whose future is dropped.
///
/// ```
/// use background::{OnDrop, task};
///
/// let (sender, receiver) = std::sync::mpsc::channel();
/// drop(task().on_drop(OnDrop::Join).spawn(move || sender.send(7)));
/// assert_eq!(receiver.try_recv(), Ok(7)); // the drop waited
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnDrop {
    /// The task runs on. What it fails with, nobody having read it, is reported on stderr.
    #[default]
    Detach,
    /// The task is cancelled, as by [`Background::cancel`](crate::Background::cancel).
    Cancel,
    /// Dropping blocks until the task has ended.
    Join,
}

/// The clocks of one job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clocks {
    /// When the job is over even if it never started. Nested calls inherit it.
    pub(crate) deadline: Tick,
    /// How long the body may run, in nanoseconds; `u64::MAX` for no limit.
    pub(crate) budget: u64,
}

impl Clocks {
    pub(crate) const NONE: Self = Self { deadline: Tick::NEVER, budget: u64::MAX };
}

/// Everything about a job that does not depend on its types, as the front desk says it.
pub(crate) struct Settings {
    pub(crate) site: &'static Site,
    pub(crate) caller: &'static Location<'static>,
    pub(crate) name: Option<Cow<'static, str>>,
    pub(crate) clocks: Clocks,
    pub(crate) on_drop: OnDrop,
    /// A toucher may run the body, if it has not started.
    pub(crate) claimable: bool,
    /// Starts a task where it does not keep the caller: for what must not block.
    pub(crate) offload: fn(Task),
    /// A scope waits for the job, so it must not be left waiting for a touch.
    pub(crate) scoped: bool,
    /// The limits of functions under which this job was asked for.
    pub(crate) held: Held,
    /// What another process needs to run the body; absent for a body that cannot travel.
    pub(crate) parcel: Option<Arc<Parcel>>,
}

/// What every job keeps of its settings. The rest is in the bits of the state, which never change,
/// and in [`Extra`].
pub(crate) struct Kept {
    pub(crate) site: &'static Site,
    pub(crate) caller: &'static Location<'static>,
    pub(crate) offload: fn(Task),
}

/// The front of every job. A task and a handle both begin by looking here.
#[repr(C)]
pub(crate) struct Header {
    pub(crate) core: Core,
    pub(crate) vtable: &'static Vtable,
    pub(crate) settings: Kept,
    extra: Option<Box<Extra>>,
    id: AtomicU64,
    born: u64,
    /// The thread that runs the body, or has run it; 0 while it has not started. Threads are told
    /// apart by numbers that are not used again; see [`crate::task::frame::thread`].
    pub(crate) runner: AtomicUsize,
}

impl Header {
    /// A header that two own: the handle and the task.
    #[inline]
    pub(crate) fn new(vtable: &'static Vtable, settings: Settings, permit: Option<Permit>) -> Self {
        let Settings {
            site,
            caller,
            name,
            clocks,
            on_drop,
            claimable,
            offload,
            scoped,
            held,
            parcel,
        } = settings;
        let timed = clocks.deadline != Tick::NEVER || clocks.budget != u64::MAX;
        let mut bits = match on_drop {
            OnDrop::Detach => 0,
            OnDrop::Cancel => CANCEL_ON_DROP,
            OnDrop::Join => JOIN_ON_DROP,
        };
        let kinds = [
            (claimable, CLAIMABLE),
            (timed, TIMED),
            (scoped, SCOPED | FRESH),
            (permit.is_some(), LIMITED),
        ];
        for (is, bit) in kinds {
            bits |= if is { bit } else { 0 };
        }
        let plain =
            name.is_none() && !timed && permit.is_none() && held.is_empty() && parcel.is_none();
        let extra =
            if plain { None } else { Some(Extra::boxed(name, clocks, held, permit, parcel)) };
        Self {
            core: Core::new(bits, 2),
            vtable,
            settings: Kept { site, caller, offload },
            extra,
            id: AtomicU64::new(0),
            born: Tick::coarse(),
            runner: AtomicUsize::new(0),
        }
    }

    /// A bit of the state that was set when the job was made, and never changes.
    #[inline]
    pub(crate) fn is(&self, kind: u32) -> bool {
        self.core.state.glance() & kind != 0
    }

    pub(crate) fn id(&self) -> TaskId {
        TaskId::kept_in(&self.id)
    }

    pub(crate) fn name(&self) -> &str {
        let own = self.extra.as_ref().and_then(|extra| extra.name.as_deref());
        own.unwrap_or(self.settings.site.name())
    }

    /// The name, if it lives for ever.
    #[inline]
    pub(crate) fn literal_name(&self) -> Option<&'static str> {
        match self.extra.as_ref().and_then(|extra| extra.name.as_ref()) {
            None => Some(self.settings.site.name()),
            Some(Cow::Borrowed(name)) => Some(name),
            Some(Cow::Owned(_)) => None,
        }
    }

    pub(crate) fn site(&self) -> Site {
        if std::ptr::eq(self.settings.site, &raw const CLOSURE_SITE) {
            Site::of_closure(self.settings.caller)
        } else {
            *self.settings.site
        }
    }

    /// The call, for failures.
    pub(crate) fn call(&self) -> Call {
        Call::new(self.name(), self.settings.caller)
    }

    /// The time since the call, good to some milliseconds.
    pub(crate) fn age(&self) -> std::time::Duration {
        std::time::Duration::from_nanos(Tick::coarse().saturating_sub(self.born))
    }

    #[inline]
    pub(crate) fn clocks(&self) -> Clocks {
        self.extra.as_ref().map_or(Clocks::NONE, |extra| extra.clocks)
    }

    /// The job has a clock that may end it.
    #[inline]
    pub(crate) fn is_timed(&self) -> bool {
        self.is(TIMED)
    }

    /// When the body has to end, as far as is known by now.
    #[inline]
    pub(crate) fn limit(&self) -> Tick {
        self.extra.as_ref().map_or(Tick::NEVER, |extra| extra.limit())
    }

    /// Starts the clock of the body. Returns the limit.
    pub(crate) fn start_clock(&self, now: Tick) -> Tick {
        self.extra.as_ref().map_or(Tick::NEVER, |extra| extra.start_clock(now))
    }

    /// The limits of functions under which this job was asked for.
    #[inline]
    pub(crate) fn held(&self) -> Held {
        self.extra.as_ref().map_or_else(Held::default, |extra| extra.held.clone())
    }

    /// What another process needs to run the body, if it can travel.
    pub(crate) fn parcel(&self) -> Option<&Arc<Parcel>> {
        self.extra.as_ref().and_then(|extra| extra.parcel.as_ref())
    }

    /// Who runs the body in another process, if somebody does.
    pub(crate) fn remote(&self) -> Option<Arc<dyn Remote>> {
        self.extra.as_ref().and_then(|extra| extra.remote())
    }

    /// The job's permit, for whoever has the claim.
    #[inline]
    pub(crate) fn take_permit(&self) -> Option<Permit> {
        self.extra.as_ref().and_then(|extra| extra.take_permit())
    }
}

/// The site of every job that comes from a closure.
pub(crate) static CLOSURE_SITE: Site = Site::CLOSURE;

impl fmt::Display for Header {
    /// Function and call site, for messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` (called at {})", self.name(), self.settings.caller)
    }
}

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

#[cfg(all(test, target_pointer_width = "64", not(background_loom)))]
mod tests {
    use super::Header;

    /// A call should cost a cache line and a half beside its body and its value.
    #[test]
    fn a_header_is_small() {
        assert!(size_of::<Header>() <= 88, "{}", size_of::<Header>());
    }
}
