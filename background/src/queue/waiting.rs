//! What waits in a queue, in the order in which it is served.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::cell::state::FILLING;
use crate::clock::Tick;
use crate::failure::Failure;
use crate::queue::trial::Trial;
use crate::task::Task;
use crate::task::job_ref::JobRef;
use crate::task::rank::Turn;

/// A place in the order: smaller is sooner, and of two that are weighed alike the first to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    turn: Turn,
    number: u64,
    nth: u64,
}

/// What waits.
pub(super) struct Entry {
    pub(super) what: What,
    pub(super) since: Tick,
    pub(super) series: Option<Arc<str>>,
    /// It can be run in another process.
    pub(super) travels: bool,
}

pub(super) enum What {
    /// A task that nobody has begun.
    Fresh(Task),
    /// One that is to be tried once more. The trial has its claim.
    Again { job: JobRef, trial: Arc<Trial> },
}

impl Entry {
    pub(super) fn fresh(task: Task, since: Tick) -> Self {
        let series = task.job().rank().and_then(|rank| rank.series.clone());
        let travels = task.job().parcel().is_some();
        Self { what: What::Fresh(task), since, series, travels }
    }

    pub(super) fn again(job: JobRef, trial: Arc<Trial>) -> Self {
        let series = job.rank().and_then(|rank| rank.series.clone());
        let travels = job.parcel().is_some();
        Self { what: What::Again { job, trial }, since: Tick::now(), series, travels }
    }

    pub(super) fn is_wanted(&self) -> bool {
        match &self.what {
            What::Fresh(task) => task.is_wanted(),
            What::Again { job, .. } => job.core.state.glance() & FILLING == 0,
        }
    }

    pub(super) fn job(&self) -> &JobRef {
        match &self.what {
            What::Fresh(task) => task.job(),
            What::Again { job, .. } => job,
        }
    }

    /// Ends it, unless it has ended. Runs foreign code.
    pub(super) fn end(self, failure: Failure) {
        match self.what {
            What::Fresh(task) => task.job().resolve_unstarted(failure),
            What::Again { job, trial } => trial.abandon(&job, failure),
        }
    }
}

/// Who asks for something to do.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    /// The only series that it serves.
    pub(super) series: Option<&'a [Arc<str>]>,
    /// Whether it takes what cannot travel, and what can.
    pub(super) lanes: [bool; 2],
}

/// How far the calls of one series have come.
#[derive(Default)]
struct Series {
    /// The number of its latest call, as the weight multiplies it.
    serial: u64,
    /// Where that call stands: none of the series comes before it any more.
    number: u64,
    keys: BTreeSet<(Key, bool)>,
}

/// What waits, in order.
#[derive(Default)]
pub(super) struct Waiting {
    /// What cannot travel to another process, and what can.
    lanes: [BTreeMap<Key, Entry>; 2],
    series: HashMap<Arc<str>, Series>,
    /// The same for all calls of no series.
    unnamed: Series,
    /// The highest serial of all series: one that begins late begins there.
    highest: u64,
    /// The number of the latest weighed call that was served: one that comes back after a while does
    /// not come back before it.
    served: u64,
    nth: u64,
    /// How many were wanted when the others were last thrown out.
    wanted: usize,
}

/// Fewer are not worth a look for those that nobody wants any more.
const FEW: usize = 64;

impl Waiting {
    pub(super) fn len(&self) -> usize {
        self.lanes[0].len() + self.lanes[1].len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lanes.iter().all(BTreeMap::is_empty)
    }

    /// Enters a call where its rank says.
    pub(super) fn push(&mut self, entry: Entry) {
        if self.len() > self.wanted.saturating_mul(2).max(FEW) {
            self.sweep();
        }
        let (niceness, turn) =
            entry.job().rank().map_or((0, Turn::Weighed), |rank| (rank.niceness, rank.turn));
        let number = if turn == Turn::Weighed { self.weigh(niceness, &entry) } else { 0 };
        self.enter(turn, number, entry);
    }

    /// Enters what has had its turn before.
    pub(super) fn push_again(&mut self, entry: Entry) {
        self.enter(Turn::Next, 0, entry);
    }

