//! Which task this thread runs, and checkpoints.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::{Location, resume_unwind};
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::time::Duration;

use crate::cell::parker::Parker;
use crate::cell::state::{STOP, WATCH};
use crate::cell::waiters::{Key, Waiter};
use crate::clock::Tick;
use crate::clock::virtual_clock::VirtualClock;
use crate::failure::Failure;
use crate::site::Site;
use crate::sync::global::thread;
use crate::sync::thread_local;
use crate::task::header::Header;
use crate::task::job_ref::JobRef;
use crate::task::limit::Held;
use crate::task::stopped::Stopped;
use crate::task::task_id::TaskId;
use crate::task::{ledger, panics};

#[cfg(not(background_loom))]
thread_local! {
    /// The innermost task on this thread's stack; null outside of any.
    static CURRENT: Cell<*const Header> = const { Cell::new(ptr::null()) };
}

#[cfg(background_loom)]
thread_local! {
    static CURRENT: Cell<*const Header> = Cell::new(ptr::null());
}

/// Leaves the task when dropped.
pub(crate) struct Entered {
    outer: *const Header,
    _running: ledger::Running,
}

/// Makes a task the current one of this thread.
///
/// # Safety
///
/// The job outlives what is returned, which is dropped on this thread.
pub(crate) unsafe fn enter(header: NonNull<Header>) -> Entered {
    panics::note_places();
    // SAFETY: by contract the job is alive.
    let running = ledger::Running::enter(unsafe { header.as_ref() });
    let outer = CURRENT.with(|current| current.replace(header.as_ptr().cast_const()));
    Entered { outer, _running: running }
}

/// Runs `code` as if no task ran on this thread: the calls that it makes inherit nothing.
pub(crate) fn outside<R>(code: impl FnOnce() -> R) -> R {
    struct Back(*const Header);
    impl Drop for Back {
        fn drop(&mut self) {
            CURRENT.with(|current| current.set(self.0));
        }
    }
    let _back = Back(CURRENT.with(|current| current.replace(ptr::null())));
    code()
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        CURRENT.with(|current| current.set(self.outer));
    }
}

/// The innermost task on this thread's stack, for as long as `look` runs.
#[inline]
fn with_current<R>(look: impl FnOnce(&Header) -> R) -> Option<R> {
    let current = CURRENT.with(Cell::get);
    // SAFETY: whoever entered the task keeps its job alive until it leaves, on this thread.
    unsafe { current.as_ref() }.map(look)
}

/// When the current task has to end; `NEVER` outside of any.
pub(crate) fn limit() -> Tick {
    with_current(Header::limit).unwrap_or(Tick::NEVER)
}

/// The current task has a limit, which will unwind it out of what it waits for.
pub(crate) fn is_timed() -> bool {
    unwinds() && with_current(Header::is_timed) == Some(true)
}

/// A task that is told to stop unwinds at its checkpoints. Unwinding out of a destructor that runs
/// during unwinding would abort the program; and where panics abort there is none. Nor in models:
/// all their threads are one for the system, which takes them all to unwind when one does.
pub(crate) fn unwinds() -> bool {
    cfg!(panic = "unwind") && !cfg!(background_loom) && !thread::panicking()
}

/// What a nested call inherits.
pub(crate) struct Inherited {
    pub(crate) deadline: Tick,
    /// The clock that the deadline follows, if it is not the real one.
    pub(crate) clock: Option<VirtualClock>,
    pub(crate) held: Held,
}

/// What a nested call inherits of the current task.
#[inline]
pub(crate) fn inherited() -> Inherited {
    let inherited = with_current(|header| {
        let deadline = header.clocks().deadline;
        let clock = if deadline == Tick::NEVER { None } else { header.clock().cloned() };
        Inherited { deadline, clock, held: header.held() }
    });
    inherited.unwrap_or_else(|| Inherited {
        deadline: Tick::NEVER,
        clock: None,
        held: Held::default(),
    })
}

/// The current task's limits follow this clock; `None` is the real one.
pub(crate) fn follows(clock: Option<&VirtualClock>) -> bool {
    let same = with_current(|header| match (header.clock(), clock) {
        (None, None) => true,
        (Some(one), Some(other)) => one.is(other),
        _ => false,
    });
    same.unwrap_or(clock.is_none())
}

/// The limits under which this thread works.
pub(crate) fn held() -> Held {
    with_current(Header::held).unwrap_or_default()
}

/// Keeps the current task's thread awake for a stop while it waits for something else.
pub(crate) struct StopWatch(Option<(JobRef, Key)>);

/// Wakes `parker` when the current task is told to stop.
pub(crate) fn watch_stop(parker: &Arc<Parker>) -> StopWatch {
    let current = CURRENT.with(Cell::get).cast_mut();
    let job = NonNull::new(current).map(|header| {
        // SAFETY: whoever entered the task keeps its job alive until it leaves, on this thread.
        unsafe { JobRef::of(header) }
    });
    StopWatch(job.and_then(|job| {
        let key = job.core.register(Waiter::Thread(Arc::clone(parker))).ok()?;
        Some((job, key))
    }))
}

impl StopWatch {
    /// There is a task that may be told to stop.
    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }
}

