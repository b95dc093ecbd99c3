//! Values that are counted when they come and go.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts how many [`Counted`] values it has made and how many of them are gone.
///
/// ```
/// use background_tests::Counter;
///
/// let counter = Counter::new();
/// let one = counter.make();
/// assert_eq!((counter.made(), counter.dropped()), (1, 0));
/// drop(one);
/// assert_eq!((counter.made(), counter.dropped()), (1, 1));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    made: AtomicUsize,
    dropped: AtomicUsize,
}

/// A value that tells its [`Counter`] when it is dropped. It owns memory, so that a tool that looks
/// for leaks and double frees sees it too.
#[derive(Debug)]
pub struct Counted {
    numbers: Arc<Numbers>,
    memory: Box<u64>,
}

impl Counter {
    /// A counter that has counted nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A value that counts.
    #[must_use]
    pub fn make(&self) -> Counted {
        let nth = self.0.made.fetch_add(1, Ordering::SeqCst);
        Counted { numbers: Arc::clone(&self.0), memory: Box::new(nth as u64) }
    }

    /// How many were made.
    #[must_use]
    pub fn made(&self) -> usize {
        self.0.made.load(Ordering::SeqCst)
    }

    /// How many were dropped.
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.0.dropped.load(Ordering::SeqCst)
    }
}

impl Counted {
    /// Which of its counter's values this is, counted from 0.
    #[must_use]
    pub fn nth(&self) -> u64 {
        *self.memory
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.numbers.dropped.fetch_add(1, Ordering::SeqCst);
    }
}
