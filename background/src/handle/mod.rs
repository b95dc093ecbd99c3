//! The caller's side: the value, and everything that forwards to it.

pub(crate) mod background;
pub(crate) mod cancel;
pub(crate) mod continuation;
pub(crate) mod control;
pub(crate) mod forward;
pub(crate) mod future;
pub(crate) mod status;
pub(crate) mod touch;

#[cfg(all(test, background_loom))]
mod model;
#[cfg(all(test, background_loom))]
mod model_alone;
#[cfg(all(test, not(background_loom)))]
mod own_queue;

pub(crate) use background::Background;
pub(crate) use cancel::Cancel;
pub(crate) use future::Awaited;