impl Drop for StopWatch {
    fn drop(&mut self) {
        if let Some((job, key)) = &self.0 {
            job.core.withdraw(*key);
        }
    }
}

/// The current task's limit has passed: end it, and unwind.
///
/// Called where a nested task has met a deadline that it inherited from the current one.
pub(crate) fn expire_if_due() {
    let current = CURRENT.with(Cell::get).cast_mut();
    let Some(header) = NonNull::new(current) else {
        return;
    };
    // SAFETY: whoever entered the task keeps its job alive until it leaves, on this thread.
    let job = unsafe { JobRef::of(header) };
    if job.limit() <= job.now() {
        job.resolve(Failure::Timeout);
        drop(job);
        checkpoint();
    }
}

/// Ends the current task with a failure that is not its body's panic, and unwinds.
///
/// For bodies of our own, which fail because what they wait for has failed.
pub(crate) fn fail(failure: Failure) -> ! {
    if let Some(current) = current() {
        current.job.resolve(failure);
    }
    resume_unwind(Box::new(Stopped))
}

/// A point where the current task unwinds if it has been cancelled or its time is up.
///
/// Bodies with a `timeout` or `deadline`, and those marked `killable`, have one at the head of
/// every loop. A touch that has to wait is a checkpoint too. Unwinding runs destructors; nothing
/// is printed and no panic hook is called. Costs a thread-local read and a test. Does nothing
/// outside of a task, while the thread is already unwinding, and in programs built with
/// `panic = "abort"`, where a body has to ask [`Current::is_stopping`] and return.
///
/// Never blocks. Never panics outside of a task.
///
/// ```
/// use background::{Background, Cancel, checkpoint, spawn};
/// use std::sync::mpsc::channel;
///
/// struct Cleanup(std::sync::mpsc::Sender<&'static str>);
/// impl Drop for Cleanup {
///     fn drop(&mut self) {
///         self.0.send("cleaned up").unwrap();
///     }
/// }
///
/// let (started, has_started) = channel();
/// let (sender, receiver) = channel();
/// let endless = spawn(move || -> u32 {
///     let _cleanup = Cleanup(sender);
///     started.send(()).unwrap();
///     loop {
///         checkpoint();
///         std::thread::yield_now();
///     }
/// });
/// has_started.recv().unwrap();
/// assert_eq!(Background::cancel(&endless), Cancel::Stopping);
/// assert_eq!(receiver.recv(), Ok("cleaned up"));
/// ```
#[inline]
pub fn checkpoint() {
    if with_current(|header| header.core.state.glance() & (STOP | WATCH) != 0) == Some(true) {
        stop();
    }
}

#[cold]
#[inline(never)]
fn stop() {
    let Some(current) = current() else { return };
    if !current.is_stopping() && current.job.limit() <= current.job.now() {
        // Here only without a timer thread, which does this otherwise.
        current.job.resolve(Failure::Timeout);
    }
    if current.is_stopping() && unwinds() {
        drop(current);
        resume_unwind(Box::new(Stopped));
    }
}

/// The task that this thread runs; `None` outside of any.
///
/// Of nested tasks on one thread, the innermost. Never blocks, never panics.
///
/// ```
/// use background::{current, task};
///
/// assert!(current().is_none());
/// let name = task().name("chore").spawn(|| current().unwrap().name().to_owned());
/// assert_eq!(name, "chore");
/// ```
pub fn current() -> Option<Current> {
    let current = NonNull::new(CURRENT.with(Cell::get).cast_mut())?;
    // SAFETY: whoever entered the task keeps its job alive until it leaves, on this thread.
    let job = unsafe { JobRef::of(current) };
    Some(Current { job, _on_this_thread: PhantomData })
}

/// The job of the task that this thread runs.
pub(crate) fn job() -> Option<JobRef> {
    current().map(|current| current.job)
}

/// The facts of the task that this thread runs. See [`current`].
pub struct Current {
    job: JobRef,
    _on_this_thread: PhantomData<*const ()>,
}

impl Current {
    /// A reference that may leave this thread. No user can get one.
    #[cfg(background_loom)]
    pub(crate) fn into_job(self) -> JobRef {
        self.job
    }

    /// The task's number.
    pub fn id(&self) -> TaskId {
        self.job.id()
    }

    /// The name that was asked for, else the function's.
    pub fn name(&self) -> &str {
        self.job.name()
    }

    /// Where the function stands.
    pub fn site(&self) -> Site {
        self.job.site()
    }

    /// Where it was called.
    pub fn call_site(&self) -> &'static Location<'static> {
        self.job.settings.caller
    }

    /// The task has been told to stop: cancelled, or its time is up.
    ///
    /// For bodies that rather return than unwind, and for `panic = "abort"`.
    pub fn is_stopping(&self) -> bool {
        self.job.core.is_stopped()
    }

    /// What is left of the task's time; `None` when it has no limit.
    pub fn remaining(&self) -> Option<Duration> {
        self.job.limit().left(self.job.now())
    }
}

impl std::fmt::Debug for Current {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Current")
            .field("name", &self.name())
            .field("call_site", &format_args!("{}", self.call_site()))
            .field("is_stopping", &self.is_stopping())
            .finish_non_exhaustive()
    }
}
