//! Where the calls of a `map` come from.

use std::panic::Location;
use std::sync::Arc;
use std::thread;

use crate::call::Builder;
use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::strategy::Strategy;

/// Items, and what is to be done with each.
pub(crate) struct Feed<I: Iterator, T, S: Sentinel> {
    /// `None` after the last item, or a panic instead of one.
    items: Option<I>,
    start: Starter<I::Item, T, S>,
    /// How many items were taken.
    pub(crate) taken: usize,
    /// How many may be taken and not handed out.
    pub(crate) in_flight: usize,
}

type Starter<A, T, S> = Box<dyn FnMut(A) -> Background<T, S> + Send>;

impl<I: Iterator, T, S: Sentinel> Feed<I, T, S> {
    pub(crate) fn new<F, P>(
        mut describe: impl FnMut() -> Builder<S, P> + Send + 'static,
        items: I,
        f: F,
        caller: &'static Location<'static>,
    ) -> Self
    where
        I::Item: Send + 'static,
        F: Fn(I::Item) -> T + Send + Sync + 'static,
        P: Strategy,
        T: Send + 'static,
    {
        let f = Arc::new(f);
        let start = move |item| {
            let f = Arc::clone(&f);
            describe().called_at(caller).spawn(move || f(item))
        };
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self { items: Some(items), start: Box::new(start), taken: 0, in_flight: 2 * cores }
    }

    /// Starts the next call, if there is an item.
    ///
    /// A panic of the items' own `next` passes through, and was the last item.
    pub(crate) fn start_next(&mut self) -> Option<Background<T, S>> {
        let mut items = self.items.take()?;
        let item = items.next()?;
        self.items = Some(items);
        self.taken += 1;
        Some((self.start)(item))
    }

    pub(crate) fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.as_ref().map_or((0, Some(0)), Iterator::size_hint)
    }
}
