//! What a body unwinds with at a checkpoint.

/// Unwinds a stopped body. No panic: no hook runs, nothing is printed.
pub(crate) struct Stopped;
