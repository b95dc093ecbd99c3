//! How many workers do what, in one word.

use std::fmt;

/// A snapshot of the counts. Four numbers of fifteen bits each, so that one load tells a caller
/// all it needs, and one addition moves a worker from one state to another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts(pub(super) u64);

/// Bits of one number. One more than the largest count is left free above each, so that a mistake
/// shows up in an assertion and not in a neighbour.
const BITS: u32 = 15;
const MASK: u64 = (1 << BITS) - 1;

/// One worker that looks for work.
pub(super) const SEARCHING: u64 = 1;
/// One worker that has a core, as far as the pool knows: it searches or runs a body.
pub(super) const RUNNING: u64 = 1 << BITS;
/// One worker that sleeps and can be woken.
pub(super) const IDLE: u64 = 1 << (2 * BITS);
/// One thread.
pub(super) const THREAD: u64 = 1 << (3 * BITS);
/// The overseer looks after the workers.
pub(super) const WATCHED: u64 = 1 << 62;
/// The pool takes no more tasks.
pub(super) const CLOSED: u64 = 1 << 63;

impl Counts {
    fn number(self, unit: u64) -> usize {
        // Fifteen bits fit into every usize.
        ((self.0 / unit) & MASK) as usize
    }

    #[inline]
    pub(super) fn is_searched(self) -> bool {
        self.0 & MASK != 0
    }

    pub(super) fn searching(self) -> usize {
        self.number(SEARCHING)
    }

    pub(super) fn running(self) -> usize {
        self.number(RUNNING)
    }

    pub(super) fn idle(self) -> usize {
        self.number(IDLE)
    }

    pub(super) fn threads(self) -> usize {
        self.number(THREAD)
    }

    pub(super) fn is_watched(self) -> bool {
        self.0 & WATCHED != 0
    }

    pub(super) fn is_closed(self) -> bool {
        self.0 & CLOSED != 0
    }
}

impl fmt::Debug for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counts")
            .field("searching", &self.searching())
            .field("running", &self.running())
            .field("idle", &self.idle())
            .field("threads", &self.threads())
            .field("watched", &self.is_watched())
            .field("closed", &self.is_closed())
            .finish()
    }
}
