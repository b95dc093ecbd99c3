//! The front desk: everything that makes a job and hands it to a strategy.

pub(crate) mod builder;
pub(crate) mod default_place;
pub(crate) mod drain;
pub(crate) mod front;
#[cfg(feature = "process")]
pub(crate) mod processes;
pub(crate) mod queueing;
mod ranking;
pub(crate) mod retrying;
pub(crate) mod scope;
pub(crate) mod streaming;
#[cfg(feature = "process")]
pub(crate) mod travel;
#[cfg(feature = "process")]
mod travelling_stream;

pub(crate) use builder::Builder;
pub(crate) use default_place::DefaultPlace;
