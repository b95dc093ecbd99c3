//! [`Lent`]: the iterator of a body that borrows from copies of its arguments.
//!
//! With `to_owned` the body sees references to copies that the task owns, and an iterator that it makes
//! may hold on to them: `text.split(' ')`. So copies and iterator have to stay together, one borrowed
//! from the other, which in safe Rust only the locals of a future can be. The expansion makes such a
//! future, which gives its items up one by one, and this polls it for each.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::sync::global::{Mutex, lock};

/// Makes an iterator of a future that gives its items to the hand it is given.
pub fn lend<T, F, Fut>(body: F) -> Lent<T, Fut>
where
    F: FnOnce(Hand<T>) -> Fut,
    Fut: Future<Output = ()>,
{
    let item = Arc::new(Mutex::new(None));
    let hand = Hand { item: Arc::clone(&item) };
    Lent { item, body: Some(Box::pin(body(hand))) }
}

/// The items that a body gives to its [`Hand`].
pub struct Lent<T, Fut> {
    item: Arc<Mutex<Option<T>>>,
    /// `None` after the end.
    body: Option<Pin<Box<Fut>>>,
}

impl<T, Fut: Future<Output = ()>> Iterator for Lent<T, Fut> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        // After a panic it is at its end as well.
        let mut body = self.body.take()?;
        // It waits for nothing but to be asked again.
        if body.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            self.body = Some(body);
        }
        lock(&self.item).take()
    }
}

impl<T, Fut> fmt::Debug for Lent<T, Fut> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Lent").finish_non_exhaustive()
    }
}

/// Takes the items of a body, one whenever somebody asks for it.
pub struct Hand<T> {
    item: Arc<Mutex<Option<T>>>,
}

impl<T> Hand<T> {
    /// Takes all items of the iterator that `body` makes.
    pub async fn fill<I, F>(self, body: F)
    where
        I: Iterator<Item = T>,
        F: FnOnce() -> I,
    {
        // Of a future that holds anything but an `I` here the compiler may not see that it is `Send`:
        // what a projection comes to depends on lifetimes, which it has forgotten by then.
        let mut items: I = body();
        for item in items.by_ref() {
            *lock(&self.item) = Some(item);
            self.given().await;
        }
    }

    /// Waits until the item is taken, which it is when this has returned once.
    async fn given(&self) {
        poll_fn(|_| if lock(&self.item).is_some() { Poll::Pending } else { Poll::Ready(()) }).await;
    }
}

impl<T> fmt::Debug for Hand<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Hand").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::lend;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::rc::Rc;

    #[test]
    fn items_are_made_when_they_are_asked_for() {
        let made = Rc::new(std::cell::Cell::new(0));
        let count = Rc::clone(&made);
        let mut words = lend(move |hand| async move {
            let text = String::from("so it goes");
            let words = || text.split(' ').inspect(|_| count.set(count.get() + 1));
            hand.fill(|| words().map(str::to_owned)).await;
        });
        assert_eq!(made.get(), 0);
        assert_eq!(words.next().as_deref(), Some("so"));
        assert_eq!(made.get(), 1);
        assert_eq!(words.by_ref().collect::<Vec<_>>(), ["it", "goes"]);
        assert_eq!(words.next(), None);
        assert_eq!(Rc::strong_count(&made), 1, "what is at its end holds nothing");
    }

    #[test]
    fn dropped_early_it_drops_what_it_borrows_from() {
        let owned = Rc::new(7);
        let copy = Rc::clone(&owned);
        let mut endless = lend(|hand| async move {
            let lent = &*copy;
            hand.fill(|| std::iter::repeat_with(|| *lent)).await;
        });
        assert_eq!(endless.next(), Some(7));
        drop(endless);
        assert_eq!(Rc::strong_count(&owned), 1);
    }

    #[test]
    fn a_panic_of_the_body_is_one_of_next() {
        let mut one = lend(|hand| hand.fill(|| [1, 0].into_iter().map(|n| 1 / n)));
        assert_eq!(one.next(), Some(1));
        assert!(catch_unwind(AssertUnwindSafe(|| one.next())).is_err());
        assert_eq!(one.next(), None);
    }
}
