//! A pool of worker processes: what is queued, who is idle, and who sees to it.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::cell::state::FILLING;
use crate::failure::Failure;
use crate::parcel::Limits;
use crate::process::call::{Call, Flight, Queued, Turn};
use crate::process::channel::bell::Bell;
use crate::process::channel::frame::{Head, Kind, Label};
use crate::process::channel::ring::Broken;
use crate::process::cpu_clock::CpuWatch;
use crate::process::member::{Member, Stage};
use crate::process::settings::Settings;
use crate::process::{depth, keeper};
use crate::sync::global::{Condvar, Mutex, OnceLock, lock};
use crate::task::briefing::Briefing;
use crate::task::job_ref::JobRef;
use crate::task::{Task, threads, timer};

/// What all who have to do with one pool share.
pub(crate) struct Shared {
    pub(super) settings: Settings,
    pub(super) state: Mutex<State>,
    /// For the threads that keep the pool, of which one is at the bell.
    pub(super) seat: Condvar,
    bell: OnceLock<Bell>,
    /// Says what a new worker runs before its first call.
    briefing: OnceLock<Arc<dyn Briefing>>,
    /// The process that made it: in a fork of it there are no threads and no workers.
    owner: u32,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) queue: VecDeque<Queued>,
    pub(super) members: Vec<Arc<Member>>,
    /// Those of them that wait for a call, the latest to become idle last.
    pub(super) idle: Vec<Arc<Member>>,
    /// Calls whose worker is dead, but not all that it has started.
    pub(super) mourning: Vec<Mourning>,
    /// A thread sits at the bell.
    pub(super) kept: bool,
    /// Threads that wait for the seat at the bell.
    pub(super) standing_by: usize,
    /// So many workers have died, one after the other, before they were ready.
    pub(super) stillborn: u32,
    /// Until then no other is started.
    pub(super) not_before: Option<Instant>,
    /// The pool's owner is gone: nobody will come with calls.
    pub(super) closed: bool,
}

/// A call that is over as soon as these are dead.
pub(super) struct Mourning {
    pub(super) survivors: Vec<OwnedFd>,
    pub(super) until: Instant,
    pub(super) end: Box<dyn FnOnce() + Send>,
}

