//! Everything the attribute can say, for closures.
#![allow(unsafe_code)]

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use crate::call::DefaultPlace;
use crate::clock::Tick;
use crate::clock::virtual_clock::VirtualClock;
use crate::dedicated::Dedicated;
use crate::failure::Failure;
use crate::handle::Background;
use crate::inline::Inline;
use crate::lazy::Lazy;
use crate::parcel::Parcel;
#[cfg(feature = "process")]
use crate::process::Process;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::strategy::Strategy;
use crate::task::body::{Asynchronous, Body, Direct};
use crate::task::current::Inherited;
use crate::task::header::{CLOSURE_SITE, Clocks, OnDrop, Settings};
use crate::task::limit::{Limit, Permit, WhenFull};
use crate::task::rank::Rank;
use crate::task::{Task, current, job, stack, timer};
use crate::thread::Thread;

/// A task that is being described: everything `#[background(…)]` can say, for closures.
///
/// Made by [`task`](crate::task). Time limits and [`catch`](Self::catch) change the type of the
/// future that comes out of [`spawn`](Self::spawn), as they do for the attribute.
///
/// ```
/// use background::{Background, Timeout, task};
/// use std::time::Duration;
///
/// let x: Background<u32, Timeout> =
///     task().name("answer").timeout(Duration::from_secs(60)).spawn(|| 6 * 7);
/// assert_eq!(Background::join(x), Ok(42));
/// ```
#[must_use = "a description of a task does nothing; call `spawn`"]
pub struct Builder<S = Infallible, P = DefaultPlace> {
    site: &'static Site,
    name: Option<Cow<'static, str>>,
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    clock: Option<VirtualClock>,
    on_drop: OnDrop,
    limit: Option<(&'static Limit, WhenFull)>,
    /// Where the call is, if not where `spawn` is.
    caller: Option<&'static Location<'static>>,
    /// How far the producer of a stream may run ahead, in items.
    pub(super) look_ahead: Option<usize>,
    pub(super) rank: Option<Box<Rank>>,
    place: P,
    _sentinel: PhantomData<fn() -> S>,
}

impl Builder {
    #[inline]
    pub(crate) fn new(site: &'static Site) -> Self {
        Self {
            site,
            name: None,
            timeout: None,
            deadline: None,
            clock: None,
            on_drop: OnDrop::Detach,
            limit: None,
            caller: None,
            look_ahead: None,
            rank: None,
            place: DefaultPlace,
            _sentinel: PhantomData,
        }
    }

    /// A description of a closure.
    #[inline]
    pub(crate) fn of_closure() -> Self {
        Self::new(&CLOSURE_SITE)
    }
}

impl<S, P> Builder<S, P> {
    /// The same description with another place and another sentinel.
    #[inline]
    fn turn<S2, P2>(self, place: impl FnOnce(P) -> P2) -> Builder<S2, P2> {
        Builder {
            site: self.site,
            name: self.name,
            timeout: self.timeout,
            deadline: self.deadline,
            clock: self.clock,
            on_drop: self.on_drop,
            limit: self.limit,
            caller: self.caller,
            look_ahead: self.look_ahead,
            rank: self.rank,
            place: place(self.place),
            _sentinel: PhantomData,
        }
    }

    #[inline]
    fn with<P2>(self, place: P2) -> Builder<S, P2> {
        self.turn(|_| place)
    }

    fn change_sentinel<S2>(self) -> Builder<S2, P> {
        self.turn(|place| place)
    }

    /// Says where the call is, for what starts tasks in the name of an earlier call.
    pub(crate) fn called_at(mut self, caller: &'static Location<'static>) -> Self {
        self.caller = Some(caller);
        self
    }

    /// Gives the task a name, for messages and threads. Without one it is the function's.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Says what becomes of the task when its future is dropped.
    pub fn on_drop(mut self, on_drop: OnDrop) -> Self {
        self.on_drop = on_drop;
        self
    }

    /// Lets the task run only while `limit` has a permit for it, which it holds from the call to
    /// its end; `when_full` says what to do when there is none. A task with a permit is not left to
    /// its first touch, as a permit held by a task that nobody touches would block every other
    /// call: where it would be lazy, it starts in the pool.
    pub fn limit(mut self, limit: &'static Limit, when_full: WhenFull) -> Self {
        self.limit = Some((limit, when_full));
        self
    }

    /// Runs the task in the program's elastic pool, whatever `BACKGROUND_STRATEGY` says.
    pub fn thread(self) -> Builder<S, Thread> {
        self.with(Thread)
    }

    /// Runs the task on an OS thread of its own.
    pub fn dedicated(self) -> Builder<S, Dedicated> {
        self.with(Dedicated::new())
    }

    /// Runs the task at the call, on the caller's thread.
    pub fn inline(self) -> Builder<S, Inline> {
        self.with(Inline)
    }

