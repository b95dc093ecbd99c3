//! Whether the next number is part of a run.

/// What a [`Writer`](super::writer::Writer) does with a number that it is about to write.
#[derive(Clone, Copy)]
pub(super) enum Run {
    /// Writes it with its tag.
    Not,
    /// Opens a run with it: it is the first element of a sequence.
    Next,
    /// Adds it, bare, to the numbers from `start` on, if it has their tag.
    Open { tag: u8, start: usize },
}
