//! A pool: what its threads share, and what its users hold.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use crate::clock::Tick;
use crate::strategy::Strategy;
use crate::sync::global::{AtomicU64, Mutex, OnceLock, Ordering, lock, thread, thread_local};
use crate::task::threads::{self, Berth};
use crate::task::{Task, stack};
use crate::thread::desk::Desks;
use crate::thread::local;
use crate::thread::member::Member;
use crate::thread::overseer::Overseer;
use crate::thread::settings::Settings;
use crate::thread::sleep::{Call, Sleep};
use crate::thread::worker;

/// What the threads of one pool share.
pub(super) struct Shared {
    settings: Settings,
    sleep: Sleep,
    desks: Desks,
    roster: Mutex<Vec<Arc<Member>>>,
    overseer: Overseer,
    /// How many threads there have been.
    named: AtomicU64,
    /// Until when no thread is asked for, because the system has just refused one.
    refused_until: AtomicU64,
}

/// How long nobody asks for a thread after one was refused, in nanoseconds.
const REFUSED_FOR: u64 = 10_000_000;

impl Shared {
    fn new(settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            sleep: Sleep::new(settings.workers, settings.max_threads),
            settings,
            desks: Desks::default(),
            roster: Mutex::default(),
            overseer: Overseer::default(),
            named: AtomicU64::new(0),
            refused_until: AtomicU64::new(0),
        })
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn sleep(&self) -> &Sleep {
        &self.sleep
    }

    pub(super) fn desks(&self) -> &Desks {
        &self.desks
    }

    pub(super) fn overseer(&self) -> &Overseer {
        &self.overseer
    }

    pub(super) fn is_closed(&self) -> bool {
        self.sleep.glance().is_closed()
    }

    pub(super) fn roster(&self) -> Vec<Arc<Member>> {
        lock(&self.roster).clone()
    }

    pub(super) fn enroll(&self, member: &Arc<Member>) {
        lock(&self.roster).push(Arc::clone(member));
    }

    pub(super) fn dismiss(&self, member: &Arc<Member>) {
        lock(&self.roster).retain(|other| !Arc::ptr_eq(other, member));
    }

    #[inline]
    fn start(self: &Arc<Self>, task: Task) {
        if let Err(task) = local::push(self, task) {
            self.desks.inject(task);
        }
        if !self.announce() {
            self.run_here();
        }
    }

    /// Something was queued: sees to it that somebody comes for it. `false` if nobody can.
    #[inline]
    pub(super) fn announce(self: &Arc<Self>) -> bool {
        self.sleep.announce().is_none_or(|_| self.call())
    }

    /// Gets one more worker going if there are fewer than there should be. `false` if there is
    /// none at all and none can be had.
    #[cold]
    pub(super) fn call(self: &Arc<Self>) -> bool {
        match self.sleep.call_one() {
            Call::Woken | Call::Enough => true,
            Call::Hire => {
                // ORDERING: Relaxed, as in `hire`. Nobody but this thread need see the change.
                let refused = || self.refused_until.load(Ordering::Relaxed);
                let before = refused();
                self.hire() || self.make_do(refused() != before)
            }
            Call::Crowded | Call::Exhausted => {
                if !self.sleep.glance().is_watched() {
                    self.overseer.alert(self);
                }
                true
            }
        }
    }

    /// A thread could not be had. `false` if there is none at all. Those that there are may all
    /// come to wait for what is queued, so somebody has to try again.
    fn make_do(self: &Arc<Self>, just_refused: bool) -> bool {
        let counts = self.sleep.glance();
        if just_refused && counts.threads() > 0 && !counts.is_watched() {
            self.overseer.alert(self);
        }
        counts.threads() > 0
    }

    /// Starts the thread that has been counted already; takes it off the count if that fails.
    pub(super) fn hire(self: &Arc<Self>) -> bool {
        // ORDERING: Relaxed. An old reading costs one vain attempt more.
        let refused_until = self.refused_until.load(Ordering::Relaxed);
        let hired = (refused_until == 0 || refused_until < Tick::coarse()) && self.try_hire();
        if !hired {
            self.sleep.not_hired();
        }
        hired
    }

    fn try_hire(self: &Arc<Self>) -> bool {
        let Some(berth) = Berth::of_the_pool() else { return false };
        // ORDERING: Relaxed. The number stands for itself.
        let number = self.named.fetch_add(1, Ordering::Relaxed) + 1;
        let shared = Arc::clone(self);
        let builder = thread::Builder::new()
            .name(format!("{}-{number}", self.settings.thread_name))
            .stack_size(self.settings.stack_size);
        let hired = threads::start(builder, move || worker::run(&shared, number, berth)).is_ok();
        if !hired {
            // ORDERING: Relaxed, as above.
            self.refused_until.store(Tick::coarse() + REFUSED_FOR, Ordering::Relaxed);
        }
        hired
    }

    /// No thread can be had at all. The caller's will do: late beats never.
    ///
    /// Others may have seen the vain attempt and relied on it, so the caller comes for what they
    /// have queued too. A body that submits in turn is not nested deeper than its stack allows:
    /// what is left then, the outermost call comes to.
    #[cold]
    pub(super) fn run_here(self: &Arc<Self>) {
        let this = Arc::as_ptr(self).addr();
        let outer = LENT.try_with(|lent| lent.replace(this)).unwrap_or(0);
        if outer == this {
            if let Some(task) = stack::has_room().then(|| self.take_any()).flatten() {
                stack::with_room(|| task.run());
            }
            return;
        }
        while let Some(task) = self.take_any() {
            task.run();
            if self.sleep.glance().threads() > 0 {
                // Whoever counted that thread comes next: as one, or because it was refused.
                break;
            }
        }
        let _torn_down = LENT.try_with(|lent| lent.set(outer));
    }

    fn take_any(self: &Arc<Self>) -> Option<Task> {
        local::pop(self).or_else(|| self.desks.take_any())
    }
}

