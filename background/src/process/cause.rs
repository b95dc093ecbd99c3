//! What a worker has found out about its own end.

/// Left in the shared memory by a dying worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Cause {
    /// The call had used up the memory that it might have.
    OutOfMemory = 1,
}
