//! Worker processes where there are none: every call ends as unsupported. No body runs in the program
//! instead, which it may not survive.

use crate::failure::Failure;
use crate::process::settings::ProcessPoolBuilder;
use crate::strategy::Strategy;
use crate::task::Task;
use crate::task::briefing::Briefing;

/// A pool of worker processes of your own. On this system there are none: calls fail as
/// [`Unsupported`](crate::Failure::Unsupported).
#[derive(Clone, Debug)]
pub struct ProcessPool(());

impl ProcessPool {
    /// Says who briefs new workers: there is none.
    #[allow(clippy::unused_self, reason = "it is as elsewhere")]
    pub(crate) fn brief_by(&self, _: std::sync::Arc<dyn Briefing>) {}

    /// How many worker processes there are now: none.
    #[allow(clippy::unused_self, reason = "it is as elsewhere")]
    pub fn workers(&self) -> usize {
        0
    }
}

impl Strategy for ProcessPool {
    fn start(&self, task: Task) {
        refuse(&task);
    }
}

impl ProcessPoolBuilder {
    /// Makes the pool, which refuses all calls on this system.
    #[must_use]
    pub fn build(self) -> ProcessPool {
        ProcessPool(())
    }
}

/// Fails the task.
pub(super) fn refuse(task: &Task) {
    if let Some(parcel) = task.job().parcel() {
        drop(parcel.unload());
    }
    let what = "there are no worker processes on this system".to_owned();
    task.job().resolve_unstarted(Failure::Unsupported { call: task.job().call(), what });
}
