//! A call that may be tried more than once: who has its claim, and how it goes.

use std::sync::{Arc, Weak};

use crate::clock::Tick;
use crate::failure::Failure;
use crate::queue::basket::Basket;
use crate::queue::leftover::Leftover;
use crate::queue::shared::Shared;
use crate::queue::waiting::Entry;
use crate::sync::global::{Mutex, lock};
use crate::task::Task;
use crate::task::attempt::{self, Product};
use crate::task::header::Header;
use crate::task::job_ref::{JobRef, Rights};
use crate::task::remote::Remote;
use crate::task::wait_graph::{self, Keepers};

/// Has the claim of a job, and runs attempts at it.
///
/// It knows the job only while an attempt is under way: the job knows it for ever.
pub(crate) struct Trial {
    queue: Weak<Shared>,
    stage: Mutex<Stage>,
}

enum Stage {
    /// Between two attempts, or before the first.
    Waiting { tries: u32 },
    /// Under way.
    Running { attempt: JobRef, tries: u32, stop: Option<(Rights, Failure)>, recall: Option<Recall> },
    /// The job has ended, or is about to: it is somebody's own.
    Over,
}

/// What becomes of a call whose attempt is stopped, if it can be run again.
#[derive(Clone)]
pub(super) enum Recall {
    /// It goes back into the queue.
    Requeue,
    /// It comes back to whoever asks.
    Return(Arc<Basket>),
}

impl Trial {
    /// Takes the claim. `None` when somebody else has it.
    pub(super) fn of(task: Task, queue: Weak<Shared>) -> Option<(JobRef, Arc<Self>)> {
        let job = task.job().clone();
        let trial = Arc::new(Self { queue, stage: Mutex::new(Stage::Waiting { tries: 0 }) });
        let claimed = job.claim_for(Arc::clone(&trial) as Arc<dyn Remote>);
        if !claimed {
            drop(task);
            return None;
        }
        // From here on it is ours to answer.
        drop(task.into_job());
        Some((job, trial))
    }

    /// Makes the next attempt. `None` when the job has ended meanwhile.
    pub(super) fn begin(self: &Arc<Self>, job: &JobRef) -> Option<Task> {
        let (own, first) = (Arc::clone(self), job.clone());
        let task = attempt::begin(job, move |outcome| own.ended(&first, outcome));
        let mut stage = lock(&self.stage);
        let Stage::Waiting { tries } = *stage else {
            drop(stage);
            drop(task);
            return None;
        };
        let attempt = task.job().clone();
        // Who waits for the job waits for the thread that tries it. Said before it can end.
        wait_graph::keep(job, Keepers::Attempt(attempt.clone()));
        *stage = Stage::Running { attempt, tries: tries + 1, stop: None, recall: None };
        drop(stage);
        Some(task)
    }

    /// This is the job of the attempt that is under way.
    pub(super) fn is_running(&self, job: &Header) -> bool {
        match &*lock(&self.stage) {
            Stage::Running { attempt, .. } => std::ptr::eq(&raw const **attempt, job),
            _ => false,
        }
    }

    /// Stops the attempt that is under way; says what then becomes of the call. `false` when there is
    /// none.
    pub(super) fn recall(&self, recall: Recall) -> bool {
        let mut stage = lock(&self.stage);
        let Stage::Running { attempt, recall: to, .. } = &mut *stage else { return false };
        if let Recall::Return(basket) = &recall {
            basket.expect();
        }
        *to = Some(recall);
        let attempt = attempt.clone();
        drop(stage);
        attempt.resolve(Failure::Cancelled);
        true
    }

    /// Ends a call that waits to be tried once more.
    pub(super) fn abandon(&self, job: &JobRef, failure: Failure) {
        let mut stage = lock(&self.stage);
        let waits = matches!(*stage, Stage::Waiting { .. });
        if waits {
            *stage = Stage::Over;
        }
        drop(stage);
        if waits {
            unload(job);
            job.fail_remote(failure);
        }
    }

