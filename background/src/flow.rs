//! How far the two sides of a ring are, and which of them sleeps.
//!
//! | word | written by | meaning |
//! |---|---|---|
//! | `written` | writer | so many bytes have been put in, since the beginning |
//! | `read` | reader | so many have been taken out |
//! | `reader` | both | how the reader sleeps until there is more; 0: it does not |
//! | `writer` | both | how the writer sleeps until there is room; 0: it does not |
//!
//! A side that is about to sleep says so and then looks once more; the other side moves on and then
//! looks whether somebody sleeps. Between the two steps each has a fence, so at least one of them
//! sees the other: nobody sleeps through what it waits for. Who wakes a sleeper takes the word back
//! to 0, so each sleep is ended once.

#[cfg(all(test, background_loom))]
mod model;

use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

/// One position, on a cache line of its own: each side writes one and reads the other.
#[repr(C, align(64))]
pub(crate) struct Line(AtomicU64);

/// The words of one ring.
#[repr(C)]
pub(crate) struct Flow {
    written: Line,
    read: Line,
    pub(crate) reader: AtomicU32,
    pub(crate) writer: AtomicU32,
}

/// Which of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Reader,
    Writer,
}

/// How a side sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// On the word itself.
    Word,
    /// On the bell of the program, which somebody else hears too.
    Bell,
}

impl Rest {
    const fn code(self) -> u32 {
        match self {
            Self::Word => 1,
            Self::Bell => 2,
        }
    }

    const fn of(code: u32) -> Option<Self> {
        match code {
            1 => Some(Self::Word),
            2 => Some(Self::Bell),
            _ => None,
        }
    }
}

impl Flow {
    #[cfg(background_loom)]
    pub(crate) fn new() -> Self {
        Self {
            written: Line(AtomicU64::new(0)),
            read: Line(AtomicU64::new(0)),
            reader: AtomicU32::new(0),
            writer: AtomicU32::new(0),
        }
    }

    fn position_of(&self, side: Side) -> &AtomicU64 {
        match side {
            Side::Reader => &self.read.0,
            Side::Writer => &self.written.0,
        }
    }

    /// The word on which a side sleeps.
    pub(crate) fn rest_of(&self, side: Side) -> &AtomicU32 {
        match side {
            Side::Reader => &self.reader,
            Side::Writer => &self.writer,
        }
    }

    /// How far the other side than `side` is.
    pub(crate) fn seen_by(&self, side: Side) -> u64 {
        // ORDERING: Acquire pairs with the Release in `advance`: who sees a position sees the bytes
        // that were written before it, or knows that they have been taken out.
        self.position_of(side.other()).load(Ordering::Acquire)
    }

    /// Says that `side` is at `position` now. Returns how the other side sleeps, if it has to be
    /// woken.
    pub(crate) fn advance(&self, side: Side, position: u64) -> Option<Rest> {
        // ORDERING: Release pairs with the Acquire in `seen_by`.
        self.position_of(side).store(position, Ordering::Release);
        // ORDERING: SeqCst pairs with the fence in `lie_down`: either we see that the other sleeps,
        // or it sees the new position.
        fence(Ordering::SeqCst);
        self.call(side.other())
    }

    /// Takes a sleeper's word back. Returns how it sleeps, for whoever wakes it now.
    pub(crate) fn call(&self, side: Side) -> Option<Rest> {
        let word = self.rest_of(side);
        // ORDERING: Relaxed. The fences order it against the positions, and a word publishes nothing.
        if word.load(Ordering::Relaxed) == 0 {
            return None;
        }
        // ORDERING: Relaxed, as above.
        Rest::of(word.swap(0, Ordering::Relaxed))
    }

    /// `side` is about to sleep, having seen the other at `seen`. `false` when it need not.
    pub(crate) fn lie_down(&self, side: Side, rest: Rest, seen: u64) -> bool {
        let word = self.rest_of(side);
        // ORDERING: Relaxed. The fence below orders it.
        word.store(rest.code(), Ordering::Relaxed);
        // ORDERING: SeqCst pairs with the fence in `advance`.
        fence(Ordering::SeqCst);
        if self.seen_by(side) == seen {
            return true;
        }
        self.get_up(side);
        false
    }

    /// `side` sleeps at the bell, and nobody has rung for it yet.
    pub(crate) fn rests_on_bell(&self, side: Side) -> bool {
        // ORDERING: Relaxed. The caller's fence orders it.
        self.rest_of(side).load(Ordering::Relaxed) == Rest::Bell.code()
    }

    /// `side` is awake.
    pub(crate) fn get_up(&self, side: Side) {
        // ORDERING: Relaxed. Whoever reads an old word wakes somebody who is awake.
        self.rest_of(side).store(0, Ordering::Relaxed);
    }

    /// The value of the word while `side` sleeps so.
    pub(crate) const fn asleep(rest: Rest) -> u32 {
        rest.code()
    }
}

impl Side {
    const fn other(self) -> Self {
        match self {
            Self::Reader => Self::Writer,
            Self::Writer => Self::Reader,
        }
    }
}
