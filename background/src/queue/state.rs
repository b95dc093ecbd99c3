//! What a queue knows, under its lock. Nothing here runs foreign code: what has to be dropped is put
//! aside until the lock is open.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cell::parker::Parker;
use crate::clock::Tick;
use crate::queue::lengths::Lengths;
use crate::queue::member::{Member, Place, Run};
use crate::queue::settings::Settings;
use crate::queue::statistics::QueueStatistics;
use crate::queue::waiting::{Entry, Waiting, What};
use crate::strategy::Strategy;
use crate::task::Task;

/// Makes an update for one more worker.
pub(crate) type Maker = Arc<dyn Fn() -> Task + Send + Sync>;

/// Whether a queue takes calls.
pub(super) enum Phase {
    Open,
    /// Nobody has a handle any more. What waits is served.
    Closing,
    /// It was shut down.
    Shut,
    /// A call has failed.
    Stopped(String),
}

/// What is to be dropped when the lock is open.
#[derive(Default)]
pub(super) struct Rubbish {
    pub(super) strategies: Vec<Arc<dyn Strategy + Send + Sync>>,
    pub(super) updates: Vec<(u64, Task)>,
    pub(super) entries: Vec<Entry>,
    pub(super) makers: Vec<(u64, Maker)>,
}

impl Rubbish {
    pub(super) fn is_empty(&self) -> bool {
        self.strategies.is_empty()
            && self.updates.is_empty()
            && self.entries.is_empty()
            && self.makers.is_empty()
    }
}

pub(super) struct State {
    pub(super) waiting: Waiting,
    pub(super) members: BTreeMap<u64, Member>,
    /// Threads of our own that sleep, the latest to do so last.
    idle: Vec<u64>,
    /// Threads of our own that look for a while before they sleep, and serve all series.
    searching: usize,
    /// Updates that later workers have to run too.
    pub(super) log: Vec<(u64, Maker)>,
    pub(super) phase: Phase,
    pub(super) statistics: QueueStatistics,
    pub(super) lengths: Lengths,
    /// Who waits for something to end.
    pub(super) sleepers: Vec<Arc<Parker>>,
    pub(super) running: usize,
    pub(super) rubbish: Rubbish,
    /// Something has changed that sleepers wait for.
    pub(super) stir: bool,
    last_run: u64,
    last_update: u64,
}

/// A call on its way to a worker.
pub(super) struct Work {
    pub(super) number: u64,
    pub(super) what: What,
    /// It may be tried more than once, as the worker is in another process.
    pub(super) travels: bool,
}

/// What a thread of our own does next.
pub(super) enum Step {
    Work(Work),
    Look,
    Sleep,
    Leave,
}

