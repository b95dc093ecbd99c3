//! Waiting for whichever of many ends first.

use std::time::Duration;

use crate::call::Builder;
use crate::cell::parker::Parker;
use crate::cell::state::{CLAIMABLE, CLAIMED};
use crate::clock::Tick;
use crate::combine::crew;
use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::sync::global::Arc;
use crate::task::job_ref::JobRef;
use crate::task::wait::{self, Release};

static SITE: Site = Site::new("any_end", "", "", 0);

/// One who waits, again and again, for the next of many to end.
///
/// A touch claims the body it waits for, as it needs this very value. Who waits for whichever is
/// first must not: while it ran a slow one it would not see that another has ended, and if the slow
/// one waited for what the waiter does next, neither would go on. So it leaves the parts to their
/// strategies. Only where these start nothing for a while, such as a pool whose last worker waits
/// right here, it helps a part to a thread of its own.
pub(crate) struct AnyEnd {
    /// How long to leave it to the strategies.
    patience: Duration,
}

impl AnyEnd {
    pub(crate) fn new() -> Self {
        // A pool with threads to spare, or to be had, starts its tasks in much less.
        Self { patience: Duration::from_millis(10) }
    }

    /// Sleeps until one of `parts` has `ended`, at most until `until`; whoever makes it so wakes the
    /// bed that `ended` was asked with. `true` when one has. A checkpoint of the current task.
    pub(crate) fn wait<'a, T: 'a, S: Sentinel, I>(
        &mut self,
        until: Tick,
        ended: impl Fn(&Arc<Parker>) -> bool,
        parts: impl Fn() -> I,
    ) -> bool
    where
        I: Iterator<Item = &'a Background<T, S>>,
    {
        let parker = Parker::of_this_thread();
        let release = Release { holds: &|| ended(&parker), jobs: &|| crew::waiting(parts()) };
        loop {
            let look = Tick::now().after(self.patience);
            if wait::until_released(&parker, look.min(until), &release) {
                return true;
            }
            if until <= look {
                return false;
            }
            let (mut running, mut unstarted) = (false, None);
            for part in parts().filter(|part| !Background::is_ready(part)) {
                if part.job().core.state.glance() & CLAIMED != 0 {
                    running = true;
                } else if unstarted.is_none() && part.job().is(CLAIMABLE) {
                    unstarted = Some(JobRef::clone(&part.job()));
                }
            }
            // None of those that run or are not ours to run will ever need a start.
            let Some(job) = unstarted else {
                return wait::until_released(&parker, until, &release);
            };
            drop(Builder::new(&SITE).dedicated().spawn(move || wait::help(&job)));
            if running {
                // All cores may be busy with the others. Rather few threads too many.
                self.patience = self.patience.saturating_mul(2);
            }
        }
    }
}
