//! The iterator.

use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::iter::FusedIterator;
use std::panic::{Location, resume_unwind};
use std::task::Poll;
use std::time::Duration;

use crate::cell::parker::Parker;
use crate::cell::state::{CLAIMABLE, CLAIMED, TIMED};
use crate::cell::waiters::Waiter;
use crate::clock::Tick;
use crate::failure::Failure;
use crate::handle::{Background, Cancel};
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::stream::inbox::{Inbox, Stopped};
use crate::task::frame::Place;
use crate::task::job_ref::JobRef;
use crate::task::stopped;
use crate::task::task_id::TaskId;
use crate::task::wait::{self, Release};
use crate::task::{raised, spin};

/// So long a producer is left to its strategy, before it is started on the consumer's own thread: where
/// that is the last worker of a pool, nobody else will. A pool with threads to spare, or to be had,
/// starts its tasks in much less.
const PATIENCE: Duration = Duration::from_millis(10);

/// The items of a function that runs in the background, one after the other, while it makes them.
///
/// What `#[background(stream)]` functions and [`Builder::stream`](crate::Builder::stream) return: an
/// iterator. The producer runs ahead of it by so many items as were asked for, and waits then; an
/// item that is there costs no switch. [`next`](Iterator::next) blocks until there is one, or the
/// producer has ended.
///
/// The second parameter is that of [`Background`]: with [`Timeout`](crate::Timeout) or
/// [`Failure`](crate::Failure) the items are `Result`s, of which only the last one can be an error.
///
/// As with [`Background`], operations besides the iterator's own are associated functions.
///
/// # Failures
///
/// What the producer fails with comes after all items that it had made before: as an error where the
/// sentinel has a value for it, else as a panic of [`next`](Iterator::next), with the producer's own
/// payload. After that, and after the end, there are no more items.
///
/// # Dropping
///
/// Dropping it stops the producer at its next item, whatever it is just doing for it: its iterator is
/// dropped, and its worker is free. A producer that has not started never runs. `on_drop = cancel`
/// also unwinds it at its next checkpoint; `on_drop = join` waits for its end.
///
/// # Time limits
///
/// A `timeout` counts from the moment the producer starts and includes the time that it waits for its
/// consumer. A producer that is called inline is under its limits while it runs within the call.
///
/// Generators that are handed on item by item over a process boundary are an idea of `AsynQueue`'s
/// (`Prefetcherator`, `Deferator`), which looked one item ahead.
///
/// ```
/// use background::{BackgroundIter, background};
///
/// #[background(stream = 8)]
/// fn squares(count: u64) -> impl Iterator<Item = u64> {
///     (0..count).map(|n| n * n)
/// }
///
/// assert_eq!(squares(4).collect::<Vec<_>>(), [0, 1, 4, 9]);
///
/// let mut endless: BackgroundIter<u64> = squares(u64::MAX);
/// assert_eq!(endless.nth(3), Some(9));
/// drop(endless); // and the producer ends
/// ```
#[must_use = "dropping a background iterator stops its producer; use the items"]
pub struct BackgroundIter<T, S: Sentinel = Infallible> {
    inbox: Box<dyn Inbox<T>>,
    /// `None` when its end was told.
    producer: Option<Background<(), S>>,
    /// Cancelled while the producer was gone on with here.
    is_cut: Cell<bool>,
    /// The facts that remain when the producer is gone.
    facts: Facts,
}

#[derive(Clone, Copy)]
struct Facts {
    id: TaskId,
    site: Site,
    caller: &'static Location<'static>,
}

impl<T, S: Sentinel> BackgroundIter<T, S> {
    pub(crate) fn new(inbox: Box<dyn Inbox<T>>, producer: Background<(), S>) -> Self {
        let facts = Facts {
            id: Background::id(&producer),
            site: Background::site(&producer),
            caller: Background::call_site(&producer),
        };
        Self { inbox, producer: Some(producer), is_cut: Cell::new(false), facts }
    }

    /// Stops the producer, if there is still time: as [`Background::cancel`] does.
    ///
    /// What it had made before can still be taken. Never blocks, never panics.
    ///
    /// ```
    /// use background::{BackgroundIter, Cancel, task};
    ///
    /// let mut endless = task().catch().stream(|| std::iter::repeat(7));
    /// assert_eq!(endless.next(), Some(Ok(7)));
    /// assert_eq!(BackgroundIter::cancel(&endless), Cancel::Stopping);
    /// let last = endless.last().expect("an error is the last item");
    /// assert!(last.unwrap_err().is_cancelled());
    /// ```
    pub fn cancel(iter: &Self) -> Cancel {
        let Some(producer) = &iter.producer else { return Cancel::TooLate };
        match Background::cancel(producer) {
            // What was left to be gone on with here is not.
            Cancel::TooLate if iter.inbox.is_driven() && !iter.is_cut.get() => {
                iter.is_cut.set(true);
                Cancel::Stopping
            }
            cancel => cancel,
        }
    }

