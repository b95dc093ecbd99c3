//! Giving up control for a time.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::clock::Tick;
use crate::cooperative::active;
use crate::cooperative::shared::Shared;
use crate::cooperative::timers::Alarm;

/// Gives up control for at least `duration`, counted from the first poll.
///
/// A thread whose routines all sleep does so too. A sleep of no time gives up control for a turn, one
/// of `Duration::MAX` for ever. To be awaited in a routine: the time is that of its worker's clock.
///
/// # Panics
///
/// The await, when no cooperative worker runs on this thread.
///
/// ```
/// use background::cooperative::{sleep, wrap};
/// use std::time::{Duration, Instant};
///
/// let begin = Instant::now();
/// wrap(sleep(Duration::from_millis(2)));
/// assert!(begin.elapsed() >= Duration::from_millis(2));
/// ```
pub fn sleep(duration: Duration) -> Sleep {
    Sleep { duration, set: None }
}

/// The future of [`sleep`].
///
/// ```
/// let nap: background::cooperative::Sleep = background::cooperative::sleep(std::time::Duration::ZERO);
/// background::cooperative::wrap(nap);
/// ```
#[must_use = "sleeps only when it is awaited"]
pub struct Sleep {
    duration: Duration,
    /// With which worker, and since the first poll.
    set: Option<(Arc<Shared>, Alarm)>,
}

impl Sleep {
    /// Ready when the time has come, without the turn that a sleep gives up at least.
    fn is_due(&self, now: Tick) -> bool {
        self.set.as_ref().is_some_and(|(_, (due, _))| *due <= now)
    }
}

impl Future for Sleep {
    type Output = ();

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let core = match &this.set {
            None => active::core(),
            Some((worker, _)) => active::core_of(worker),
        };
        let Some(core) = core else {
            panic!(
                "`cooperative::sleep` waits for a timer of a cooperative worker: await it in one of \
                 its routines, and in the one where it was begun"
            );
        };
        if this.is_due(core.now()) {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        if let Some((_, alarm)) = &this.set {
            core.replace_timer(*alarm, waker);
        } else {
            let due = core.now().after(this.duration);
            this.set = Some((Arc::clone(core.shared()), core.set_timer(due, waker)));
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some((worker, alarm)) = self.set.take() {
            if let Some(core) = active::core_of(&worker) {
                core.unset_timer(alarm);
            }
        }
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sleep").field("duration", &self.duration).finish_non_exhaustive()
    }
}
