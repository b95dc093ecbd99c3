//! What was made, and what became of it.

use std::fmt;
use std::process::exit;
use std::sync::atomic::{AtomicU64, Ordering};

use background_tests::Counter;

/// The books of one run.
#[derive(Debug, Default)]
pub(crate) struct Account {
    /// Values and what bodies had captured.
    pub(crate) values: Counter,
    pub(crate) tickets: AtomicU64,
    pub(crate) closed: AtomicU64,
    /// What was done to futures.
    pub(crate) steps: AtomicU64,
    pub(crate) ran: AtomicU64,
    pub(crate) called: AtomicU64,
    pub(crate) outcomes: [AtomicU64; KINDS.len()],
}

/// The kinds of outcomes, as they are counted.
pub(crate) const KINDS: [&str; 6] =
    ["value", "time-out", "cancelled", "panicked", "rejected", "lost"];

impl Account {
    /// Tasks of which something is left.
    pub(crate) fn under_way(&self) -> u64 {
        // What is closed was made before.
        let closed = self.closed.load(Ordering::SeqCst);
        self.tickets.load(Ordering::SeqCst) - closed
    }

    pub(crate) fn values_left(&self) -> usize {
        let dropped = self.values.dropped();
        self.values.made() - dropped
    }

    /// A number that changes as long as anything happens.
    pub(crate) fn progress(&self) -> u64 {
        let numbers = [&self.steps, &self.closed, &self.ran, &self.called];
        numbers.iter().map(|number| number.load(Ordering::SeqCst)).sum()
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let look = |number: &AtomicU64| number.load(Ordering::SeqCst);
        write!(
            f,
            "{} tasks, {} steps, {} bodies ran, {} callbacks, {} values; seen:",
            look(&self.tickets),
            look(&self.steps),
            look(&self.ran),
            look(&self.called),
            self.values.made(),
        )?;
        let outcomes = KINDS.iter().zip(&self.outcomes);
        outcomes.into_iter().try_for_each(|(kind, number)| write!(f, " {} {kind}", look(number)))
    }
}

/// Says what went wrong and ends the program, wherever it is: a panic would be a task's outcome.
pub(crate) fn fault(what: &str) -> ! {
    eprintln!("FAULT: {what}");
    exit(1);
}
