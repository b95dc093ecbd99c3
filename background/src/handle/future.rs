//! Awaiting.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::cell::waiters::{Key, Waiter};
use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::task::job_ref::JobRef;
use crate::task::{awaiting, wait};

/// One awaiter's entry in the list of a future's waiters.
#[derive(Default)]
struct Entry(Option<Key>);

impl Entry {
    /// Ready, or registered with the current waker.
    #[track_caller]
    fn poll(&mut self, job: &JobRef, context: &mut Context<'_>) -> Poll<()> {
        if job.core.is_ready() {
            self.0 = None;
            return Poll::Ready(());
        }
        wait::start_elsewhere(job);
        let waker = context.waker();
        if self.0.is_some_and(|key| job.core.renew(key, waker)) {
            return Poll::Pending;
        }
        match job.core.register(Waiter::Waker(waker.clone())) {
            Ok(key) => {
                self.0 = Some(key);
                awaiting::registered(job, key, waker, Some(Location::caller()));
                // Parked after the look above, and before we said that we wait.
                wait::start_elsewhere(job);
                Poll::Pending
            }
            Err(_) => Poll::Ready(()),
        }
    }

    fn withdraw(&mut self, job: &JobRef) {
        if let Some(key) = self.0.take() {
            job.core.withdraw(key);
        }
    }
}

/// The `.await` of a [`Background`].
///
/// Never blocks the thread, and never runs the body on it; a lazy task is started in the pool.
/// Needs no particular executor. Polling panics when the task has failed and the sentinel has no
/// value for that. Dropping it drops the future it came from.
///
/// ```
/// use background::spawn;
/// # fn block_on<F: std::future::Future>(f: F) -> F::Output {
/// #     let mut f = std::pin::pin!(f);
/// #     let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// #     loop {
/// #         if let std::task::Poll::Ready(output) = f.as_mut().poll(&mut context) { return output; }
/// #         std::thread::yield_now();
/// #     }
/// # }
/// let sum = block_on(async {
///     let (x, y) = (spawn(|| 1), spawn(|| 2));
///     x.await + y.await
/// });
/// assert_eq!(sum, 3);
/// ```
#[must_use = "an await does nothing until it is polled"]
pub struct Awaited<T, S: Sentinel> {
    /// `None` once the value was handed out.
    future: Option<Background<T, S>>,
    entry: Entry,
}

impl<T, S: Sentinel> Unpin for Awaited<T, S> {}

impl<T, S: Sentinel> Future for Awaited<T, S> {
    type Output = S::Yields<T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let future = this.future.as_ref().expect("a future is not polled after it was ready");
        match this.entry.poll(&future.job(), context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => {
                let future = this.future.take().expect("just seen");
                Poll::Ready(future.take())
            }
        }
    }
}

impl<T, S: Sentinel> Drop for Awaited<T, S> {
    fn drop(&mut self) {
        if let Some(future) = &self.future {
            self.entry.withdraw(&future.job());
        }
    }
}

impl<T, S: Sentinel> fmt::Debug for Awaited<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.future.as_ref().map(Background::status);
        f.debug_struct("Awaited").field("future", &status).finish_non_exhaustive()
    }
}

impl<T, S: Sentinel> IntoFuture for Background<T, S> {
    type Output = S::Yields<T>;
    type IntoFuture = Awaited<T, S>;

    fn into_future(self) -> Awaited<T, S> {
        Awaited { future: Some(self), entry: Entry::default() }
    }
}

/// The `.await` of a `&Background`: yields a reference. Any number may wait at once.
///
/// ```
/// # fn assert_future<F: std::future::Future>(_: F) {}
/// let x = background::spawn(|| 1);
/// assert_future(std::future::IntoFuture::into_future(&x));
/// assert_eq!(x, 1);
/// ```
#[must_use = "an await does nothing until it is polled"]
pub struct AwaitedRef<'a, T, S: Sentinel> {
    future: &'a Background<T, S>,
    entry: Entry,
}

impl<'a, T, S: Sentinel> Future for AwaitedRef<'a, T, S> {
    type Output = &'a S::Yields<T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let future = self.future;
        match self.entry.poll(&future.job(), context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => Poll::Ready(Background::get(future)),
        }
    }
}

impl<T, S: Sentinel> Drop for AwaitedRef<'_, T, S> {
    fn drop(&mut self) {
        self.entry.withdraw(&self.future.job());
    }
}

impl<T, S: Sentinel> fmt::Debug for AwaitedRef<'_, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwaitedRef")
            .field("future", &Background::status(self.future))
            .finish_non_exhaustive()
    }
}

impl<'a, T, S: Sentinel> IntoFuture for &'a Background<T, S> {
    type Output = &'a S::Yields<T>;
    type IntoFuture = AwaitedRef<'a, T, S>;

    fn into_future(self) -> AwaitedRef<'a, T, S> {
        AwaitedRef { future: self, entry: Entry::default() }
    }
}
