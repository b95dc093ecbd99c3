//! [`Pick`]: the value of `on = EXPR`, cloned if it can be, borrowed otherwise.
//!
//! `on = self.pool` names a place inside a value that is about to move into the task, so the call
//! needs a strategy of its own: a clone, which is cheap for the handles (`Arc`, sender, tokio
//! handle) that strategies usually are. `on = POOL` names a static, which may be no `Clone` at all
//! and can only be borrowed.
//!
//! Which of the two it is gets decided by method lookup: `pick` is looked for on `Pick` first, where
//! it exists only for `T: Clone`, and then on what `Pick` dereferences to. That needs no trait in
//! scope, so the expansion imports nothing.

use std::fmt;
use std::ops::Deref;

/// A strategy named by `on = EXPR`.
pub struct Pick<'a, T: ?Sized>(Borrowed<'a, T>);

/// The fallback for a strategy that is not `Clone`.
pub struct Borrowed<'a, T: ?Sized>(&'a T);

impl<'a, T: ?Sized> Pick<'a, T> {
    /// Looks at the place or the temporary that the expression denotes.
    #[inline]
    pub fn new(place: &'a T) -> Self {
        Self(Borrowed(place))
    }
}

impl<T: Clone> Pick<'_, T> {
    /// Clones the strategy.
    #[inline]
    pub fn pick(&self) -> T {
        self.0.0.clone()
    }
}

impl<'a, T: ?Sized> Borrowed<'a, T> {
    /// Borrows the strategy for the call.
    #[inline]
    pub fn pick(&self) -> &'a T {
        self.0
    }
}

impl<'a, T: ?Sized> Deref for Pick<'a, T> {
    type Target = Borrowed<'a, T>;

    #[inline]
    fn deref(&self) -> &Borrowed<'a, T> {
        &self.0
    }
}

impl<T: ?Sized> fmt::Debug for Pick<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pick").finish_non_exhaustive()
    }
}

impl<T: ?Sized> fmt::Debug for Borrowed<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Borrowed").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Pick;
    use std::sync::Arc;

    struct Unique(u8);

    #[test]
    fn a_clone_is_preferred() {
        let shared = Arc::new(Unique(7));
        let picked: Arc<Unique> = Pick::new(&shared).pick();
        assert!(Arc::ptr_eq(&picked, &shared));
    }

    #[test]
    fn what_cannot_be_cloned_is_borrowed() {
        let unique = Unique(7);
        let picked: &Unique = Pick::new(&unique).pick();
        assert_eq!(picked.0, 7);
    }

    #[test]
    fn a_reference_stays_one_reference() {
        let unique = Unique(7);
        let picked: &Unique = Pick::new(&&unique).pick();
        assert_eq!(picked.0, 7);
    }

    #[test]
    fn an_unsized_strategy_is_borrowed() {
        let picked: &str = Pick::new("pool").pick();
        assert_eq!(picked, "pool");
    }
}
