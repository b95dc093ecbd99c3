//! The attribute's arguments: `#[background(timeout = 1s, catch)]`.
//!
//! [`parse`] always yields [`Args`], however much is wrong: an argument that cannot be
//! understood is reported and left out (a time limit is kept, as it decides the function's type),
//! and the others count. So a slip in one argument gives one error, at that argument.

mod choice;
mod count;
mod decimal;
mod duration;
mod krate;
mod literal;
mod niceness;
mod reader;
mod size;
mod streaming;
mod suggest;
mod values;

use std::collections::BTreeSet;

use proc_macro2::Ident;
use syn::Expr;

pub(crate) use self::choice::{Choice, WHEN_FULL};
pub(crate) use self::duration::Time;
pub(crate) use self::krate::Krate;
pub(crate) use self::reader::parse;
pub(crate) use self::size::Size;
pub(crate) use self::streaming::Streaming;

/// What the attribute says.
#[derive(Default)]
pub(crate) struct Args {
    /// The path of the library.
    pub(crate) krate: Krate,
    /// Where the body runs; without one the program's default decides.
    pub(crate) place: Option<Place>,
    /// Whether the body runs in another process: one of `place`, or of the program's.
    pub(crate) process: bool,
    /// The run budget.
    pub(crate) timeout: Option<Time>,
    /// The time limit counted from the call.
    pub(crate) deadline: Option<Time>,
    /// Whether failures become values.
    pub(crate) catch: bool,
    /// Whether checkpoints are injected, if the user said.
    pub(crate) killable: Option<bool>,
    /// Whether borrowed parameters are copied.
    pub(crate) to_owned: bool,
    /// Whether the body makes an iterator, whose items the caller gets one by one.
    pub(crate) stream: Option<Streaming>,
    /// How many tasks of this function may be under way at once.
    pub(crate) limit: Option<Expr>,
    /// What a call does when there are as many.
    pub(crate) when_full: Option<Choice>,
    /// How nice the call is to others in a queue.
    pub(crate) priority: Option<Expr>,
    /// The calls that it comes after in a queue.
    pub(crate) series: Option<Expr>,
    /// The task's name.
    pub(crate) name: Option<Expr>,
    /// The size of a dedicated thread's stack.
    pub(crate) stack_size: Option<Size>,
    /// How many bytes the process may use.
    pub(crate) memory: Option<Size>,
    /// How long it may compute.
    pub(crate) cpu: Option<Time>,
    /// How many calls it serves.
    pub(crate) max_calls: Option<Expr>,
    /// What dropping the future does.
    pub(crate) on_drop: Option<Choice>,
    /// Every name in the arguments.
    names: BTreeSet<String>,
}

/// Where a body runs.
pub(crate) enum Place {
    /// One of the library's own strategies, by its word, which is also the builder's method.
    Word(Ident),
    /// A strategy of the user's.
    On(Box<Expr>),
}

/// What a future may yield instead of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sentinel {
    /// Nothing.
    Infallible,
    /// `Timeout`.
    Timeout,
    /// `Failure`.
    Failure,
}

impl Args {
    /// The sentinel of the function's return type.
    pub(crate) fn sentinel(&self) -> Sentinel {
        if self.catch {
            Sentinel::Failure
        } else if self.timeout.is_some() || self.deadline.is_some() {
            Sentinel::Timeout
        } else {
            Sentinel::Infallible
        }
    }

    /// Whether an expression among the arguments may be using this name.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether loops get checkpoints: said, or implied by a time limit. A process needs none.
    pub(crate) fn killable(&self) -> bool {
        let limited = self.timeout.is_some() || self.deadline.is_some();
        !self.process && self.killable.unwrap_or(limited)
    }
}
