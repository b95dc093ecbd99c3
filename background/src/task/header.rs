//! What everybody may know of a job, and counted references to it.

use std::borrow::Cow;
use std::fmt;
use std::panic::Location;
use std::ptr::NonNull;
use std::sync::Arc;

use crate::cell::core::Core;
use crate::cell::state::{CANCEL_ON_DROP, CLAIMABLE, FRESH, JOIN_ON_DROP, LIMITED, SCOPED, TIMED};
use crate::clock::Tick;
use crate::clock::virtual_clock::VirtualClock;
use crate::failure::{Call, Failure};
use crate::parcel::{Parcel, Reply};
use crate::site::Site;
use crate::sync::atomic::AtomicUsize;
use crate::sync::global::{AtomicU64, Ordering};
use crate::task::Task;
use crate::task::extra::Extra;
use crate::task::limit::{Held, Permit};
use crate::task::rank::Rank;
use crate::task::remote::Remote;
use crate::task::steps::Steps;
use crate::task::task_id::TaskId;

/// The functions that know a job's types. Every one takes the job's own header.
pub(crate) struct Vtable {
    /// Runs the body and fills the outcome. Only with the claim.
    ///
    /// With an address, which is that of a place for what the future yields, only for a caller who
    /// is alone with an untimed job and holds both of its references: then `true` says that the
    /// place is written, and the job and both references are gone.
    pub(crate) run: unsafe fn(NonNull<Header>, Option<NonNull<()>>) -> bool,
    /// What runs the body step by step and then fills the outcome, of a body that is made of steps.
    /// Only with the claim, which goes to what is returned.
    pub(crate) steps: Option<unsafe fn(NonNull<Header>) -> Steps>,
    /// Fills the outcome with an answer from another process, of a body that can travel. Only with
    /// the claim.
    pub(crate) settle: Option<unsafe fn(NonNull<Header>, Reply)>,
    /// Drops the body unrun and fills the outcome with the failure, if any. Only with the claim,
    /// and with the right to the outcome if there is a failure.
    pub(crate) discard: unsafe fn(NonNull<Header>, Option<Failure>),
    /// Fills the outcome with a failure while the body runs on. Only with the right to the outcome.
    pub(crate) overtake: unsafe fn(NonNull<Header>, Failure),
    /// What the job has failed with. Only for a callback, which is called when the outcome is written
    /// and not published yet.
    pub(crate) failure: unsafe fn(NonNull<Header>) -> Option<Failure>,
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
    /// The clock that they follow, if it is not the real one.
    pub(crate) clock: Option<VirtualClock>,
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
    /// What the call says about its place in a queue.
    pub(crate) rank: Option<Box<Rank>>,
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
    pub(super) extra: Option<Box<Extra>>,
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
            clock,
            on_drop,
            claimable,
            offload,
            scoped,
            held,
            parcel,
            rank,
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
        let plain = name.is_none()
            && !timed
            && permit.is_none()
            && held.is_empty()
            && parcel.is_none()
            && rank.is_none();
        let extra = if plain {
            None
        } else {
            Some(Extra::boxed(name, clocks, clock, held, permit, parcel, rank))
        };
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

    /// Has the number of a job in whose place it is run. Before anybody has asked for its own.
    pub(super) fn stand_in_for(&self, other: &Self) {
        // ORDERING: Relaxed. The number stands for itself; the job is handed on after this.
        self.id.store(other.id().get(), Ordering::Relaxed);
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

    /// The clock that the limits follow, if it is not the real one.
    #[inline]
    pub(crate) fn clock(&self) -> Option<&VirtualClock> {
        self.extra.as_ref().and_then(|extra| extra.clock.as_ref())
    }

    /// The time by the clock that the limits follow.
    pub(crate) fn now(&self) -> Tick {
        self.extra.as_ref().map_or_else(Tick::now, |extra| extra.now())
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

    /// What the call says about its place in a queue, if it says something.
    pub(crate) fn rank(&self) -> Option<&Rank> {
        self.extra.as_ref().and_then(|extra| extra.rank.as_deref())
    }

    /// The name that was asked for.
    pub(super) fn own_name(&self) -> Option<Cow<'static, str>> {
        self.extra.as_ref().and_then(|extra| extra.name.clone())
    }

    /// The value that an attempt in this process has come to, for the body that is settled with it.
    pub(crate) fn take_product(&self) -> Option<Box<dyn std::any::Any + Send>> {
        self.rank().and_then(Rank::take)
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

#[cfg(all(test, target_pointer_width = "64", not(background_loom)))]
mod tests {
    use super::Header;

    /// A call should cost a cache line and a half beside its body and its value.
    #[test]
    fn a_header_is_small() {
        assert!(size_of::<Header>() <= 88, "{}", size_of::<Header>());
    }
}
