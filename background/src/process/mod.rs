//! Worker processes: isolated, and really ended when they are to end.
//!
//! ```text
//!  the program                                      a worker process (the same executable)
//!  ┌─────────────────────────────────────┐          ┌───────────────────────────────────┐
//!  │ start ─► Shared ─► Member ── link ──┼─ rings ──┼─ serve (main thread) ─► entry     │
//!  │            ▲          ▲             │          │ guard (thread): is the program    │
//!  │          keeper (one thread) ◄──────┼─ bell ───┼─ there?                           │
//!  └─────────────────────────────────────┘          └───────────────────────────────────┘
//! ```
//!
//! A call goes straight into the ring of an idle worker, from the thread that makes it. Its reply is
//! taken out by whoever touches the future, if it comes while that thread looks for it, and by the
//! **keeper** otherwise: one thread a pool, asleep until a worker rings, dies, or a time is up. It also
//! starts workers, gives them what is queued, ends those that are idle, and buries the dead. It is
//! gone when the last worker is.
//!
//! * [`pool`]: what is queued, who is idle; [`answers`]: what workers send
//! * [`process_pool`], [`settings`]: what users hold, and what they say about it
//! * [`call`]: a call on its way; [`member`]: a worker as the program sees it, with its [`link`]
//! * [`keeper`], [`launch`], [`burial`], [`cpu_clock`], [`group`]: the life of workers
//! * [`channel`]: how the two talk
//! * `absent`: the same for systems other than Linux, where every call is refused
//! * [`child`]: what runs in a worker; [`depth`], [`cause`]: what both know

#[cfg(not(target_os = "linux"))]
pub(crate) mod absent;
#[cfg(target_os = "linux")]
mod answers;
#[cfg(target_os = "linux")]
mod burial;
#[cfg(target_os = "linux")]
mod call;
#[cfg(target_os = "linux")]
mod cause;
#[cfg(target_os = "linux")]
mod channel;
#[cfg(target_os = "linux")]
mod child;
#[cfg(target_os = "linux")]
mod cpu_clock;
mod depth;
#[cfg(target_os = "linux")]
mod group;
#[cfg(target_os = "linux")]
mod keeper;
#[cfg(target_os = "linux")]
mod launch;
#[cfg(target_os = "linux")]
mod link;
#[cfg(target_os = "linux")]
mod member;
#[cfg(target_os = "linux")]
mod pool;
#[cfg(target_os = "linux")]
pub(crate) mod process_pool;
pub(crate) mod settings;

use crate::parcel::Limits;
#[cfg(target_os = "linux")]
use crate::process::pool::Shared;
use crate::strategy::Strategy;
use crate::task::Task;

/// Runs a function that can travel in a warm worker process: the program's own pool of them.
///
/// What `#[background(process)]` and [`Builder::process`](crate::Builder::process) name. A task that
/// cannot travel, such as a closure that captures something, fails as
/// [`Failure::Unsupported`](crate::Failure::Unsupported).
///
/// ```
/// use background::{Background, task};
///
/// let pid = task().process().spawn_with(|()| std::process::id(), ());
/// assert_ne!(Background::join(pid), std::process::id());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Process {
    pub(crate) limits: Limits,
}

impl Process {
    /// Without limits.
    #[must_use]
    pub const fn new() -> Self {
        Self { limits: Limits::new() }
    }
}

/// Sees to it that the program that this is compiled into can be turned into workers.
#[inline(always)]
#[allow(clippy::inline_always, reason = "it has to come where its caller is compiled into")]
pub(crate) fn install() {
    #[cfg(target_os = "linux")]
    child::boot::install();
}

/// What the constructor does, for programs in which it has not run.
pub(crate) fn become_worker() {
    #[cfg(target_os = "linux")]
    child::boot::become_worker();
}

impl Strategy for Process {
    fn start(&self, task: Task) {
        #[cfg(target_os = "linux")]
        Shared::of_the_program().start(task, self.limits);
        #[cfg(not(target_os = "linux"))]
        absent::refuse(&task);
    }
}