    /// The k-th call of a series stands at k · (1 + ((n + 20) / 10)²), here in hundredths.
    fn weigh(&mut self, niceness: i8, entry: &Entry) -> u64 {
        let positive = u64::from(niceness.unsigned_abs().min(20));
        let positive = if niceness < 0 { 20 - positive } else { 20 + positive };
        let weight = 100 + positive * positive;
        let series = match &entry.series {
            None => &mut self.unnamed,
            Some(name) => self.series.entry(Arc::clone(name)).or_default(),
        };
        let own = if series.serial == 0 { self.highest } else { series.serial };
        series.serial = (own + 1).max(self.served / weight);
        self.highest = self.highest.max(series.serial);
        let number = series.serial.saturating_mul(weight);
        if entry.series.is_none() {
            return number;
        }
        // First come, first served, whatever the niceness of each.
        series.number = series.number.max(number);
        series.number
    }

    fn enter(&mut self, turn: Turn, number: u64, entry: Entry) {
        self.nth += 1;
        let key = Key { turn, number, nth: self.nth };
        if let Some(name) = &entry.series {
            let series = self.series.entry(Arc::clone(name)).or_default();
            series.keys.insert((key, entry.travels));
        }
        self.lanes[usize::from(entry.travels)].insert(key, entry);
    }

    /// Somebody wants what the asker could take. The answer may be too good.
    pub(super) fn has_for(&self, asker: Asker<'_>) -> bool {
        self.first_for(asker).is_some()
    }

    /// The first that the asker may take, and that somebody wants.
    pub(super) fn take(&mut self, asker: Asker<'_>) -> Option<Entry> {
        loop {
            let (key, travels) = self.first_for(asker)?;
            let entry = self.remove(key, travels)?;
            // What nobody wants can be dropped anywhere: its body is gone.
            if entry.is_wanted() {
                if key.turn == Turn::Weighed {
                    self.served = self.served.max(key.number);
                }
                self.forget_if_empty();
                return Some(entry);
            }
            self.forget_if_empty();
        }
    }

    fn first_for(&self, asker: Asker<'_>) -> Option<(Key, bool)> {
        let takes = |travels: bool| asker.lanes[usize::from(travels)];
        match asker.series {
            None => {
                let first = |travels: bool| {
                    let (key, _) = self.lanes[usize::from(travels)].first_key_value()?;
                    takes(travels).then_some((*key, travels))
                };
                [first(false), first(true)].into_iter().flatten().min()
            }
            Some(names) => {
                let all = names.iter().filter_map(|name| self.series.get(name));
                let firsts = all.filter_map(|series| {
                    series.keys.iter().find(|(_, travels)| takes(*travels)).copied()
                });
                firsts.min()
            }
        }
    }

    fn remove(&mut self, key: Key, travels: bool) -> Option<Entry> {
        let entry = self.lanes[usize::from(travels)].remove(&key)?;
        if let Some(series) = entry.series.as_ref().and_then(|name| self.series.get_mut(name)) {
            series.keys.remove(&(key, travels));
        }
        Some(entry)
    }

    /// With nobody left to compare with, the numbers begin anew: they would make a nice call wait
    /// the longer, the older the queue is.
    fn forget_if_empty(&mut self) {
        if self.is_empty() {
            self.series.clear();
            (self.unnamed, self.highest, self.served) = (Series::default(), 0, 0);
        }
    }

    /// Throws out what nobody wants any more: so there is never more of it than of the rest, but for
    /// a few.
    pub(super) fn sweep(&mut self) {
        for travels in [false, true] {
            let lane = &mut self.lanes[usize::from(travels)];
            let series = &mut self.series;
            lane.retain(|key, entry| {
                let wanted = entry.is_wanted();
                if !wanted {
                    if let Some(it) = entry.series.as_ref().and_then(|name| series.get_mut(name)) {
                        it.keys.remove(&(*key, travels));
                    }
                }
                wanted
            });
        }
        self.wanted = self.len();
        self.forget_if_empty();
    }

    /// Takes all out, in order.
    pub(super) fn take_all(&mut self) -> Vec<Entry> {
        let everything = Asker { series: None, lanes: [true, true] };
        std::iter::from_fn(|| self.take(everything)).collect()
    }

    /// Takes all of a series out, in order.
    pub(super) fn take_series(&mut self, name: &str) -> Vec<Entry> {
        let names: [Arc<str>; 1] = [name.into()];
        let series = Asker { series: Some(&names), lanes: [true, true] };
        std::iter::from_fn(|| self.take(series)).collect()
    }
}