    /// Told how an attempt has ended.
    fn ended(self: &Arc<Self>, job: &JobRef, outcome: Result<Product, Failure>) {
        let queue = self.queue.upgrade();
        let mut stage = lock(&self.stage);
        let before = std::mem::replace(&mut *stage, Stage::Over);
        let Stage::Running { tries, stop, recall, .. } = before else { return };
        wait_graph::forget(job);
        let basket = match &recall {
            Some(Recall::Return(basket)) => Some(Arc::clone(basket)),
            _ => None,
        };
        if let Some((rights, failure)) = stop {
            drop(stage);
            unload(job);
            job.finish_stop(rights, failure);
        } else {
            match judge(queue.as_deref(), job, outcome, tries, recall) {
                Verdict::Settle(product) => {
                    drop(stage);
                    unload(job);
                    match product {
                        Product::Here(value) => job.settle_here(value),
                        Product::Reply(reply) => job.settle(reply),
                    }
                }
                Verdict::Fail(failure) => {
                    drop(stage);
                    unload(job);
                    tell(queue.as_deref(), job, &failure);
                    job.fail_remote(failure);
                }
                Verdict::Again { tries, recall } => {
                    *stage = Stage::Waiting { tries };
                    drop(stage);
                    let entry = Entry::again(job.clone(), Arc::clone(self));
                    match (recall, queue) {
                        (Some(Recall::Return(basket)), _) => basket.put(Leftover::new(entry)),
                        (_, Some(queue)) => queue.once_more(entry),
                        (_, None) => entry.end(Failure::Lost),
                    }
                }
            }
        }
        if let Some(basket) = basket {
            basket.arrived();
        }
    }
}

/// What an attempt's outcome means for the call.
fn judge(
    queue: Option<&Shared>,
    job: &JobRef,
    outcome: Result<Product, Failure>,
    tries: u32,
    recall: Option<Recall>,
) -> Verdict {
    let failure = match outcome {
        Ok(product) => return Verdict::Settle(product),
        Err(failure) => failure,
    };
    if job.clocks().deadline <= job.now() {
        return Verdict::Fail(Failure::Timeout);
    }
    if recall.is_some() {
        // It was not the worker's fault: that does not count.
        return Verdict::Again { tries: tries.saturating_sub(1), recall };
    }
    let retries = job.rank().map_or(0, |rank| rank.retries);
    let reruns = queue.map_or(0, |queue| queue.settings.on_crash.reruns());
    let allowed = match failure {
        Failure::Timeout => retries,
        Failure::Lost | Failure::Crashed { .. } => retries.max(reruns),
        _ => return Verdict::Fail(failure),
    };
    if tries <= allowed {
        Verdict::Again { tries, recall: None }
    } else if allowed > 0 {
        Verdict::Fail(Failure::GaveUp { call: job.call(), tries, last: Arc::new(failure) })
    } else {
        Verdict::Fail(failure)
    }
}

/// Whoever sets a limit or cancels expects what follows; everything else is a failure.
fn tell(queue: Option<&Shared>, job: &JobRef, failure: &Failure) {
    if let (Some(queue), false) = (queue, failure.is_timeout() || failure.is_cancelled()) {
        queue.has_failed(&format!("{} {}", **job, failure.predicate()));
    }
}

enum Verdict {
    Settle(Product),
    Fail(Failure),
    Again { tries: u32, recall: Option<Recall> },
}

/// Nobody will send the arguments any more.
fn unload(job: &JobRef) {
    if let Some(parcel) = job.parcel() {
        drop(parcel.unload());
    }
}

impl Remote for Trial {
    fn stop(&self, job: &JobRef, rights: Rights, failure: Failure) {
        let mut stage = lock(&self.stage);
        match &mut *stage {
            Stage::Running { attempt, stop, .. } => {
                *stop = Some((rights, failure.clone()));
                let attempt = attempt.clone();
                drop(stage);
                attempt.resolve(failure);
            }
            Stage::Waiting { .. } => {
                *stage = Stage::Over;
                drop(stage);
                unload(job);
                job.finish_stop(rights, failure);
            }
            Stage::Over => {
                drop(stage);
                // It has ended already; only its outcome was not written yet.
                job.overtake(rights, failure);
            }
        }
    }

    fn attend(&self, _: &JobRef, until: Tick) {
        let attempt = match &*lock(&self.stage) {
            Stage::Running { attempt, .. } => attempt.clone(),
            _ => return,
        };
        if let Some(remote) = attempt.remote() {
            remote.attend(&attempt, until);
        }
    }
}
