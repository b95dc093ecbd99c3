//! Points in time as one word, and the clocks that tell them.

pub(crate) mod virtual_clock;

use std::time::{Duration, Instant};

use crate::sync::global::OnceLock;

/// A point in monotonic time: nanoseconds since the first use of the clock.
///
/// One word, so that a limit fits into an atomic. [`Tick::NEVER`] is later than any other; a limit
/// too far away to count (about 584 years) is `NEVER`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tick(pub(crate) u64);

impl Tick {
    pub(crate) const NEVER: Self = Self(u64::MAX);

    pub(crate) fn now() -> Self {
        Self(Self::nanos(epoch().elapsed()))
    }

    /// A cheap reading, up to a few milliseconds old: enough for the age of a task.
    #[cfg(target_os = "linux")]
    pub(crate) fn coarse() -> u64 {
        use rustix::time::{ClockId, clock_gettime};
        let time = clock_gettime(ClockId::MonotonicCoarse);
        // A clock that counts from the start of the system is not negative, and far from the end.
        #[allow(clippy::cast_sign_loss)]
        (time.tv_sec as u64).wrapping_mul(1_000_000_000).wrapping_add(time.tv_nsec as u64)
    }

    /// A cheap reading: enough for the age of a task.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn coarse() -> u64 {
        Self::now().0
    }

    /// This point, later by `duration`.
    pub(crate) fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(Self::nanos(duration)))
    }

    /// What is left until this point, counted from `now`; `None` for [`Tick::NEVER`].
    pub(crate) fn left(self, now: Self) -> Option<Duration> {
        (self != Self::NEVER).then(|| Duration::from_nanos(self.0.saturating_sub(now.0)))
    }

    pub(crate) fn nanos(duration: Duration) -> u64 {
        u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
    }
}

fn epoch() -> Instant {
    static EPOCH: OnceLock<Instant> = OnceLock::new();
    *EPOCH.get_or_init(Instant::now)
}
