//! Transparent futures: call a function in the background and get, at once, a value that *is* the
//! result.
//!
//! ```
//! use background::{Timeout, background};
//!
//! #[background]
//! fn square(n: u64) -> u64 {
//!     n * n // or something slow
//! }
//!
//! #[background(timeout = 20ms)]
//! fn search() -> String {
//!     loop {
//!         std::thread::yield_now(); // without success
//!     }
//! }
//!
//! let (x, y) = (square(3), square(4)); // both return at once
//! assert_eq!(x + y, 25); // this waits
//! assert!(search() == Timeout); // and the body has been told to stop
//! ```
//!
//! # Where to read on
//!
//! * [`macro@background`]: the attribute, its arguments, what it can stand on
//! * [`Background`]: the value that it returns, and what may be done with it but look at it
//! * [`guide`]: everything that works on a future as if it were the value, and what does not
//! * [`task`], [`spawn`], [`scope`]: the same without the attribute, for closures, and for closures
//!   that borrow
//! * [`join_all`], [`race`], [`first`], [`as_completed`], [`map`]: many futures at once; [`promise`]:
//!   futures out of callbacks
//! * [`BackgroundIter`], [`deliver`], [`feeder`]: items that arrive while their producer runs
//! * [`TaskQueue`]: calls that wait, served by weight, over threads, processes and other strategies
//! * [`cooperative`]: microthreads, many routines on one thread, in turn; [`VirtualClock`]: tests of
//!   time that take none
//! * [`Strategy`] and [`strategies`]: where bodies run; [`conformance!`] tests a strategy of yours
//! * [`Timeout`], [`Failure`], [`Background::cancel`], [`checkpoint`]: clocks, failures, stopping
//! * [`drain`]: waiting for everything at the end of a program
//!
//! # What runs when
//!
//! A call makes a task and hands it to its strategy; the default is an elastic pool. The first look
//! at the future, a **touch**, waits for the task; if the body has not started, it runs on the
//! touching thread. Nothing has to be set up, and there is no runtime to be inside of: futures can be
//! touched from any thread, and awaited in any executor.
//!
//! # Features
//!
//! * `cooperative`: microthreads, in the module [`cooperative`]. On by default.
//! * `net`: TCP for routines, in [`cooperative`]'s module `net`. Off by default.
//! * `process`: functions in other processes, `#[background(process)]`. On by default.
//! * `futures`: streams as `futures_core::Stream`s, `BackgroundIter::into_stream`. Off by default.
//! * `serde`: futures serialise as their values. Off by default.
//!
//! # Environment
//!
//! * `BACKGROUND_STRATEGY`: `thread`, `dedicated`, `inline` or `lazy`, for all calls that name no
//!   strategy. Read once, at the first call; any other value is a panic that says so.
//! * `BACKGROUND_WORKERS`, `BACKGROUND_MAX_THREADS`, `BACKGROUND_KEEP_ALIVE`,
//!   `BACKGROUND_THREAD_NAME`, `BACKGROUND_STACK_SIZE`: the settings of the program's pool; see
//!   [`pool`].
//! * `RUST_MIN_STACK`: the stack size of pool threads in bytes, where it is more than 2 MiB.
#![cfg_attr(docsrs, feature(doc_cfg))]
// What there is for worker processes alone is spread over the floors.
#![cfg_attr(not(all(feature = "process", target_os = "linux")), allow(dead_code, unreachable_pub))]
#![cfg_attr(not(feature = "cooperative"), allow(dead_code))]

// Read in this order: the value, what it may yield instead, how to get one, where it runs.
mod handle;
pub use handle::background::Background;
pub use handle::cancel::Cancel;
pub use handle::future::{Awaited, AwaitedRef};
pub use handle::status::{Phase, Status};

mod stream;
pub use stream::background_iter::BackgroundIter;
#[cfg(feature = "futures")]
pub use stream::background_stream::BackgroundStream;
pub use stream::reader::BackgroundReader;

mod clock;
mod failure;
mod sentinel;
mod timeout;
pub use clock::virtual_clock::VirtualClock;
pub use failure::{Call, Chain, DeadlockMember, Failure, WorkerProcess};
pub use sentinel::Sentinel;
pub use timeout::Timeout;

mod call;
pub use background_macros::background;
pub use call::builder::Builder;
pub use call::default_place::DefaultPlace;
pub use call::drain::{Straggler, Stragglers, drain};
pub use call::front::{spawn, task};
pub use call::scope::{Scope, scope};

mod combine;
pub use combine::as_completed::{AsCompleted, as_completed};
pub use combine::delivered::{Delivered, DeliveryEnd};
pub use combine::delivery::{Delivery, Verdict, deliver};
pub use combine::feeder::{Feeder, feeder, feeder_with};
pub use combine::first::first;
pub use combine::join_all::join_all;
pub use combine::map::{Map, map, map_with};
pub use combine::map_as_completed::MapAsCompleted;
pub use combine::promise::{Promise, promise};
pub use combine::race::race;
pub use combine::unfinished::Unfinished;
pub use combine::within::Within;

mod task;
pub use task::current::{Current, checkpoint, current};
pub use task::erased::Task;
pub use task::header::OnDrop;
pub use task::limit::{Limit, WhenFull};
pub use task::steps::TaskFuture;
pub use task::task_id::TaskId;

mod site;
pub use site::Site;

mod strategy;
pub use strategy::Strategy;

mod queue;
pub use call::retrying::Retrying;
pub use queue::leftover::Leftover;
pub use queue::settings::{FailurePolicy, OnCrash, TaskQueueBuilder};
pub use queue::statistics::{QueueStatistics, Spread};
pub use queue::task_queue::{Subscription, TaskQueue};
pub use queue::worker::{Detach, NoSuchWorker, QueueWorker, WorkerId, WorkerState};

mod dedicated;
mod inline;
mod lazy;
#[cfg(feature = "process")]
mod process;
mod thread;
#[cfg(feature = "process")]
pub use call::processes::{init, processes};
#[cfg(all(feature = "process", not(target_os = "linux")))]
pub use process::absent::ProcessPool;
#[cfg(all(feature = "process", target_os = "linux"))]
pub use process::process_pool::ProcessPool;
#[cfg(feature = "process")]
pub use process::settings::{Output, ProcessPoolBuilder};
pub use thread::pool;
pub use thread::pool::Pool;
pub use thread::settings::{PoolBuilder, PoolExists};

/// The strategies, as values for `on = …` and [`Builder::on`].
pub mod strategies {
    pub use crate::dedicated::Dedicated;
    pub use crate::inline::Inline;
    pub use crate::lazy::Lazy;
    #[cfg(feature = "process")]
    pub use crate::process::Process;
    pub use crate::thread::Thread;
}

#[cfg(feature = "cooperative")]
pub mod cooperative;

pub mod guide;

mod conformance;

mod cell;
#[cfg(feature = "process")]
mod codec;
mod flow;
mod parcel;
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
