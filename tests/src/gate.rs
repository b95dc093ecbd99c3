//! A door that tests open when it is time.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::PATIENCE;

/// A door that is closed until it is opened, and then stays open. Clones are the same door.
///
/// ```
/// use background_tests::Gate;
///
/// let gate = Gate::new();
/// let inside = background::spawn({
///     let gate = gate.clone();
///     move || {
///         gate.pass();
///         1
///     }
/// });
/// gate.open();
/// assert_eq!(inside, 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets everybody through, from now on.
    pub fn open(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }

    /// Waits until the gate is open.
    ///
    /// # Panics
    ///
    /// When nobody opens it within [`PATIENCE`].
    pub fn pass(&self) {
        let open = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (open, _) = self
            .0
            .1
            .wait_timeout_while(open, PATIENCE, |open| !*open)
            .unwrap_or_else(PoisonError::into_inner);
        assert!(*open, "nobody opened the gate for {PATIENCE:?}");
    }

    /// The gate has been opened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