impl Shared {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            state: Mutex::default(),
            seat: Condvar::new(),
            bell: OnceLock::new(),
            briefing: OnceLock::new(),
            owner: std::process::id(),
        }
    }

    /// The program's own pool.
    pub(crate) fn of_the_program() -> &'static Arc<Self> {
        static POOL: OnceLock<Arc<Shared>> = OnceLock::new();
        POOL.get_or_init(|| Arc::new(Self::new(Settings::default())))
    }

    /// The bell. Made before the first worker, and before anybody asks.
    pub(super) fn bell(&self) -> &Bell {
        self.bell.get().unwrap_or_else(|| unreachable!("a pool with workers has a bell"))
    }

    fn hang_up_bell(&self) -> std::io::Result<()> {
        if self.bell.get().is_none() {
            // Another thread may have been faster.
            drop(self.bell.set(Bell::new()?));
        }
        Ok(())
    }

    /// This is the process that has made it, and no fork of that.
    pub(super) fn is_here(&self) -> bool {
        self.owner == std::process::id()
    }

    /// Takes a task.
    pub(crate) fn start(self: &Arc<Self>, task: Task, limits: Limits) {
        if depth::get() >= depth::DEEPEST {
            task.offload();
            return;
        }
        if let Some(queued) = self.packed(task, limits, None) {
            self.submit(queued);
        }
    }

    /// A task on its way. `None` when it cannot be sent, and has ended.
    fn packed(&self, task: Task, limits: Limits, briefs: Option<u64>) -> Option<Queued> {
        match self.call(&task, limits) {
            Ok(call) => Some(Queued { call: Arc::new(call), turn: Turn::First(task), briefs }),
            Err(failure) => {
                if let Some(parcel) = task.job().parcel() {
                    drop(parcel.unload());
                }
                task.job().resolve_unstarted(failure);
                None
            }
        }
    }

    /// Says who briefs new workers. Before the first call; of several the first is listened to.
    pub(super) fn brief_by(&self, briefing: Arc<dyn Briefing>) {
        drop(self.briefing.set(briefing));
    }

    pub(super) fn briefing(&self) -> Option<&dyn Briefing> {
        self.briefing.get().map(|briefing| &**briefing)
    }

    /// Gives a worker that is new what it has to run before its first call, and then that.
    pub(super) fn welcome(self: &Arc<Self>, member: &Arc<Member>) {
        if let Some(briefing) = self.briefing() {
            let to_come: Vec<_> = lock(&self.state).queue.iter().map(Queued::address).collect();
            let tasks = briefing.tasks(&to_come).into_iter();
            let queued =
                tasks.filter_map(|(nth, task)| self.packed(task, Limits::new(), Some(nth)));
            let queued = queued.collect();
            member.duty().briefing = queued;
        }
        self.next(member);
    }

    fn call(&self, task: &Task, limits: Limits) -> Result<Call, Failure> {
        let unsupported =
            |what: &str| Failure::Unsupported { call: task.job().call(), what: what.to_owned() };
        let Some(parcel) = task.job().parcel() else {
            return Err(unsupported(
                "a closure cannot travel to another process: write `#[background(process)]` above a \
                 function, or `spawn_with(function, arguments)`",
            ));
        };
        if !self.is_here() {
            return Err(rejected(
                "this process was forked from the one that has the worker processes".to_owned(),
            ));
        }
        let size = match parcel.arguments() {
            Ok(freight) => freight.bytes.len() as u64,
            Err(what) => return Err(Failure::Encoding { call: task.job().call(), what }),
        };
        if size > self.settings.message_limit {
            return Err(rejected(format!(
                "its arguments are {size} bytes, and {} may be sent",
                self.settings.message_limit
            )));
        }
        let Some(address) = parcel.entry.address() else {
            return Err(unsupported("the function lies in no part of this program's file"));
        };
        let limits = parcel.limits.or(limits).or(self.settings.limits);
        self.hang_up_bell().map_err(|error| rejected(format!("no descriptor: {error}")))?;
        Ok(Call::new(Arc::clone(parcel), address, limits))
    }

    fn submit(self: &Arc<Self>, mut queued: Queued) {
        loop {
            let mut state = lock(&self.state);
            let Some(member) = state.idle.pop() else {
                state.queue.push_back(queued);
                self.see_to_it(state);
                return;
            };
            drop(state);
            match self.assign(&member, queued) {
                Assigned::Begun => return,
                Assigned::Over => return self.next(&member),
                // It has died since.
                Assigned::Refused(back) => queued = back,
            }
        }
    }

    /// Sees to it that somebody looks after what is queued.
    fn see_to_it(self: &Arc<Self>, mut state: crate::sync::global::MutexGuard<'_, State>) {
        if state.kept || state.standing_by > 0 {
            // More than there can be workers need no more of them.
            let most = self.settings.workers;
            let another = state.members.len() < most && state.queue.len() <= most;
            drop(state);
            if another {
                self.bell().ring();
            }
            return;
        }
        state.kept = true;
        drop(state);
        let own = Arc::clone(self);
        let builder = thread::Builder::new().name("background-processes".into());
        if let Err(error) = threads::start(builder, move || keeper::keep(&own)) {
            let mut state = lock(&self.state);
            state.kept = false;
            let queue = std::mem::take(&mut state.queue);
            drop(state);
            let reason = format!("no thread can be had to look after worker processes: {error}");
            for queued in queue {
                queued.fail(rejected(reason.clone()));
            }
        }
    }

    /// Gives a call to a worker that has none.
    fn assign(self: &Arc<Self>, member: &Arc<Member>, queued: Queued) -> Assigned {
        let mut duty = member.duty();
        if duty.stage != Stage::Serving || duty.flight.is_some() {
            return Assigned::Refused(queued);
        }
        let Queued { call, turn, briefs } = queued;
        call.entrust(member);
        let (job, attempts) = match begin(&call, turn) {
            Ok(begun) => begun,
            Err(over) => {
                drop(duty);
                call.finish();
                over();
                return Assigned::Over;
            }
        };
        duty.number += 1;
        let number = duty.number;
        let sent = self.send(member, &call, &job, number);
        duty.cpu = call.limits.cpu.map(|limit| CpuWatch::start(member.pid, limit));
        let is_watched = duty.cpu.is_some();
        duty.flight = Some(Flight { call, job, number, attempts, briefs, stop: None });
        if sent == Err(Broken) {
            member.condemn(&mut duty);
        }
        drop(duty);
        if is_watched {
            // The keeper has to know when to look.
            self.bell().ring();
        }
        Assigned::Begun
    }

    fn send(&self, member: &Member, call: &Call, job: &JobRef, number: u64) -> Result<(), Broken> {
        let label = Label {
            address: call.address.clone(),
            name: shortened(job.name()).to_owned(),
            remaining: job.clocks().deadline.left(job.now()),
            memory: call.limits.memory,
            longest: self.settings.message_limit,
            look_ahead: call.parcel.intake.as_ref().map_or(0, |intake| intake.look_ahead()),
        };
        let label = label.encode();
        let freight = call.parcel.arguments().map_err(|_| Broken)?;
        let length = freight.bytes.len() as u64;
        let label_length = u32::try_from(label.len()).map_err(|_| Broken)?;
        let head = Head { kind: Kind::Call, number, label: label_length, length };
        member.send(self.bell(), head, &label, freight)
    }

    /// Gives a worker that has nothing to do its next call.
    pub(super) fn next(self: &Arc<Self>, member: &Arc<Member>) {
        loop {
            let briefing = member.duty().briefing.pop_front();
            let Some(queued) = briefing.or_else(|| self.pop_or_rest(member)) else { return };
            match self.assign(member, queued) {
                Assigned::Begun => return,
                Assigned::Over => {}
                // The next worker has a briefing of its own.
                Assigned::Refused(queued) if queued.briefs.is_some() => {
                    return queued.fail(Failure::Cancelled);
                }
                Assigned::Refused(queued) => {
                    // It takes none any more: the call keeps its place.
                    let mut state = lock(&self.state);
                    state.queue.push_front(queued);
                    self.see_to_it(state);
                    return;
                }
            }
        }
    }

    /// The next call; a worker for which there is none is idle from now on.
    fn pop_or_rest(&self, member: &Arc<Member>) -> Option<Queued> {
        let mut state = lock(&self.state);
        let queued = state.queue.pop_front();
        if queued.is_none() {
            state.idle.push(Arc::clone(member));
            let closed = state.closed;
            drop(state);
            if closed {
                self.bell().ring();
            }
        }
        queued
    }
}

