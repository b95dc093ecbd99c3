//! What the other process is told of a call.

use std::time::Duration;

use crate::parcel::{Freight, Outlet};

/// A call, as the process that runs it gets it.
pub(crate) struct Order {
    pub(crate) arguments: Freight,
    /// The task's name, for messages and for whoever asks which task runs.
    pub(crate) name: String,
    /// What is left of the deadline, which the calls of the body inherit.
    pub(crate) remaining: Option<Duration>,
    /// Where items go, if the call makes some.
    pub(crate) outlet: &'static dyn Outlet,
}
