//! Futures in the order in which they end.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::sync::Arc;

use crate::cell::parker::Parker;
use crate::clock::Tick;
use crate::combine::any_end::AnyEnd;
use crate::combine::crew::Crew;
use crate::handle::Background;
use crate::handle::continuation::when_ended;
use crate::sentinel::Sentinel;
use crate::sync::global::{Mutex, lock};

/// A set of futures, each with its number, that are taken out as they end. Numbers grow.
pub(crate) struct Completions<T, S: Sentinel> {
    parts: BTreeMap<usize, Background<T, S>>,
    ended: Arc<Ended>,
    waiting: AnyEnd,
}

type Numbered<T, S> = (usize, Background<T, S>);

/// What the parts tell: the numbers of those that have ended, and who sleeps until there is one.
#[derive(Default)]
struct Ended(Mutex<(VecDeque<usize>, Option<Arc<Parker>>)>);

impl Ended {
    fn push(&self, number: usize) {
        let mut state = lock(&self.0);
        state.0.push_back(number);
        let sleeper = state.1.take();
        drop(state);
        if let Some(parker) = sleeper {
            parker.unpark();
        }
    }

    fn pop(&self) -> Option<usize> {
        lock(&self.0).0.pop_front()
    }

    /// Something has ended; else `parker` will be woken when it does.
    fn look(&self, parker: &Arc<Parker>) -> bool {
        let mut state = lock(&self.0);
        let some = !state.0.is_empty();
        state.1 = (!some).then(|| Arc::clone(parker));
        some
    }
}

impl<T, S: Sentinel> Completions<T, S> {
    pub(crate) fn new() -> Self {
        Self { parts: BTreeMap::new(), ended: Arc::default(), waiting: AnyEnd::new() }
    }

    pub(crate) fn add(&mut self, number: usize, part: Background<T, S>) {
        let ended = Arc::clone(&self.ended);
        when_ended(&part.job(), move || ended.push(number));
        self.parts.insert(number, part);
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.len()
    }

    /// Cancels all, and lets go of them.
    pub(crate) fn cancel(&mut self) {
        drop(Crew(mem::take(&mut self.parts).into_values().collect()));
    }

    /// All that have not been taken out, by their numbers.
    pub(crate) fn into_rest(self) -> Vec<Numbered<T, S>> {
        self.parts.into_iter().collect()
    }

    /// Takes out the next one that ends before `until`. `Ok(None)` when there is none left.
    ///
    /// # Errors
    ///
    /// The time is over.
    pub(crate) fn next(&mut self, until: Tick) -> Result<Option<Numbered<T, S>>, ()> {
        while !self.parts.is_empty() {
            if let Some(next) = self.take_ended() {
                return Ok(Some(next));
            }
            if !self.sleep(until) {
                return Err(());
            }
        }
        Ok(None)
    }

    fn take_ended(&mut self) -> Option<Numbered<T, S>> {
        let number = self.ended.pop()?;
        self.parts.remove_entry(&number)
    }

    fn sleep(&mut self, until: Tick) -> bool {
        let Self { parts, ended, waiting } = self;
        waiting.wait(until, |parker| ended.look(parker), || parts.values())
    }
}
