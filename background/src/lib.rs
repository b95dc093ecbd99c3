//! Transparent futures: call a function in the background and get, at once, a value that *is* the
//! result.
#![cfg_attr(docsrs, feature(doc_cfg))]

// Read in this order: the value, what it may yield instead, how to get one, where it runs.
mod handle;
pub use handle::background::Background;
pub use handle::cancel::Cancel;
pub use handle::future::{Awaited, AwaitedRef};
pub use handle::status::{Phase, Status};

mod failure;
mod sentinel;
mod timeout;
pub use failure::Failure;
pub use sentinel::Sentinel;
pub use timeout::Timeout;

mod call;
pub use background_macros::background;
pub use call::builder::Builder;
pub use call::default_place::DefaultPlace;
pub use call::drain::{Straggler, Stragglers, drain};
pub use call::front::{spawn, task};
pub use call::scope::{Scope, scope};

mod task;
pub use task::current::{Current, checkpoint, current};
pub use task::erased::Task;
pub use task::header::OnDrop;
pub use task::limit::{Limit, WhenFull};
pub use task::task_id::TaskId;

mod site;
pub use site::Site;

mod strategy;
pub use strategy::Strategy;

mod dedicated;
mod inline;
mod lazy;
mod thread;

/// The strategies, as values for `on = …` and [`Builder::on`].
pub mod strategies {
    pub use crate::dedicated::Dedicated;
    pub use crate::inline::Inline;
    pub use crate::lazy::Lazy;
    pub use crate::thread::Thread;
}

pub mod guide;

mod conformance;

mod cell;
mod clock;
mod sync;

#[doc(hidden)]
pub mod private;
#[doc(hidden)]
pub use private as __private;

// The README's programs are tests. Outside of tests nothing may name the file: it does not lie in
// the package.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