/// What has become of a call that was to be given to a worker.
enum Assigned {
    /// The worker has it.
    Begun,
    /// It is over already: it was cancelled, or its time was up. The worker is still free.
    Over,
    /// The worker takes none any more.
    Refused(Queued),
}

/// Takes the claim of a call and starts its clock. `Err` when it is over: says what is left to do.
fn begin(call: &Arc<Call>, turn: Turn) -> Result<(JobRef, u32), Box<dyn FnOnce()>> {
    match turn {
        Turn::First(task) => {
            let job = task.job().clone();
            if !job.claim_for(call.clone()) {
                return Err(Box::new(move || drop(task)));
            }
            // From here on it is ours to answer.
            drop(task.into_job());
            if job.is_timed() && !timer::start_clock(&job) {
                return Err(Box::new(move || job.fail_remote(Failure::Timeout)));
            }
            Ok((job, 0))
        }
        // Cancelled while it waited once more.
        Turn::Again { job, .. } if job.core.state.glance() & FILLING != 0 => {
            Err(Box::new(move || job.fail_remote(Failure::Cancelled)))
        }
        Turn::Again { job, attempts } => Ok((job, attempts)),
    }
}

/// A name that fits into a label.
fn shortened(name: &str) -> &str {
    const LONGEST: usize = 4096;
    let mut end = name.len().min(LONGEST);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

pub(super) fn rejected(reason: String) -> Failure {
    Failure::Rejected { reason }
}

/// How long a dead worker's children are waited for: only a process that the system itself holds
/// back takes longer.
pub(super) const MOURNING: Duration = Duration::from_secs(2);
