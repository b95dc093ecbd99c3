//! Workers that leave, and the end of a queue.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Tick;
use crate::failure::Failure;
use crate::queue::basket::Basket;
use crate::queue::leftover::Leftover;
use crate::queue::shared::Shared;
use crate::queue::state::{Phase, State};
use crate::queue::trial::{Recall, Trial};
use crate::queue::waiting::Entry;
use crate::queue::worker::{Detach, NoSuchWorker, WorkerId};
use crate::sync::global::lock;
use crate::task::job_ref::JobRef;

/// How long a shut-down waits for bodies that were told to stop.
const LINGER: Duration = Duration::from_secs(1);

type Under = (JobRef, Option<Arc<Trial>>);

impl Shared {
    pub(super) fn detach(
        self: &Arc<Self>,
        worker: WorkerId,
        how: Detach,
    ) -> Result<Vec<Leftover>, NoSuchWorker> {
        let under_way = self.change(|state| {
            let member = state.members.get_mut(&worker.0).filter(|member| !member.leaving)?;
            member.leaving = true;
            let runs = member.runs.iter().filter(|run| run.update.is_none());
            Some(runs.map(|run| (run.job.clone(), run.trial.clone())).collect::<Vec<_>>())
        });
        let under_way = under_way.ok_or(NoSuchWorker(worker))?;
        let basket = Arc::new(Basket::default());
        match how {
            Detach::Wait => {}
            Detach::Reassign => recall(&under_way, &Recall::Requeue),
            Detach::Return => recall(&under_way, &Recall::Return(Arc::clone(&basket))),
            Detach::Cancel => {
                for (job, _) in &under_way {
                    job.resolve(Failure::Cancelled);
                }
            }
        }
        self.hand_out();
        Ok(basket.empty())
    }

    pub(super) fn shut_down(self: &Arc<Self>, grace: Duration) -> Vec<Leftover> {
        let own = self.own_worker();
        self.change(|state| {
            state.phase = Phase::Shut;
            state.stir = true;
        });
        self.wait_until(Tick::now().after(grace), |state| !goes_on(state, own));
        let (waiting, under_way) = self.change(|state| {
            let others = state.members.iter().filter(|(id, _)| Some(**id) != own);
            let runs = others.flat_map(|(_, member)| &member.runs);
            let under_way: Vec<Under> =
                runs.map(|run| (run.job.clone(), run.trial.clone())).collect();
            (state.waiting.take_all(), under_way)
        });
        let mut left: Vec<_> = waiting.into_iter().map(Leftover::new).collect();
        let basket = Arc::new(Basket::default());
        for (job, trial) in &under_way {
            let recalled = trial
                .as_ref()
                .is_some_and(|trial| trial.recall(Recall::Return(Arc::clone(&basket))));
            if !recalled {
                job.resolve(Failure::Cancelled);
            }
        }
        left.extend(basket.empty());
        self.wait_until(Tick::now().after(LINGER), |state| !goes_on(state, own));
        self.join(own);
        left
    }

    /// Waits for the end of those threads that have left.
    fn join(&self, own: Option<u64>) {
        let left: Vec<_> = {
            let state = lock(&self.state);
            let mut threads = lock(&self.threads);
            let gone = |id: u64| !state.members.contains_key(&id) && Some(id) != own;
            let (left, stay) = threads.drain(..).partition(|(id, _)| gone(*id));
            *threads = stay;
            left
        };
        for (_, handle) in left {
            // A thread of ours catches what the bodies panic with.
            drop(handle.join());
        }
    }

    /// Nobody has a handle any more.
    pub(super) fn close(self: &Arc<Self>) {
        self.change(|state| {
            if matches!(state.phase, Phase::Open | Phase::Stopped(_)) {
                state.phase = Phase::Closing;
            }
        });
        self.hand_out();
    }

    /// Ends what waits, all of it or that of a series. Returns how many that were.
    pub(super) fn cancel(&self, series: Option<&str>) -> usize {
        let entries: Vec<Entry> = self.change(|state| {
            state.stir = true;
            match series {
                None => state.waiting.take_all(),
                Some(name) => state.waiting.take_series(name),
            }
        });
        let count = entries.len();
        for entry in entries {
            entry.end(Failure::Cancelled);
        }
        count
    }
}

fn recall(under_way: &[Under], recall: &Recall) {
    for trial in under_way.iter().filter_map(|(_, trial)| trial.as_ref()) {
        trial.recall(recall.clone());
    }
}

/// Something runs, or is about to, but on the thread of the worker that asks.
fn goes_on(state: &State, own: Option<u64>) -> bool {
    let own_thread = own.and_then(|own| state.members.get(&own));
    match own_thread {
        None => state.goes_on() || state.members.values().any(super::member::Member::is_own),
        Some(own) => state.running > own.runs.len(),
    }
}
