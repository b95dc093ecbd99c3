//! Pools of worker processes, and workers where constructors do not run.

use crate::call::travel::initialiser_of;
use crate::process::settings::ProcessPoolBuilder;

/// Describes a pool of worker processes of your own, for `on = …` and
/// [`Builder::on`](crate::Builder::on).
///
/// Blocks on nothing; processes are started when there is work.
///
/// ```
/// use background::{Background, processes, task};
///
/// let pool = processes().workers(2).max_calls(100).build();
/// let length = task().on(pool).spawn_with(|text: String| text.len(), "four".to_owned());
/// assert_eq!(Background::join(length), 4);
/// ```
pub fn processes() -> ProcessPoolBuilder {
    ProcessPoolBuilder::new()
}

impl ProcessPoolBuilder {
    /// Calls `function` in each worker before its first call: what `main` sets up in the program does
    /// not exist there. A function, or a closure that captures nothing.
    ///
    /// If it panics, the calls that wait are [`Rejected`](crate::Failure::Rejected) with what it
    /// said.
    ///
    /// ```
    /// use background::{Background, processes, task};
    /// use std::sync::OnceLock;
    ///
    /// static TABLE: OnceLock<Vec<u32>> = OnceLock::new();
    ///
    /// let pool = processes().workers(1).init(|| TABLE.set(vec![1, 2, 3]).unwrap()).build();
    /// let last = task().on(pool).spawn_with(|()| TABLE.get().map(|table| table[2]), ());
    /// assert_eq!(Background::join(last), Some(3));
    /// ```
    pub fn init<F>(self, function: F) -> Self
    where
        F: Fn() + Copy + Send + Sync + 'static,
    {
        self.initialiser(initialiser_of(function))
    }
}

/// Makes this process a worker, if it was started as one, and never returns then.
///
/// On Linux nobody has to call it: a constructor does. It is for programs whose constructors do not
/// run, as the first line of `main`; elsewhere it does nothing. Blocks on nothing.
///
/// ```
/// background::init();
/// ```
pub fn init() {
    crate::process::become_worker();
}
