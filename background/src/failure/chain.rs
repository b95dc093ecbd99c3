//! The calls that a failure came through.

use std::fmt;
use std::sync::Arc;

use crate::failure::Call;

/// How many calls are kept one by one: a failure at the bottom of a very deep recursion must not
/// cost the square of its depth.
const KEPT: usize = 32;

/// The calls that a panic came through, the one whose body panicked first.
///
/// A task that touches a failed one fails in turn; its failure is the same panic, and its chain is
/// one call longer. Empty for the task whose own body panicked. The first 32 calls are kept, and
/// the others counted.
///
/// ```
/// use background::{Background, Failure, spawn, task};
///
/// let inner = task().name("parse").spawn(|| -> u8 { panic!("no digits") });
/// let outer = task().name("load").spawn(move || inner + 1);
/// let reader = spawn(move || outer + 1);
/// let Err(Failure::Panicked { message, chain, .. }) = Background::outcome(&reader) else {
///     panic!("the failure is a panic");
/// };
/// assert_eq!(message, "no digits");
/// let names: Vec<_> = chain.calls().iter().map(background::Call::name).collect();
/// assert_eq!(names, ["parse", "load"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    calls: Option<Arc<Vec<Call>>>,
    more: usize,
}

impl Chain {
    /// The calls, from the one whose body panicked outwards.
    #[must_use]
    pub fn calls(&self) -> &[Call] {
        self.calls.as_ref().map_or(&[], |calls| calls)
    }

    /// How many more calls the panic came through after those.
    #[must_use]
    pub fn more(&self) -> usize {
        self.more
    }

    /// The panic was in the task's own body.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.calls.is_none()
    }

    /// This chain, and one call more.
    pub(crate) fn and(mut self, call: impl FnOnce() -> Call) -> Self {
        let calls = Arc::make_mut(self.calls.get_or_insert_default());
        if calls.len() < KEPT {
            calls.push(call());
        } else {
            self.more += 1;
        }
        self
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, call) in self.calls().iter().enumerate() {
            write!(f, "{} {call}", if nth == 0 { "in" } else { ", needed by" })?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, ", needed by {more} more"),
        }
    }
}
