//! What the workers of a process pool hear of their queue.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use crate::cell::state::CLAIMED;
use crate::queue::shared::Shared;
use crate::queue::state::State;
use crate::sync::global::lock;
use crate::task::Task;
use crate::task::briefing::Briefing;
use crate::task::header::Header;

/// Lets a strategy know who briefs its workers.
pub(crate) type Introduce = Box<dyn Fn(Arc<dyn Briefing>) + Send + Sync>;

/// An update that so many processes of one worker have died of is not asked of it any more. One death
/// may have had another reason.
const DEADLY: u32 = 2;

/// Gives the processes of one worker the updates that they have missed.
pub(super) struct Introduction {
    pub(super) queue: Weak<Shared>,
    pub(super) worker: u64,
}

impl Briefing for Introduction {
    fn tasks(&self, to_come: &[usize]) -> Vec<(u64, Task)> {
        let Some(queue) = self.queue.upgrade() else { return Vec::new() };
        lock(&queue.state).missed(self.worker, to_come)
    }

    fn died_of(&self, job: &Header, number: Option<u64>) {
        let Some(queue) = self.queue.upgrade() else { return };
        let mut state = lock(&queue.state);
        let Some(member) = state.members.get_mut(&self.worker) else { return };
        let run = member.runs.iter().find(|run| run.is(job));
        if let Some(nth) = number.or_else(|| run?.update) {
            *member.deaths.entry(nth).or_insert(0) += 1;
        }
    }
}

/// How many processes have died of which update.
pub(super) type Deaths = BTreeMap<u64, u32>;

impl State {
    /// The updates that a new process of a worker has missed: all but those that are on their way to
    /// it, as are the jobs at these addresses.
    fn missed(&self, worker: u64, to_come: &[usize]) -> Vec<(u64, Task)> {
        let Some(member) = self.members.get(&worker) else { return Vec::new() };
        let pending = member.updates.front().map(|(nth, _)| *nth);
        // The one that runs may have been begun by the process before.
        let running = member.runs.iter().filter_map(|run| {
            let comes = run.job.core.state.glance() & CLAIMED == 0
                || to_come.contains(&run.job.address().addr().get());
            run.update.filter(|_| comes)
        });
        let next = running.chain(pending).min().unwrap_or(u64::MAX);
        let missed = self.log.iter().take_while(|(nth, _)| *nth < next);
        missed
            .filter(|(nth, _)| member.deaths.get(nth).is_none_or(|deaths| *deaths < DEADLY))
            .map(|(nth, make)| (*nth, make()))
            .collect()
    }
}
