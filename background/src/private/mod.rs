//! What expansions of `#[background]` name, and nobody else may.
//!
//! An expansion names nothing of the user's scope and nothing of the standard library except through
//! this module, so that shadowed names, `no_implicit_prelude` and a renamed dependency change nothing.
//! Nothing here is covered by semantic versioning: the two crates are released together.

mod body;
mod chosen;
pub mod conformance;
mod pick;
mod sent;
pub mod streamed;
#[cfg(feature = "process")]
pub mod travel;

pub use ::core;
pub use ::std;

pub use self::body::{
    Body, Portable, Return, drive, refused, spawn, spawn_async, spawn_async_bare, spawn_bare,
};
pub use self::chosen::Chosen;
pub use self::pick::{Borrowed, Pick};
pub use self::sent::{
    Argument, Copied, Copyable, Copying, Passage, Sent, argument, bare, bare_copied, copying,
};

pub use crate::call::builder::Builder;
pub use crate::failure::Failure;
pub use crate::handle::background::Background;
pub use crate::site::Site;
pub use crate::task::block_on::block_on;
pub use crate::task::current::checkpoint;
pub use crate::task::header::OnDrop;
pub use crate::task::limit::{Limit, WhenFull};
pub use crate::timeout::Timeout;

/// Begins the description of a call of a background function.
#[inline]
pub fn call(site: &'static Site) -> Builder {
    Builder::new(site)
}
