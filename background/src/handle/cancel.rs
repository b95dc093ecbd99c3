//! What a cancel met.

/// The answer of [`Background::cancel`](crate::Background::cancel).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cancel {
    /// The body had not started and never will.
    NeverStarted,
    /// The body is running. Its future has already failed as cancelled; the body unwinds at its
    /// next checkpoint, and what it may still return is dropped.
    Stopping,
    /// The outcome was there first and stays what it is.
    TooLate,
}