    /// Runs the task at the first touch, on the toucher's thread.
    pub fn lazy(self) -> Builder<S, Lazy> {
        self.with(Lazy)
    }

    /// Runs the task in a worker process, which can be killed; see [`spawn_with`](Self::spawn_with)
    /// for what can travel there.
    #[cfg(feature = "process")]
    pub fn process(self) -> Builder<S, Process> {
        self.with(Process::new())
    }

    /// Runs the task where `strategy` says.
    pub fn on<P2: Strategy>(self, strategy: P2) -> Builder<S, P2> {
        self.with(strategy)
    }
}

impl<S> Builder<S, Dedicated> {
    /// Gives the task's thread a stack of at least `bytes`.
    pub fn stack_size(mut self, bytes: usize) -> Self {
        self.place = self.place.stack_size(bytes);
        self
    }
}

#[cfg(feature = "process")]
impl<S> Builder<S, Process> {
    /// Lets the call add at most so many bytes to what its worker process holds; more ends it as
    /// [`Failure::OutOfMemory`].
    pub fn memory(mut self, bytes: u64) -> Self {
        self.place.limits = self.place.limits.memory(bytes);
        self
    }

    /// Lets the call use at most so much processor time, of all its threads together; more ends it
    /// as [`Failure::CpuExceeded`].
    pub fn cpu(mut self, time: Duration) -> Self {
        self.place.limits = self.place.limits.cpu(time);
        self
    }

    /// Replaces the worker process after this call, if it has served so many by then.
    pub fn max_calls(mut self, calls: u64) -> Self {
        self.place.limits = self.place.limits.max_calls(calls);
        self
    }
}

impl<S: Sentinel, P> Builder<S, P> {
    /// Ends the task when its body has run for `budget`, counted from the moment it starts.
    ///
    /// `Duration::ZERO` never lets it start; `Duration::MAX` is no limit. From the moment the
    /// time-out can be seen the body has been told to stop.
    pub fn timeout(mut self, budget: Duration) -> Builder<S::WithTimeout, P> {
        self.timeout = Some(budget);
        self.change_sentinel()
    }

    /// Ends the task when `patience` has passed since the call, waiting included. Tasks that its
    /// body starts inherit what is left.
    pub fn deadline(mut self, patience: Duration) -> Builder<S::WithTimeout, P> {
        self.deadline = Some(patience);
        self.change_sentinel()
    }

    /// Lets the task's time limits follow a clock that stands still until it is moved.
    ///
    /// For tests: see [`VirtualClock`]. In-process strategies only need the limits to be told; a
    /// worker process is stopped by it too. Tasks that the body starts inherit the clock with the
    /// deadline. Waiting for a permit of a full [`limit`](Self::limit) is not under the clock.
    pub fn clock(mut self, clock: &VirtualClock) -> Self {
        self.clock = Some(clock.clone());
        self
    }

    /// The same, if no clock was named and there is one.
    pub(crate) fn or_clock(mut self, clock: Option<&VirtualClock>) -> Self {
        self.clock = self.clock.or_else(|| clock.cloned());
        self
    }

    /// Makes every failure a value: the future dereferences to a `Result<T, Failure>`.
    pub fn catch(self) -> Builder<Failure, P> {
        self.change_sentinel()
    }
}

impl<S: Sentinel, P: Strategy> Builder<S, P> {
    /// Starts the task.
    ///
    /// Returns at once, unless the strategy is [`inline`](Self::inline) or a
    /// [`limit`](Self::limit) is full. Panics only if the strategy does.
    #[inline]
    #[track_caller]
    pub fn spawn<T, F>(self, body: F) -> Background<T, S>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        // SAFETY: both types are Send and borrow nothing.
        unsafe { self.spawn_unchecked(body, (), false) }
    }

