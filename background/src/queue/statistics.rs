//! How long the calls of a queue have waited, and how long they have run.

use std::fmt;
use std::time::Duration;

/// How long the calls of a [`TaskQueue`](crate::TaskQueue) have waited and run, since it was made.
///
/// Takes the same memory however many calls there were.
///
/// ```
/// use background::TaskQueue;
///
/// let queue = TaskQueue::threads(1);
/// assert_eq!(queue.call(|| 7), 7);
/// queue.wait_until_fewer(1);
/// let statistics = queue.statistics();
/// assert_eq!((statistics.waiting().count(), statistics.running().count()), (1, 1));
/// ```
#[derive(Clone, Debug, Default)]
pub struct QueueStatistics {
    pub(super) waiting: Spread,
    pub(super) running: Spread,
}

impl QueueStatistics {
    /// From the call to the hand-over to a worker; each try of a call counts for itself.
    #[must_use]
    pub fn waiting(&self) -> &Spread {
        &self.waiting
    }

    /// From the hand-over to the end; for other strategies their own waiting included.
    #[must_use]
    pub fn running(&self) -> &Spread {
        &self.running
    }
}

/// Times, counted in classes that are a sixteenth of a power of two wide.
///
/// ```
/// let spread = background::TaskQueue::new().statistics().waiting().clone();
/// assert_eq!((spread.count(), spread.p99()), (0, std::time::Duration::ZERO));
/// ```
#[derive(Clone, Default)]
pub struct Spread {
    count: u64,
    sum: u128,
    classes: Vec<u64>,
}

impl fmt::Debug for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spread")
            .field("count", &self.count())
            .field("mean", &self.mean())
            .field("p50", &self.p50())
            .field("p99", &self.p99())
            .finish()
    }
}

/// So many classes between two powers of two.
const FINE: u64 = 16;

impl Spread {
    pub(super) fn add(&mut self, nanos: u64) {
        let class = class_of(nanos);
        if self.classes.len() <= class {
            self.classes.resize(class + 1, 0);
        }
        self.classes[class] += 1;
        self.count += 1;
        self.sum += u128::from(nanos);
    }

    /// How many there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; zero when there were none.
    #[must_use]
    pub fn mean(&self) -> Duration {
        let mean = self.sum.checked_div(u128::from(self.count)).unwrap_or_default();
        Duration::from_nanos(u64::try_from(mean).unwrap_or(u64::MAX))
    }

    /// What half of them did not exceed, up to a sixteenth more.
    #[must_use]
    pub fn p50(&self) -> Duration {
        self.percentile(50)
    }

    /// What 99 of 100 did not exceed, up to a sixteenth more.
    #[must_use]
    pub fn p99(&self) -> Duration {
        self.percentile(99)
    }

    fn percentile(&self, percent: u64) -> Duration {
        let rank = (u128::from(self.count) * u128::from(percent)).div_ceil(100);
        let mut seen = 0_u128;
        for (class, count) in self.classes.iter().enumerate() {
            seen += u128::from(*count);
            if seen >= rank && *count > 0 {
                return Duration::from_nanos(end_of(class));
            }
        }
        Duration::ZERO
    }
}

fn class_of(nanos: u64) -> usize {
    let class = match nanos.checked_ilog2() {
        Some(power @ 4..) => {
            let power = u64::from(power);
            FINE * (power - 3) + ((nanos >> (power - 4)) & (FINE - 1))
        }
        _ => nanos,
    };
    usize::try_from(class).unwrap_or(usize::MAX)
}

/// The largest time of a class.
fn end_of(class: usize) -> u64 {
    let class = class as u64;
    if class < FINE {
        return class;
    }
    let (power, step) = (class / FINE + 3, class % FINE);
    let width = 1_u64 << (power - 4);
    (FINE + step) * width + (width - 1)
}

#[cfg(test)]
mod tests {
    use super::{Spread, class_of, end_of};
    use std::time::Duration;

    #[test]
    fn a_class_ends_where_the_next_begins() {
        for class in 0..976 {
            let end = end_of(class);
            assert_eq!(class_of(end), class, "{end}");
            if end < u64::MAX {
                assert_eq!(class_of(end + 1), class + 1, "{end}");
            }
        }
        assert_eq!(class_of(u64::MAX), 975);
    }

    #[test]
    fn percentiles_are_good_to_a_sixteenth() {
        let mut spread = Spread::default();
        (1..=1000).for_each(|micros| spread.add(micros * 1000));
        assert_eq!(spread.mean(), Duration::from_nanos(500_500));
        for (found, exact) in [(spread.p50(), 500_u32), (spread.p99(), 990)] {
            let exact = Duration::from_micros(1) * exact;
            assert!(found >= exact && found <= exact + exact / 16, "{found:?} for {exact:?}");
        }
    }
}
