//! Routines in turn on one thread.
#![allow(clippy::semicolon_if_nothing_returned, reason = "endless routines say what they yield")]

mod channels;
mod clocks;
mod commands;
mod deadlocks;
mod ends;
mod game;
mod nesting;
mod network;
mod originals;
mod strategy;
mod touching;
mod turns;

use std::cell::RefCell;
use std::fmt::{Debug, Display};
use std::rc::Rc;

/// What routines write down for the test.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    fn note(&self, what: impl Display) {
        self.0.borrow_mut().push(format!("{what}"));
    }

    fn all(&self) -> String {
        self.0.borrow().join(",")
    }

    fn last(&self) -> String {
        self.0.borrow().last().cloned().unwrap_or_default()
    }
}

impl Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.borrow().fmt(f)
    }
}