/// Where a thread of our own comes from.
#[derive(Clone, Copy)]
pub(super) enum From {
    /// It has done this.
    Work(u64),
    Look,
    Sleep,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            waiting: Waiting::default(),
            members: BTreeMap::new(),
            idle: Vec::new(),
            searching: 0,
            log: Vec::new(),
            phase: Phase::Open,
            statistics: QueueStatistics::default(),
            lengths: Lengths::default(),
            sleepers: Vec::new(),
            running: 0,
            rubbish: Rubbish::default(),
            stir: false,
            last_run: 0,
            last_update: 0,
        }
    }

    /// Calls that have no outcome yet.
    pub(super) fn unfinished(&self) -> usize {
        self.running + self.waiting.len()
    }

    /// How many workers take what cannot travel.
    fn stayers(&self) -> usize {
        self.members.values().filter(|member| !member.travels && !member.leaving).count()
    }

    /// Why no call is taken.
    pub(super) fn refusal(&self) -> Option<String> {
        match &self.phase {
            Phase::Open => None,
            Phase::Closing => Some("its queue is gone".to_owned()),
            Phase::Shut => Some("its queue has been shut down".to_owned()),
            Phase::Stopped(why) => Some(format!("its queue has stopped, as a call failed: {why}")),
        }
    }

    pub(super) fn is_full(&mut self, settings: &Settings) -> bool {
        if self.waiting.len() < settings.bound {
            return false;
        }
        self.waiting.sweep();
        self.waiting.len() >= settings.bound
    }

    /// One of our threads that sleeps and could take this entry, or the next one.
    pub(super) fn rouse(&mut self) -> Option<Arc<Parker>> {
        if self.idle.is_empty() || self.searching > 0 || self.waiting.is_empty() {
            return None;
        }
        let stayers = self.stayers();
        let at = self.idle.iter().rposition(|id| {
            self.members.get(id).is_some_and(|it| self.waiting.has_for(it.asker(stayers)))
        })?;
        let id = self.idle.remove(at);
        self.bed(id)
    }

    fn bed(&self, id: u64) -> Option<Arc<Parker>> {
        match &self.members.get(&id)?.place {
            Place::Own(parker) => Some(Arc::clone(parker)),
            Place::Foreign(_) => None,
        }
    }

    /// The beds of all of our threads that sleep.
    pub(super) fn rouse_all(&mut self) -> Vec<Arc<Parker>> {
        std::mem::take(&mut self.idle).into_iter().filter_map(|id| self.bed(id)).collect()
    }

    /// What a thread of our own does next, at `now`.
    pub(super) fn step(&mut self, id: u64, from: From, now: Tick) -> (Step, Option<Arc<Parker>>) {
        let mut has_looked = false;
        match from {
            From::Work(number) => drop(self.finish(id, number, now)),
            From::Look => {
                has_looked = true;
                let serves_all = self.members.get(&id).is_some_and(Member::serves_all);
                self.searching -= usize::from(serves_all);
            }
            From::Sleep => self.idle.retain(|idle| *idle != id),
        }
        if let Some(work) = self.work_for(id, now) {
            // Whoever has relied on this thread to look may have brought more than one.
            let next = if matches!(from, From::Work(_)) { None } else { self.rouse() };
            return (Step::Work(work), next);
        }
        let Some(member) = self.members.get(&id) else { return (Step::Leave, None) };
        if member.leaving || (!matches!(self.phase, Phase::Open) && !self.has_work_for(id)) {
            self.remove(id);
            return (Step::Leave, self.rouse());
        }
        if has_looked {
            self.idle.push(id);
            return (Step::Sleep, None);
        }
        self.searching += usize::from(member.serves_all());
        (Step::Look, None)
    }

    fn has_work_for(&self, id: u64) -> bool {
        let stayers = self.stayers();
        self.members.get(&id).is_some_and(|member| {
            !member.leaving
                && (!member.updates.is_empty() || self.waiting.has_for(member.asker(stayers)))
        })
    }

    /// There is a worker for something that waits.
    pub(super) fn goes_on(&self) -> bool {
        self.running > 0 || self.members.keys().any(|id| self.has_work_for(*id))
    }

    /// Something for a worker that has room, which from now on runs it.
    pub(super) fn work_for(&mut self, id: u64, now: Tick) -> Option<Work> {
        let stayers = self.stayers();
        let member = self.members.get_mut(&id)?;
        if !member.has_room() {
            return None;
        }
        let (what, update) = if let Some((nth, task)) = member.updates.pop_front() {
            (What::Fresh(task), Some(nth))
        } else {
            let entry = self.waiting.take(member.asker(stayers))?;
            self.statistics.waiting.add(now.0.saturating_sub(entry.since.0));
            (entry.what, None)
        };
        self.last_run += 1;
        let number = self.last_run;
        let (job, trial) = match &what {
            What::Fresh(task) => (task.job().clone(), None),
            What::Again { job, trial } => (job.clone(), Some(Arc::clone(trial))),
        };
        member.runs.push(Run { number, job, trial, begun: now, update });
        self.running += 1;
        self.stir = true;
        // An update has one result, for one worker.
        Some(Work { number, what, travels: member.travels && update.is_none() })
    }

    /// Says that a call which was handed over is tried by this trial from now on.
    pub(super) fn tried(&mut self, id: u64, number: u64, trial: &Arc<super::trial::Trial>) {
        let run = self
            .members
            .get_mut(&id)
            .and_then(|member| member.runs.iter_mut().find(|run| run.number == number));
        if let Some(run) = run {
            run.trial = Some(Arc::clone(trial));
        }
    }

    /// A worker has done what it ran. Gives that back.
    pub(super) fn finish(&mut self, id: u64, number: u64, now: Tick) -> Option<Run> {
        let member = self.members.get_mut(&id)?;
        let at = member.runs.iter().position(|run| run.number == number)?;
        let run = member.runs.swap_remove(at);
        self.running -= 1;
        self.stir = true;
        if run.update.is_none() {
            self.statistics.running.add(now.0.saturating_sub(run.begun.0));
        }
        Some(run)
    }

    /// Gives each worker an update; with a maker later ones too. Returns the beds of those who sleep.
    pub(super) fn spread(
        &mut self,
        later: Option<Maker>,
        make: &mut dyn FnMut() -> Task,
    ) -> Vec<Arc<Parker>> {
        self.last_update += 1;
        for member in self.members.values_mut().filter(|member| !member.leaving) {
            member.updates.push_back((self.last_update, make()));
        }
        self.log.extend(later.map(|make| (self.last_update, make)));
        self.rouse_all()
    }

    /// Takes a worker off the list. It runs nothing.
    pub(super) fn remove(&mut self, id: u64) {
        self.idle.retain(|idle| *idle != id);
        if let Some(member) = self.members.remove(&id) {
            self.rubbish.updates.extend(member.updates);
            if let Place::Foreign(strategy) = member.place {
                self.rubbish.strategies.push(strategy);
            }
        }
        self.stir = true;
    }

    /// Lets those go who are not needed any more.
    pub(super) fn wind_up(&mut self) {
        let leaves = |member: &Member| !member.is_own() && member.runs.is_empty();
        let done: Vec<u64> = self
            .members
            .iter()
            .filter(|(id, member)| {
                let over = !matches!(self.phase, Phase::Open | Phase::Stopped(_));
                leaves(member) && (member.leaving || (over && !self.has_work_for(**id)))
            })
            .map(|(id, _)| *id)
            .collect();
        for id in done {
            self.remove(id);
        }
        if matches!(self.phase, Phase::Closing) && !self.goes_on() {
            let lost = self.waiting.take_all();
            self.rubbish.entries.extend(lost);
        }
        if self.members.is_empty() && matches!(self.phase, Phase::Closing | Phase::Shut) {
            self.rubbish.makers.append(&mut self.log);
        }
    }
}