    /// The producer has ended; what it has made may still be there.
    ///
    /// Never blocks, never panics.
    ///
    /// ```
    /// use background::{BackgroundIter, task};
    ///
    /// let mut one = task().inline().stream(|| [7].into_iter());
    /// assert!(BackgroundIter::is_finished(&one));
    /// assert_eq!((one.next(), one.next()), (Some(7), None));
    /// ```
    pub fn is_finished(iter: &Self) -> bool {
        iter.is_ready() && !iter.inbox.is_driven()
    }

    fn is_ready(&self) -> bool {
        self.producer.as_ref().is_none_or(Background::is_ready)
    }

    /// So many items are there and wait to be taken.
    ///
    /// Never blocks, never panics.
    ///
    /// ```
    /// use background::{BackgroundIter, task};
    ///
    /// let three = task().inline().look_ahead(3).stream(|| 0..10);
    /// assert_eq!(BackgroundIter::ahead(&three), 3);
    /// # drop(three);
    /// ```
    pub fn ahead(iter: &Self) -> usize {
        iter.inbox.len()
    }

    /// The next item if it is there: `Pending` while it is being made, `Ready(None)` after the last
    /// one.
    ///
    /// Never blocks. Panics as [`next`](Iterator::next) does.
    ///
    /// ```
    /// use background::{BackgroundIter, promise, task};
    /// use std::task::Poll;
    ///
    /// let (promise, number) = promise::<u8>();
    /// let mut numbers = task().stream(move || [number].into_iter().map(|number| *number));
    /// assert_eq!(BackgroundIter::try_next(&mut numbers), Poll::Pending);
    /// promise.set(7).unwrap();
    /// assert_eq!(numbers.next(), Some(7));
    /// assert_eq!(numbers.next(), None);
    /// assert_eq!(BackgroundIter::try_next(&mut numbers), Poll::Ready(None));
    /// ```
    #[track_caller]
    pub fn try_next(iter: &mut Self) -> Poll<Option<S::Yields<T>>> {
        // Asked before: what was made by then is there.
        let is_ready = iter.is_ready();
        match iter.take() {
            Some(item) => Poll::Ready(Some(item)),
            None if is_ready => Poll::Ready(iter.finish()),
            None => Poll::Pending,
        }
    }

    /// The next item if it is there within `patience`; otherwise as [`try_next`](Self::try_next).
    ///
    /// Blocks at most `patience`. Only this reader gives up: the producer goes on.
    ///
    /// ```
    /// use background::{BackgroundIter, task};
    /// use std::task::Poll;
    /// use std::time::Duration;
    ///
    /// let mut none = task().stream(std::iter::empty::<u8>);
    /// let next = BackgroundIter::next_timeout(&mut none, Duration::from_secs(60));
    /// assert_eq!(next, Poll::Ready(None));
    /// ```
    #[track_caller]
    pub fn next_timeout(iter: &mut Self, patience: Duration) -> Poll<Option<S::Yields<T>>> {
        let until = Tick::now().after(patience).min(wait::FOREVER);
        let place = Some(Location::caller());
        loop {
            let next = Self::try_next(iter);
            if next.is_ready() || until <= Tick::now() {
                return next;
            }
            iter.wait(until, place);
        }
    }

    /// The producer's number.
    pub fn id(iter: &Self) -> TaskId {
        iter.facts.id
    }

    /// Where the function stands in the source.
    pub fn site(iter: &Self) -> Site {
        iter.facts.site
    }

    /// Where the function was called.
    pub fn call_site(iter: &Self) -> &'static Location<'static> {
        iter.facts.caller
    }

    /// The producer's job, for who wants to end it later.
    pub(crate) fn job(&self) -> Option<JobRef> {
        self.producer.as_ref().map(|producer| JobRef::clone(&producer.job()))
    }

    #[cfg(feature = "futures")]
    pub(crate) fn wait_with(&self, waiter: Waiter) -> Result<(), Waiter> {
        self.inbox.wait(waiter)
    }

