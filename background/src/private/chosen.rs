//! [`Chosen`]: the strategy of `on = EXPR`, after it has been found to be one.

use std::fmt;

use crate::strategy::Strategy;
use crate::task::Task;

/// A strategy that needs no bound to be one.
///
/// What the user named is checked once, by [`new`](Self::new), which the expansion places where the
/// user's expression is. The builder that the strategy goes to asks again; of a `Chosen` it gets
/// its answer whatever came before, so that one mistake is one error.
pub struct Chosen<P> {
    strategy: P,
    view: fn(&P) -> &dyn Strategy,
}

impl<P: Strategy> Chosen<P> {
    /// Takes a strategy.
    #[inline]
    pub fn new(strategy: P) -> Self {
        Self { strategy, view: |strategy| strategy }
    }
}

impl<P> Strategy for Chosen<P> {
    fn start(&self, task: Task) {
        (self.view)(&self.strategy).start(task);
    }

    fn claim_on_touch(&self) -> bool {
        (self.view)(&self.strategy).claim_on_touch()
    }
}

impl<P> fmt::Debug for Chosen<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Chosen").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Chosen;
    use crate::strategies::{Inline, Thread};
    use crate::strategy::Strategy;

    #[test]
    fn every_answer_is_the_strategys_own() {
        for strategy in [&Thread as &dyn Strategy, &Inline] {
            let claim = strategy.claim_on_touch();
            assert_eq!(Chosen::new(strategy).claim_on_touch(), claim);
        }
        let ran = crate::task().on(Chosen::new(Inline)).spawn(|| std::thread::current().id());
        assert_eq!(crate::Background::join(ran), std::thread::current().id());
    }
}
