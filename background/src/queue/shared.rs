//! What all who have to do with one queue share: how calls come in, and how they come to workers.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use crate::cell::parker::Parker;
use crate::cell::waiters::Waiter;
use crate::clock::Tick;
use crate::failure::Failure;
use crate::queue::lengths::Listener;
use crate::queue::member::Place;
use crate::queue::settings::{FailurePolicy, Settings};
use crate::queue::state::{Phase, Rubbish, State, Work};
use crate::queue::trial::Trial;
use crate::queue::waiting::{Entry, What};
use crate::strategy::Strategy;
use crate::sync::global::{AtomicUsize, Mutex, Ordering, lock, thread, thread_local};
use crate::task::job_ref::JobRef;
use crate::task::limit::WhenFull;
use crate::task::wait::{self, Release};
use crate::task::{Task, frame, panics, stack, timer};

pub(crate) struct Shared {
    pub(super) state: Mutex<State>,
    /// Changes when a thread of ours that looks for work may find some.
    pub(super) news: AtomicUsize,
    pub(super) settings: Settings,
    /// The threads of our own, to be joined.
    pub(super) threads: Mutex<Vec<(u64, thread::JoinHandle<()>)>>,
}

thread_local! {
    /// The queue whose own thread this is, by its address, and the worker; else 0.
    static OWN: Cell<(usize, u64)> = const { Cell::new((0, 0)) };
    /// The queues, by their addresses, that this thread hands work out for.
    static HANDING_OUT: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// A strategy may run a call where it is given it, and the call may bring others: so deep they are
/// handed out at once, and beyond that when the outer ones return.
const DEEPEST: usize = 4;

impl Shared {
    pub(super) fn new(settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State::new()),
            news: AtomicUsize::new(0),
            settings,
            threads: Mutex::new(Vec::new()),
        })
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Says that this thread is one of the queue's own.
    pub(super) fn adopt_thread(&self, id: u64) {
        OWN.set((self.address(), id));
    }

    /// The worker whose own thread this is.
    pub(super) fn own_worker(&self) -> Option<u64> {
        let (queue, id) = OWN.try_with(Cell::get).unwrap_or_default();
        (queue == self.address()).then_some(id)
    }

    /// Changes what the queue knows, and does what follows when the lock is open.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let mut state = lock(&self.state);
        let result = change(&mut state);
        let mut beds = Vec::new();
        if !matches!(state.phase, Phase::Open) || state.members.values().any(|it| it.leaving) {
            state.wind_up();
            beds = state.rouse_all();
        }
        let stirred = std::mem::take(&mut state.stir) || !beds.is_empty();
        let sleepers = if stirred { state.sleepers.clone() } else { Vec::new() };
        let length = state.waiting.len();
        let tells = state.lengths.note(length);
        let rubbish = std::mem::take(&mut state.rubbish);
        // ORDERING: Relaxed. A thread that looks only looks again, under the lock.
        self.news.fetch_add(1, Ordering::Relaxed);
        drop(state);
        for bed in beds.iter().chain(&sleepers) {
            bed.unpark();
        }
        if tells {
            self.tell_lengths();
        }
        if !rubbish.is_empty() {
            clear(rubbish);
        }
        result
    }

    /// Tells the listeners, one after the other, of all changes that there are.
    fn tell_lengths(&self) {
        loop {
            let next = lock(&self.state).lengths.next();
            let Some((length, listeners)) = next else { return };
            for listener in &listeners {
                panics::guarded("a subscriber of a queue", || listener(length));
            }
            panics::guarded("dropping a subscriber of a queue", || drop(listeners));
        }
    }

    pub(super) fn subscribe(&self, listener: Listener) -> u64 {
        lock(&self.state).lengths.add(listener)
    }

    pub(super) fn unsubscribe(&self, number: u64) {
        let listener = lock(&self.state).lengths.remove(number);
        panics::guarded("dropping a subscriber of a queue", || drop(listener));
    }

    /// Takes a call.
    pub(super) fn submit(self: &Arc<Self>, task: Task) {
        let mut task = Some(task);
        loop {
            let now = Tick::now();
            let answer = self.change(|state| {
                if let Some(refusal) = state.refusal() {
                    return Answer::Refused(refusal);
                }
                if state.is_full(&self.settings) {
                    return Answer::Full;
                }
                if let Some(task) = task.take() {
                    state.waiting.push(Entry::fresh(task, now));
                }
                Answer::Taken(state.rouse())
            });
            match (answer, task.take()) {
                (Answer::Taken(bed), _) => {
                    if let Some(bed) = bed {
                        bed.unpark();
                    }
                    return self.hand_out();
                }
                (Answer::Refused(why), Some(task)) => return task.reject(why),
                (Answer::Full, Some(full)) => match self.settings.when_full {
                    WhenFull::Reject => {
                        let most = self.settings.bound;
                        return full.reject(format!("its queue is full: {most} calls wait"));
                    }
                    WhenFull::Block if !self.is_above() => {
                        if !self.wait_for_room(&full) {
                            full.job().resolve(Failure::Timeout);
                            return;
                        }
                        task = Some(full);
                    }
                    WhenFull::Block | WhenFull::Inline => {
                        return stack::with_room(|| full.run());
                    }
                },
                (_, None) => return,
            }
        }
    }

    /// Blocks until there is room, or until the task's deadline. A checkpoint.
    fn wait_for_room(&self, task: &Task) -> bool {
        self.wait_until(task.job().clocks().deadline, |state| {
            state.refusal().is_some() || state.waiting.len() < self.settings.bound
        })
    }

    /// Blocks until `holds`, or until `until`; `true` when it holds. A checkpoint.
    pub(super) fn wait_until(&self, until: Tick, holds: impl Fn(&State) -> bool) -> bool {
        let bed = Parker::new();
        lock(&self.state).sleepers.push(Arc::clone(&bed));
        let _registered = Sleeper { shared: self, bed: &bed };
        let holds = || holds(&lock(&self.state));
        wait::until_released(&bed, until, &Release { holds: &holds, jobs: &Vec::new })
    }

    /// This thread runs a body for the queue, perhaps with others on top of it.
    pub(super) fn is_above(&self) -> bool {
        self.own_worker().is_some()
            || frame::is_within(|job| {
                let state = lock(&self.state);
                let mut foreign = state.members.values().filter(|member| !member.is_own());
                foreign.any(|member| member.runs.iter().any(|run| run.is(job)))
            })
    }

    /// Gives what waits to strategies that have room.
    pub(super) fn hand_out(self: &Arc<Self>) {
        let own = self.address();
        let entered = HANDING_OUT.try_with(|queues| {
            let mut queues = queues.borrow_mut();
            let enters = queues.iter().filter(|queue| **queue == own).count() < DEEPEST;
            if enters {
                queues.push(own);
            }
            enters
        });
        if entered == Ok(false) {
            // Whoever is at it on this thread looks again.
            return;
        }
        while let Some((id, strategy, work)) = self.next_hand_over() {
            self.hand_over(id, &*strategy, work);
        }
        if entered == Ok(true) {
            // What was entered later has left before.
            HANDING_OUT.with(|queues| queues.borrow_mut().pop());
        }
    }

    fn next_hand_over(&self) -> Option<(u64, Arc<dyn Strategy + Send + Sync>, Work)> {
        let foreign = |state: &State| -> Vec<u64> {
            let strangers = state.members.iter().filter(|(_, it)| !it.is_own() && it.has_room());
            let serves = |member: &super::member::Member| {
                !member.updates.is_empty() || !state.waiting.is_empty()
            };
            let mut ids: Vec<_> = strangers.filter(|(_, it)| serves(it)).collect();
            // The least busy first.
            ids.sort_by_key(|(_, member)| member.runs.len());
            ids.into_iter().map(|(id, _)| *id).collect()
        };
        let candidates = foreign(&lock(&self.state));
        if candidates.is_empty() {
            return None;
        }
        let now = Tick::now();
        self.change(|state| {
            candidates.into_iter().find_map(|id| {
                let work = state.work_for(id, now)?;
                match &state.members.get(&id)?.place {
                    Place::Foreign(strategy) => Some((id, Arc::clone(strategy), work)),
                    Place::Own(_) => None,
                }
            })
        })
    }

    fn hand_over(self: &Arc<Self>, id: u64, strategy: &(dyn Strategy + Send + Sync), work: Work) {
        let number = work.number;
        let Some(task) = self.prepare(id, work) else {
            return self.finished(id, number);
        };
        let job = task.job().clone();
        let (shared, cause) = (Arc::clone(self), self.watch(&job));
        let after = Box::new(move || shared.ended(id, number, cause.as_deref()));
        match job.core.register(Waiter::After(after)) {
            Ok(_) => {}
            Err(Waiter::After(after)) => {
                drop(task);
                return after();
            }
            Err(_) => unreachable!("what was registered comes back"),
        }
        start_clock(&task);
        panics::guarded("a strategy of a queue", || strategy.start(task));
    }

    /// What a worker really runs: the call itself, or one attempt at it.
    pub(super) fn prepare(self: &Arc<Self>, id: u64, work: Work) -> Option<Task> {
        let (job, trial) = match work.what {
            What::Fresh(task) => {
                let retries = task.job().rank().is_some_and(|rank| rank.retries > 0);
                let parcel = task.job().parcel();
                let remote = work.travels && parcel.is_some();
                // The items that a stream has made cannot be taken back.
                let is_stream = parcel.is_some_and(|parcel| parcel.intake.is_some());
                if is_stream || (!retries && !remote) {
                    return Some(task);
                }
                let (job, trial) = Trial::of(task, Arc::downgrade(self))?;
                self.change(|state| state.tried(id, work.number, &trial));
                (job, trial)
            }
            What::Again { job, trial } => (job, trial),
        };
        trial.begin(&job)
    }

    /// What a strategy was given has ended.
    fn ended(self: &Arc<Self>, id: u64, number: u64, cause: Option<&Cause>) {
        let now = Tick::now();
        let run = self.change(|state| state.finish(id, number, now));
        // How an attempt ends is told to its trial.
        if run.is_some_and(|run| run.trial.is_none()) {
            self.look_at(cause);
        }
        self.hand_out();
    }

    /// What was to be handed over is over already.
    fn finished(self: &Arc<Self>, id: u64, number: u64) {
        let now = Tick::now();
        drop(self.change(|state| state.finish(id, number, now)));
    }

    /// Has it noted why a call fails, if that is of interest.
    pub(super) fn watch(&self, job: &JobRef) -> Option<Arc<Cause>> {
        if self.settings.on_failure == FailurePolicy::Return {
            return None;
        }
        let (cause, call) = (Arc::new(Cause::default()), job.to_string());
        let noted = Arc::clone(&cause);
        job.on_failure(move |failure| {
            // Whoever sets a limit or cancels expects what follows; everything else is a failure.
            if !failure.is_timeout() && !failure.is_cancelled() {
                *lock(&noted) = Some(format!("{call} {}", failure.predicate()));
            }
        });
        Some(cause)
    }

    /// Does what is to be done when a call has failed for reasons of its own.
    pub(super) fn look_at(&self, cause: Option<&Cause>) {
        let what = cause.and_then(|cause| lock(cause).take());
        if let Some(what) = what {
            self.has_failed(&what);
        }
    }

    /// A call is to be tried once more.
    pub(super) fn once_more(self: &Arc<Self>, entry: Entry) {
        let entry = self.change(|state| {
            // What began before the end may still be brought to its own.
            let is_over = matches!(state.phase, Phase::Stopped(_)) || state.members.is_empty();
            if is_over && !matches!(state.phase, Phase::Open) {
                return Err(entry);
            }
            state.waiting.push_again(entry);
            Ok(state.rouse())
        });
        match entry {
            Ok(bed) => {
                if let Some(bed) = bed {
                    bed.unpark();
                }
                self.hand_out();
            }
            Err(entry) => entry.end(Failure::Lost),
        }
    }

    /// Does what the queue does when a call fails.
    pub(super) fn has_failed(&self, what: &str) {
        match self.settings.on_failure {
            FailurePolicy::Return => {}
            FailurePolicy::Warn => panics::tell(format_args!("in a queue, {what}")),
            FailurePolicy::Stop => {
                let waiting = self.change(|state| {
                    if !matches!(state.phase, Phase::Open) {
                        return Vec::new();
                    }
                    state.phase = Phase::Stopped(what.to_owned());
                    state.waiting.take_all()
                });
                let reason = format!("its queue has stopped, as a call failed: {what}");
                for entry in waiting {
                    entry.end(Failure::Rejected { reason: reason.clone() });
                }
            }
        }
    }
}

/// A time limit counts from the hand-over.
fn start_clock(task: &Task) {
    let job = task.job();
    if job.is_timed() && !timer::start_clock(job) {
        job.resolve(Failure::Timeout);
    }
}

/// Drops what nobody needs any more. Runs foreign code.
fn clear(rubbish: Rubbish) {
    let Rubbish { strategies, updates, entries, makers } = rubbish;
    panics::guarded("dropping a strategy of a queue", || drop(strategies));
    panics::guarded("dropping an update of a queue", || drop(makers));
    drop(updates);
    for entry in entries {
        entry.end(Failure::Lost);
    }
}

/// Why a call has failed, in words.
pub(super) type Cause = Mutex<Option<String>>;

/// What a queue says to a call.
enum Answer {
    Taken(Option<Arc<Parker>>),
    Refused(String),
    Full,
}

/// Somebody who waits, and leaves the list when a checkpoint unwinds or the wait is over.
struct Sleeper<'a> {
    shared: &'a Shared,
    bed: &'a Arc<Parker>,
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        lock(&self.shared.state).sleepers.retain(|bed| !Arc::ptr_eq(bed, self.bed));
    }
}