    /// Starts an `async` block: what `#[background]` does with an `async fn`.
    ///
    /// Strategies that run whole tasks poll it on one thread, which sleeps while it is pending;
    /// [`cooperative::Worker`](crate::cooperative::Worker) and others that run tasks step by step
    /// (see [`TaskFuture`](crate::TaskFuture)) run others meanwhile. Returns at once. Panics only if
    /// the strategy does.
    ///
    /// ```
    /// use background::{spawn, task};
    ///
    /// let double = task().spawn_async(async { 2 * spawn(|| 21).await });
    /// assert_eq!(double, 42);
    /// ```
    #[track_caller]
    pub fn spawn_async<F>(self, body: F) -> Background<F::Output, S>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.spawn_closure(async move || body.await)
    }

    /// The same for a closure, whose future need not be `Send`: it is made where it runs.
    #[track_caller]
    pub(crate) fn spawn_closure<T, F>(self, body: F) -> Background<T, S>
    where
        F: AsyncFnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        // SAFETY: both types are Send and borrow nothing.
        unsafe { self.begin(Asynchronous(body), (), false, None) }
    }

    /// Starts a task that may borrow.
    ///
    /// # Safety
    ///
    /// `F`, `T` and `G` may be used from any thread, and what they borrow outlives the drop of
    /// `guard`.
    #[inline]
    #[track_caller]
    pub(crate) unsafe fn spawn_unchecked<T, F, G>(
        self,
        body: F,
        guard: G,
        scoped: bool,
    ) -> Background<T, S>
    where
        F: FnOnce() -> T,
        G: Send,
    {
        // SAFETY: by contract.
        unsafe { self.begin(Direct(body), guard, scoped, None) }
    }

    /// Starts a task with a body of our own, perhaps one that can be run elsewhere.
    #[track_caller]
    pub(crate) fn spawn_body<T, B>(self, body: B, parcel: Option<Arc<Parcel>>) -> Background<T, S>
    where
        B: Body<T> + Send + 'static,
        T: Send + 'static,
    {
        // SAFETY: both types are Send and borrow nothing.
        unsafe { self.begin(body, (), false, parcel) }
    }

    /// Starts a task.
    ///
    /// # Safety
    ///
    /// As for [`spawn_unchecked`](Self::spawn_unchecked).
    #[inline]
    #[track_caller]
    unsafe fn begin<T, B, G>(
        self,
        body: B,
        guard: G,
        scoped: bool,
        parcel: Option<Arc<Parcel>>,
    ) -> Background<T, S>
    where
        B: Body<T>,
        G: Send,
    {
        let here = Location::caller();
        let caller = self.caller.unwrap_or(here);
        let Inherited { deadline: inherited, clock: outer, held } = current::inherited();
        let clock = self.clock.clone().or_else(|| outer.clone());
        let now = || clock.as_ref().map_or_else(Tick::now, VirtualClock::tick);
        let own = self.deadline.map_or(Tick::NEVER, |patience| now().after(patience));
        // Points in the times of two clocks cannot be compared.
        let deadline = match (&self.clock, &outer) {
            (Some(one), Some(other)) if one.is(other) => own.min(inherited),
            (Some(_), _) => own,
            (None, _) => own.min(inherited),
        };
        let patience = if clock.is_none() { deadline } else { Tick::NEVER };
        let (permit, verdict) = self.admit(patience);
        let settings = Settings {
            site: self.site,
            caller,
            name: self.name,
            clocks: Clocks { deadline, budget: self.timeout.map_or(u64::MAX, Tick::nanos) },
            clock,
            on_drop: self.on_drop,
            claimable: self.place.claim_on_touch(),
            offload,
            scoped,
            held: held.and(permit.as_ref()),
            parcel,
            rank: self.rank,
        };
        // SAFETY: by contract.
        let (shared, task) = unsafe { job::allocate(settings, permit, body, guard) };
        // SAFETY: the job was just made, and this is its handle.
        let future = unsafe { Background::<T, S>::from_raw(shared) };
        if deadline != Tick::NEVER {
            timer::watch_deadline(&future.job());
        }
        match verdict {
            Verdict::Start => self.place.start(task),
            Verdict::Inline => stack::with_room(|| task.run()),
            Verdict::Reject(most) => task.reject(format!("{most} of its calls are under way")),
        }
        future
    }

    /// Asks the limit, and waits for it if that is what the call says, but not past `deadline`.
    #[inline]
    fn admit(&self, deadline: Tick) -> (Option<Permit>, Verdict) {
        match self.limit {
            None => (None, Verdict::Start),
            Some((limit, when_full)) => admit(limit, when_full, deadline),
        }
    }
}

#[cold]
fn admit(limit: &'static Limit, when_full: WhenFull, deadline: Tick) -> (Option<Permit>, Verdict) {
    if let Some(permit) = limit.try_take() {
        return (Some(permit), Verdict::Start);
    }
    match when_full {
        // Without a permit the deadline has passed, and the body will not start.
        WhenFull::Block if !limit.is_held_above() => (limit.take(deadline), Verdict::Start),
        // A chain of such calls must not overflow the stack: rather one more at once.
        WhenFull::Block | WhenFull::Inline if !stack::has_room() => (None, Verdict::Start),
        WhenFull::Block | WhenFull::Inline => (None, Verdict::Inline),
        WhenFull::Reject => (None, Verdict::Reject(limit.most())),
    }
}

/// What the limit says.
enum Verdict {
    Start,
    Inline,
    Reject(usize),
}

/// Where tasks go that must not keep their starter.
fn offload(task: Task) {
    Thread.start(task);
}

impl<S, P> fmt::Debug for Builder<S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("site", &self.site)
            .field("name", &self.name)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("on_drop", &self.on_drop)
            .finish_non_exhaustive()
    }
}
