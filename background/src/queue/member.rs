//! A worker as its queue sees it.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::cell::parker::Parker;
use crate::clock::Tick;
use crate::queue::introduction::Deaths;
use crate::queue::trial::Trial;
use crate::queue::waiting::Asker;
use crate::queue::worker::QueueWorker;
use crate::strategy::Strategy;
use crate::task::Task;
use crate::task::header::Header;
use crate::task::job_ref::JobRef;

/// Where a worker's calls run.
#[derive(Clone)]
pub(super) enum Place {
    /// On a thread of the queue's own, which sleeps here.
    Own(Arc<Parker>),
    Foreign(Arc<dyn Strategy + Send + Sync>),
}

pub(super) struct Member {
    pub(super) place: Place,
    capacity: usize,
    series: Option<Arc<[Arc<str>]>>,
    pub(super) travels: bool,
    pub(super) runs: Vec<Run>,
    /// To be run before anything else.
    pub(super) updates: VecDeque<(u64, Task)>,
    pub(super) deaths: Deaths,
    pub(super) leaving: bool,
}

/// What a worker runs.
pub(super) struct Run {
    pub(super) number: u64,
    pub(super) job: JobRef,
    /// The job is tried here, perhaps not for the first time.
    pub(super) trial: Option<Arc<Trial>>,
    pub(super) begun: Tick,
    /// The number of the update that this is.
    pub(super) update: Option<u64>,
}

impl Run {
    /// This is the job that really runs.
    pub(super) fn is(&self, job: &Header) -> bool {
        std::ptr::eq(&raw const *self.job, job)
            || self.trial.as_ref().is_some_and(|trial| trial.is_running(job))
    }
}

impl Member {
    pub(super) fn new(place: Place, worker: &QueueWorker) -> Self {
        Self {
            place,
            capacity: worker.capacity,
            series: worker.series.clone(),
            travels: worker.travels,
            runs: Vec::new(),
            updates: VecDeque::new(),
            deaths: Deaths::new(),
            leaving: false,
        }
    }

    pub(super) fn is_own(&self) -> bool {
        matches!(self.place, Place::Own(_))
    }

    /// It serves every series.
    pub(super) fn serves_all(&self) -> bool {
        self.series.is_none() && !self.travels
    }

    /// What it may be given, among `stayers` workers that take what cannot travel.
    pub(super) fn asker(&self, stayers: usize) -> Asker<'_> {
        let lanes = [!self.travels || stayers == 0, true];
        Asker { series: self.series.as_deref(), lanes }
    }

    /// It may be given one more.
    pub(super) fn has_room(&self) -> bool {
        self.runs.len() < self.capacity
            && !self.leaving
            && !self.runs.iter().any(|run| run.update.is_some())
    }
}
