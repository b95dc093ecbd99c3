//! The two sides of a ring in every interleaving: nobody sleeps through what it waits for, and what
//! was written before a position is seen by whoever sees the position.
//!
//! ```sh
//! ci/loom
//! ```
//!
//! The words are the real ones. A sleep is what the system makes of it: it ends when the word is
//! another. loom ends a model in which a sleeper is never woken, as it makes no progress.
#![allow(unsafe_code)]

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::Ordering;
use loom::thread;

use crate::flow::{Flow, Rest, Side};

/// A ring of one place.
struct Ring {
    flow: Flow,
    place: UnsafeCell<u64>,
}

// SAFETY: a place is the writer's until `written` says that it is the reader's, and then the reader's
// until `read` says so; loom checks every access.
unsafe impl Sync for Ring {}
// SAFETY: as above.
unsafe impl Send for Ring {}

impl Ring {
    fn new() -> Arc<Self> {
        Arc::new(Self { flow: Flow::new(), place: UnsafeCell::new(0) })
    }

    /// Sleeps until the other side has moved on from `seen`.
    fn wait(&self, side: Side, seen: u64) {
        while self.flow.seen_by(side) == seen {
            if self.flow.lie_down(side, Rest::Word, seen) {
                // ORDERING: Relaxed. A sleeper looks at the positions again.
                while self.flow.rest_of(side).load(Ordering::Relaxed) == Flow::asleep(Rest::Word) {
                    thread::yield_now();
                }
                self.flow.get_up(side);
            }
        }
    }

    /// Writes `count` values, one after the other has been taken.
    fn write(&self, count: u64) {
        for nth in 1..=count {
            if nth > 1 {
                self.wait(Side::Writer, nth - 2);
            }
            self.place.with_mut(|place| {
                // SAFETY: the reader has taken the last one, or there was none.
                unsafe { *place = nth };
            });
            self.flow.advance(Side::Writer, nth);
        }
    }

    /// Takes `count` values.
    fn read(&self, count: u64) {
        for nth in 1..=count {
            self.wait(Side::Reader, nth - 1);
            let value = self.place.with(|place| {
                // SAFETY: the writer has said that it is there.
                unsafe { *place }
            });
            assert_eq!(value, nth);
            self.flow.advance(Side::Reader, nth);
        }
    }
}

fn pass(count: u64) {
    loom::model(move || {
        let ring = Ring::new();
        let own = Arc::clone(&ring);
        let writer = thread::spawn(move || own.write(count));
        ring.read(count);
        writer.join().unwrap();
    });
}

#[test]
fn a_value_is_not_slept_through() {
    pass(1);
}

#[test]
fn neither_side_sleeps_through_the_other() {
    pass(2);
}

#[test]
fn a_call_from_outside_ends_a_sleep() {
    loom::model(|| {
        let ring = Ring::new();
        let left = Arc::new(loom::sync::atomic::AtomicBool::new(false));
        let (own, leaving) = (Arc::clone(&ring), Arc::clone(&left));
        let sleeper = thread::spawn(move || {
            while !leaving.load(Ordering::SeqCst) {
                if own.flow.lie_down(Side::Reader, Rest::Word, 0) {
                    let word = own.flow.rest_of(Side::Reader);
                    // As in `End::wait_idle`: asked once more after it has said that it sleeps.
                    let asleep = || word.load(Ordering::Relaxed) == Flow::asleep(Rest::Word);
                    if leaving.load(Ordering::SeqCst) {
                        return;
                    }
                    while asleep() {
                        thread::yield_now();
                    }
                    own.flow.get_up(Side::Reader);
                }
            }
        });
        left.store(true, Ordering::SeqCst);
        loom::sync::atomic::fence(Ordering::SeqCst);
        ring.flow.call(Side::Reader);
        sleeper.join().unwrap();
    });
}
