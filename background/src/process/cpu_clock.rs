//! The processor time of another process.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::time::{Duration, Instant};

use rustix::process::Pid;

use crate::task::threads::cores;

/// Watches how much processor time one call uses.
pub(super) struct CpuWatch {
    pid: Pid,
    pub(super) limit: Duration,
    /// What the process had used before.
    before: Duration,
    /// When it can have used it up at the earliest.
    pub(super) look_at: Instant,
}

/// Not more often than this.
const STEP: Duration = Duration::from_millis(1);

/// And not later than this: what is added to a point in time has to stay one.
const LONGEST: Duration = Duration::from_secs(3600);

impl CpuWatch {
    pub(super) fn start(pid: Pid, limit: Duration) -> Self {
        let before = used(pid).unwrap_or_default();
        let mut watch = Self { pid, limit, before, look_at: Instant::now() };
        watch.plan(limit);
        watch
    }

    /// The limit has been used up. If not, says when to look again.
    pub(super) fn is_over(&mut self) -> bool {
        let Some(now) = used(self.pid) else { return false };
        let used = now.saturating_sub(self.before);
        if used >= self.limit {
            return true;
        }
        self.plan(self.limit.saturating_sub(used));
        false
    }

    fn plan(&mut self, left: Duration) {
        // All cores together use it up this much faster.
        let cores = u32::try_from(cores()).unwrap_or(u32::MAX);
        self.look_at = Instant::now() + (left / cores).clamp(STEP, LONGEST);
    }
}

/// The processor time of all threads of a process; `None` when it is dead.
fn used(pid: Pid) -> Option<Duration> {
    let mut clock = MaybeUninit::uninit();
    // SAFETY: the clock is written if the call succeeds.
    if unsafe { libc::clock_getcpuclockid(pid.as_raw_nonzero().get(), clock.as_mut_ptr()) } != 0 {
        return None;
    }
    let mut time = MaybeUninit::<libc::timespec>::uninit();
    // SAFETY: the call above has written the clock; the time is written if this one succeeds.
    if unsafe { libc::clock_gettime(clock.assume_init(), time.as_mut_ptr()) } != 0 {
        return None;
    }
    // SAFETY: the call has succeeded.
    let time = unsafe { time.assume_init() };
    let seconds = u64::try_from(time.tv_sec).ok()?;
    Some(Duration::new(seconds, u32::try_from(time.tv_nsec).ok()?))
}
