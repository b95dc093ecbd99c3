//! Measures peers side by side.
//!
//! A [`Workload`] is some work that several contenders do in their own ways. All of them take turns,
//! each round in another order, so that whatever else the machine does meets all of them alike.
//! What counts are the ratios of their medians. Every contender has to come to the right result.
//!
//! Each sample is taken by a process of its own, in which nothing but that one contender has run:
//! threads that a peer leaves behind, memory that it keeps and clocks that it lets tick are no
//! burden to the next one. The process is this same program. It comes to the same workload, does
//! its sample there and ends, so a contender must not do anything before it is asked to.
//!
//! `cargo bench … -- [--rounds N] [--markdown] [FILTER…]` measures the workloads whose title
//! contains one of the filters. Without cargo's `--bench`, as under `cargo test --benches`, every
//! contender runs once, on less work, and only its result is looked at.
//!
//! ```
//! use background_harness::{Goal, Run};
//!
//! let run = Run::from_args();
//! run.workload("add up to 100, in total", 1, 5050)
//!     .contender("by a loop", || (1..=100).sum())
//!     .contender("by a formula", || 100 * 101 / 2)
//!     .goal(Goal::times(2.0, "by a loop").of("by a formula"))
//!     .finish();
//! assert!(run.is_flawless());
//! ```

mod goal;
mod markdown;
mod note;
mod run;
mod sample;
mod series;
mod text;
mod time;
mod workload;

pub use goal::Goal;
pub use note::{is_noting, note, note_threads, threads};
pub use run::Run;
pub use workload::Workload;
