//! A brief look again before a sleep.
//!
//! To be woken on another core takes some ten microseconds, to look a fraction of one. So a thread
//! that is about to sleep looks again for a while; for how long, it learns from how often that has
//! been worth it.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::sync::global::thread_local;
use crate::task::threads;

/// The longest that a thread looks: about what a sleep would cost.
const LONGEST: Duration = Duration::from_micros(20);

/// The shortest: what finds an outcome that is just being written, and costs next to nothing.
const SHORTEST: Duration = Duration::from_nanos(500);

/// Pauses of the processor between two looks.
const PAUSES: u32 = 4;

thread_local! {
    static PATIENCE: Cell<Duration> = const { Cell::new(LONGEST) };
}

/// Looks until `ready`, but not long. `true` when it is ready.
pub(crate) fn until(ready: impl Fn() -> bool) -> bool {
    // With one core, what is waited for cannot happen while this thread has it.
    if cfg!(background_loom) || threads::cores() == 1 {
        return ready();
    }
    let patience = PATIENCE.try_with(Cell::get).unwrap_or(SHORTEST);
    let begin = Instant::now();
    let found = loop {
        if ready() {
            break true;
        }
        if begin.elapsed() >= patience {
            break false;
        }
        for _ in 0..PAUSES {
            std::hint::spin_loop();
        }
    };
    let next = if found { patience * 2 } else { patience / 2 };
    let _torn_down = PATIENCE.try_with(|own| own.set(next.clamp(SHORTEST, LONGEST)));
    found
}