thread_local! {
    /// The pool, by its address, whose queues the thread runs because no other thread can be had;
    /// else 0.
    static LENT: Cell<usize> = const { Cell::new(0) };
}

/// A pool of threads of your own, beside the program's.
///
/// Made by [`PoolBuilder::build`](crate::PoolBuilder::build). A strategy: name it in
/// `#[background(on = …)]` or [`Builder::on`](crate::Builder::on). It works as the program's pool
/// does: as many workers have a core as were asked for, those that wait are replaced while tasks
/// are queued, a task that is touched before it has started runs on the toucher's thread, and idle
/// threads leave.
///
/// Dropping it blocks on nothing: what is queued still runs, and then its threads leave.
///
/// ```
/// use background::{pool, task};
///
/// let pool = pool().workers(1).thread_name("disk").build();
/// assert_eq!(task().on(&pool).spawn(|| 6 * 7), 42);
/// assert!(pool.threads() <= 1);
/// ```
pub struct Pool {
    shared: Arc<Shared>,
}

static PROGRAM: OnceLock<Pool> = OnceLock::new();

impl Pool {
    pub(super) fn new(settings: Settings) -> Self {
        Self { shared: Shared::new(settings) }
    }

    /// The program's pool, made on first use.
    #[inline]
    pub(super) fn of_the_program() -> &'static Self {
        PROGRAM.get_or_init(|| Self::new(Settings::of_the_program()))
    }

    /// Makes this the program's pool. Gives it back if there is one already.
    pub(super) fn install(self) -> Result<(), Self> {
        PROGRAM.set(self)
    }

    /// How many workers are to have a core.
    ///
    /// Never blocks.
    ///
    /// ```
    /// assert_eq!(background::pool().workers(3).build().workers(), 3);
    /// ```
    pub fn workers(&self) -> usize {
        self.shared.sleep.workers()
    }

    /// How many threads there are now, working, waiting or idle.
    ///
    /// Never blocks. A number of this moment, for reports and tests.
    ///
    /// ```
    /// assert_eq!(background::pool().build().threads(), 0); // started when there is work
    /// ```
    pub fn threads(&self) -> usize {
        self.shared.sleep.glance().threads()
    }
}

impl Strategy for Pool {
    #[inline]
    fn start(&self, task: Task) {
        self.shared.start(task);
    }

    #[inline]
    fn claim_on_touch(&self) -> bool {
        true
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.sleep.close();
        self.shared.overseer.close();
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("workers", &self.workers())
            .field("threads", &self.threads())
            .finish_non_exhaustive()
    }
}
