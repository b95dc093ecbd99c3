//! Delays where this program and the library meet, so that what is seldom happens more often.

use std::cell::Cell;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

static ON: AtomicBool = AtomicBool::new(false);

/// Every thread begins somewhere else.
static BEGINNING: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static STATE: Cell<u64> = Cell::new(
        BEGINNING.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15),
    );
}

pub(crate) fn switch_on() {
    ON.store(true, Ordering::Relaxed);
}

/// Perhaps takes a moment, perhaps lets others go first.
pub(crate) fn point() {
    if !ON.load(Ordering::Relaxed) {
        return;
    }
    // While the thread is torn down, nothing is delayed.
    let next = STATE.try_with(|state| {
        let next = state.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.set(next);
        next >> 40
    });
    match next.unwrap_or(0) % 16 {
        0 => thread::yield_now(),
        1 => (0..3).for_each(|_| thread::yield_now()),
        2 | 3 => (0..next.unwrap_or(0) % 500).for_each(|_| spin_loop()),
        4 => (0..next.unwrap_or(0) % 20_000).for_each(|_| spin_loop()),
        _ => {}
    }
}