    #[cfg(feature = "futures")]
    pub(crate) fn producer(&self) -> Option<&Background<(), S>> {
        self.producer.as_ref()
    }

    /// An item that is there, or what stands for it.
    #[track_caller]
    fn take(&mut self) -> Option<S::Yields<T>> {
        if self.is_cut.get() {
            self.inbox.drop_rest();
        }
        let producer = self.producer.as_ref()?;
        match self.inbox.next(&producer.job())? {
            Ok(item) => Some(S::of_value(item)),
            Err(stopped) => self.fail(stopped),
        }
    }

    /// There are no items and will be none: the producer's end, once.
    #[track_caller]
    fn finish(&mut self) -> Option<S::Yields<T>> {
        if self.is_cut.get() {
            return self.fail(Stopped::Failed(Failure::Cancelled));
        }
        let producer = self.producer.take()?;
        let failure = Background::outcome(&producer).err()?;
        let yielded = S::of_failure::<T>(failure);
        if yielded.is_none() {
            Background::join(producer);
        }
        yielded
    }

    #[track_caller]
    fn fail(&mut self, stopped: Stopped) -> Option<S::Yields<T>> {
        let producer = self.producer.take()?;
        // It may go on, if it is not what has failed.
        self.inbox.close(&producer.job());
        let (failure, payload) = match stopped {
            Stopped::Panicked(payload) if payload.is::<stopped::Stopped>() => {
                // It was the consumer's own task that was told to stop.
                resume_unwind(payload)
            }
            Stopped::Panicked(payload) => {
                (raised::failure_of(&*payload, &producer.job()), Some(payload))
            }
            Stopped::Failed(failure) => (failure, None),
        };
        let yielded = S::of_failure::<T>(&failure);
        match (yielded, payload) {
            (Some(yielded), _) => Some(yielded),
            (None, Some(payload)) => resume_unwind(payload),
            (None, None) => {
                panic!("background task {} {}", &**producer.job(), failure.predicate())
            }
        }
    }

    /// Waits until there is an item, or the producer has ended.
    fn wait(&self, until: Tick, place: Place) {
        let Some(producer) = &self.producer else { return };
        let job = producer.job();
        let holds = || self.inbox.has_more();
        // A lazy producer starts now; elsewhere, as it waits for room again and again.
        wait::start_elsewhere(&job);
        if spin::until(|| holds() || job.core.is_ready()) {
            return;
        }
        if let Err(_there_is_one) = self.inbox.wait(Waiter::Thread(Parker::of_this_thread())) {
            return;
        }
        let jobs = || vec![(JobRef::clone(&job), place)];
        let release = Release { holds: &holds, jobs: &jobs };
        let may_start_here =
            || job.core.state.glance() & (CLAIMABLE | CLAIMED | TIMED) == CLAIMABLE;
        if until == Tick::NEVER && may_start_here() {
            wait::until_ready_or(&job, Tick::now().after(PATIENCE), &release);
            if !holds() && may_start_here() {
                return self.inbox.run_here(&job);
            }
        }
        wait::until_ready_or(&job, until, &release);
    }
}

impl<T, S: Sentinel> Iterator for BackgroundIter<T, S> {
    type Item = S::Yields<T>;

    /// The next item.
    ///
    /// Blocks until it is there or the producer has ended. A checkpoint of the current task while it
    /// waits.
    ///
    /// # Panics
    ///
    /// With the producer's panic, or because it has failed otherwise, if the sentinel has no value for
    /// that; once.
    #[track_caller]
    fn next(&mut self) -> Option<S::Yields<T>> {
        let place = Some(Location::caller());
        loop {
            if let Poll::Ready(next) = Self::try_next(self) {
                return next;
            }
            self.wait(Tick::NEVER, place);
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.producer.is_none() { (0, Some(0)) } else { (0, None) }
    }
}

impl<T, S: Sentinel> FusedIterator for BackgroundIter<T, S> {}

impl<T, S: Sentinel> Drop for BackgroundIter<T, S> {
    fn drop(&mut self) {
        if let Some(producer) = &self.producer {
            let job = producer.job();
            self.inbox.close(&job);
            job.resolve_unstarted(Failure::Cancelled);
        }
    }
}

impl<T, S: Sentinel> fmt::Debug for BackgroundIter<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.producer.as_ref().map(Background::status);
        f.debug_struct("BackgroundIter")
            .field("producer", &status)
            .field("ahead", &self.inbox.len())
            .finish_non_exhaustive()
    }
}
