//! Items that are handed to a consumer.

use std::fmt;
use std::future::IntoFuture;
use std::io::{self, Write};
use std::ops::{ControlFlow, Deref};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use crate::call::Builder;
use crate::cell::outcome::Payload;
use crate::cell::parker::Parker;
use crate::clock::Tick;
use crate::combine::delivered::{Delivered, DeliveryEnd};
use crate::failure::Failure;
use crate::handle::{Awaited, Background};
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::stream::background_iter::BackgroundIter;
use crate::sync::global::{Mutex, lock};
use crate::task::job_ref::JobRef;
use crate::task::panics;
use crate::task::stopped::Stopped;
use crate::task::wait::{self, Release};

static SITE: Site = Site::new("deliver", "", "", 0);

/// What a consumer answers to an item: `()` and `Ok(())` to go on, `ControlFlow::Break(())` to have no
/// more, an error to say that it has failed.
#[diagnostic::on_unimplemented(
    message = "a consumer cannot answer `{Self}` to an item",
    label = "expected `()`, `ControlFlow<()>` or `Result<(), E>` with `E: Display`"
)]
pub trait Verdict: sealed::Sealed {
    #[doc(hidden)]
    fn judge(self) -> ControlFlow<DeliveryEnd>;
}

impl Verdict for () {
    fn judge(self) -> ControlFlow<DeliveryEnd> {
        ControlFlow::Continue(())
    }
}

impl Verdict for ControlFlow<()> {
    fn judge(self) -> ControlFlow<DeliveryEnd> {
        match self {
            Self::Continue(()) => ControlFlow::Continue(()),
            Self::Break(()) => ControlFlow::Break(DeliveryEnd::Enough),
        }
    }
}

impl<E: fmt::Display> Verdict for Result<(), E> {
    fn judge(self) -> ControlFlow<DeliveryEnd> {
        match self {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(DeliveryEnd::ConsumerFailed(error.to_string())),
        }
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for () {}
    impl Sealed for std::ops::ControlFlow<()> {}
    impl<E: std::fmt::Display> Sealed for Result<(), E> {}
}

/// Hands the items of an iterator to a consumer, one after the other, in the background.
///
/// Returns at once. `consumer` is called with each item in its order, by one thread at a time of the
/// program's pool; what it answers is a [`Verdict`]. How it has gone is told by the [`Delivery`], in
/// every case: also when the consumer panics or answers with an error, and when the items do.
///
/// For items that many tasks make at the same time, in the order in which they were asked for, hand it
/// a [`map`](crate::map). For a stream, [`BackgroundIter::for_each`] does the same, and tells a stop to
/// the producer at once.
///
/// The producers and consumers of Twisted, and `AsynQueue`'s `IterationProducer`, do this with callbacks.
///
/// ```
/// use background::{deliver, map};
/// use std::sync::mpsc::channel;
///
/// let (sender, receiver) = channel();
/// let delivery = deliver(map(0..100, |n: u32| n * n), move |square| sender.send(square));
/// assert!(receiver.iter().eq((0..100).map(|n| n * n)));
/// assert!(delivery.wait().is_complete());
/// ```
#[track_caller]
pub fn deliver<I, C, V>(items: I, consumer: C) -> Delivery
where
    I: Iterator<Item: Send + 'static> + Send + 'static,
    C: FnMut(I::Item) -> V + Send + 'static,
    V: Verdict,
{
    Delivery::start(items.map(Ok), consumer, None)
}

impl<T: Send + 'static, S: Sentinel> BackgroundIter<T, S> {
    /// Hands each item to a consumer in the background, as [`deliver`] does.
    ///
    /// A failure of the producer is no item: the [`Delivery`] tells it. Returns at once.
    ///
    /// ```
    /// use background::{BackgroundIter, task};
    /// use std::ops::ControlFlow;
    ///
    /// let endless = task().stream(|| 0..);
    /// let delivery = BackgroundIter::for_each(endless, |n: u32| {
    ///     if n < 5 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    /// });
    /// let delivered = delivery.wait();
    /// assert_eq!((delivered.items(), delivered.is_complete()), (6, false));
    /// ```
    #[track_caller]
    pub fn for_each<C, V>(iter: Self, consumer: C) -> Delivery
    where
        C: FnMut(T) -> V + Send + 'static,
        V: Verdict,
    {
        let producer = iter.job();
        Delivery::start(iter.map(S::into_outcome), consumer, producer)
    }

    /// Writes each item to `writer` in the background, and flushes it at the end.
    ///
    /// Returns at once. The writer is dropped at the end, so that its reader sees it.
    ///
    /// ```
    /// use background::{BackgroundIter, task};
    /// use std::io::Read;
    ///
    /// let (writer, written) = background::feeder::<Vec<u8>>();
    /// let lines = task().stream(|| (0..3).map(|n| format!("{n}\n")));
    /// let delivery = BackgroundIter::write_to(lines, writer);
    /// let mut text = String::new();
    /// BackgroundIter::into_reader(written).read_to_string(&mut text)?;
    /// assert_eq!(text, "0\n1\n2\n");
    /// assert!(delivery.wait().is_complete());
    /// # std::io::Result::Ok(())
    /// ```
    #[track_caller]
    pub fn write_to<W>(iter: Self, writer: W) -> Delivery
    where
        T: AsRef<[u8]>,
        W: Write + Send + 'static,
    {
        let mut writer = Flushed(Some(writer));
        let producer = iter.job();
        let last = std::iter::once(Ok(None));
        let items = iter.map(|item| S::into_outcome(item).map(Some)).chain(last);
        let consumer = move |item: Option<T>| match item {
            Some(item) => writer.write(item.as_ref()),
            None => writer.flush(),
        };
        Delivery::start(items, consumer, producer).without_last()
    }
}

/// A writer that is gone once it is flushed, so that its reader sees the end.
struct Flushed<W>(Option<W>);

impl<W: Write> Flushed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.as_mut().map_or(Ok(()), |writer| writer.write_all(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.take().map_or(Ok(()), |mut writer| writer.flush())
    }
}

/// Items on their way to a consumer. Made by [`deliver`] and [`BackgroundIter::for_each`].
///
/// Dropping it lets the delivery go on, also a paused one; [`stop`](Self::stop) ends it. Awaiting it
/// gives what has become of it, as [`wait`](Self::wait) does.
#[must_use = "whether all was delivered is told by `wait`"]
pub struct Delivery {
    control: Reins,
    done: Background<Delivered, Failure>,
    /// The last item is one of ours.
    is_flushed: bool,
}

impl Delivery {
    #[track_caller]
    fn start<T, C, V>(
        items: impl Iterator<Item = Result<T, Failure>> + Send + 'static,
        mut consumer: C,
        producer: Option<JobRef>,
    ) -> Self
    where
        T: Send + 'static,
        C: FnMut(T) -> V + Send + 'static,
        V: Verdict,
    {
        let control = Arc::new(Control { state: Mutex::default(), producer });
        let own = Arc::clone(&control);
        let body = move || {
            let mut items = items;
            let end = own.run(&mut items, &mut |item| consumer(item).judge());
            // The consumer's own destructor may be what tells others of the end.
            let gone = catch_unwind(AssertUnwindSafe(|| drop((items, consumer))));
            own.delivered(gone.map_or_else(failed, |()| end))
        };
        let done = Builder::new(&SITE).thread().catch().spawn(body);
        Self { control: Reins(control), done, is_flushed: false }
    }

    fn without_last(mut self) -> Self {
        self.is_flushed = true;
        self
    }

    /// Hands over no more items until [`resume`](Self::resume): the producer stops when it is as far
    /// ahead as it may be. The item that is just being consumed is not affected. Never blocks.
    ///
    /// ```
    /// use background::{deliver, promise};
    ///
    /// let (first, item) = promise::<u8>();
    /// let delivery = deliver([item].into_iter().map(|item| *item), |_| ());
    /// delivery.pause();
    /// assert!(delivery.is_paused());
    /// first.set(7).unwrap();
    /// delivery.resume();
    /// assert!(delivery.wait().is_complete());
    /// ```
    pub fn pause(&self) {
        lock(&self.control.state).is_paused = true;
    }

    /// Goes on after [`pause`](Self::pause). Never blocks.
    pub fn resume(&self) {
        self.control.resume();
    }

    /// It is paused.
    pub fn is_paused(&self) -> bool {
        lock(&self.control.state).is_paused
    }

    /// Ends the delivery after the item that is just being consumed, and stops the producer of a
    /// stream. Of another iterator, the item that it is just making is waited for. Never blocks.
    ///
    /// ```
    /// use background::{BackgroundIter, task};
    ///
    /// let delivery = BackgroundIter::for_each(task().stream(|| 0..), |_: u64| ());
    /// delivery.stop();
    /// assert!(!delivery.wait().is_complete());
    /// ```
    pub fn stop(&self) {
        lock(&self.control.state).is_stopped = true;
        if let Some(producer) = &self.control.producer {
            producer.resolve(Failure::Cancelled);
        }
        self.control.wake();
    }

    /// It has ended.
    pub fn is_done(&self) -> bool {
        Background::is_ready(&self.done)
    }

    /// Waits for its end, and says what has become of it. Goes on if it was paused, as nobody could
    /// resume it any more. Blocks until the end; never panics.
    pub fn wait(self) -> Delivered {
        let Self { control, done, is_flushed } = self;
        let own = Arc::clone(&control.0);
        drop(control);
        own.tell(Background::join(done), is_flushed)
    }
}

impl IntoFuture for Delivery {
    type Output = Delivered;
    type IntoFuture = Awaited<Delivered, std::convert::Infallible>;

    /// For `.await`: never blocks the thread.
    fn into_future(self) -> Self::IntoFuture {
        let Self { control, done, is_flushed } = self;
        let own = Arc::clone(&control.0);
        drop(control);
        Background::then(done, move |delivered| own.tell(delivered, is_flushed)).into_future()
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("is_paused", &self.is_paused())
            .field("is_done", &self.is_done())
            .finish_non_exhaustive()
    }
}

/// What holds a delivery back, which nobody can do who has let go of it.
struct Reins(Arc<Control>);

impl Deref for Reins {
    type Target = Control;

    fn deref(&self) -> &Control {
        &self.0
    }
}

impl Drop for Reins {
    fn drop(&mut self) {
        self.resume();
    }
}

/// What the delivery is told from outside.
struct Control {
    state: Mutex<State>,
    producer: Option<JobRef>,
}

#[derive(Default)]
struct State {
    is_paused: bool,
    is_stopped: bool,
    /// So many items were given to the consumer.
    count: u64,
    /// Where the delivery sleeps while it is paused.
    bed: Option<Arc<Parker>>,
}

impl Control {
    fn resume(&self) {
        lock(&self.state).is_paused = false;
        self.wake();
    }

    fn delivered(&self, end: DeliveryEnd) -> Delivered {
        Delivered::new(lock(&self.state).count, end)
    }

    /// What has become of it, also when its task did not come to its end.
    fn tell(&self, delivered: Result<Delivered, Failure>, is_flushed: bool) -> Delivered {
        let delivered =
            delivered.unwrap_or_else(|failure| self.delivered(DeliveryEnd::Ended(failure)));
        if is_flushed { delivered.without_last() } else { delivered }
    }

    fn wake(&self) {
        let bed = lock(&self.state).bed.take();
        if let Some(bed) = bed {
            bed.unpark();
        }
    }

    /// Waits while it is paused. `false` when it is stopped.
    fn goes_on(&self) -> bool {
        let parker = Parker::of_this_thread();
        let holds = || {
            let mut state = lock(&self.state);
            let holds = !state.is_paused || state.is_stopped;
            if !holds {
                state.bed = Some(Arc::clone(&parker));
            }
            holds
        };
        if !holds() {
            wait::until_released(&parker, Tick::NEVER, &Release { holds: &holds, jobs: &Vec::new });
        }
        !lock(&self.state).is_stopped
    }

    fn run<T>(
        &self,
        items: &mut dyn Iterator<Item = Result<T, Failure>>,
        consume: &mut dyn FnMut(T) -> ControlFlow<DeliveryEnd>,
    ) -> DeliveryEnd {
        loop {
            if !self.goes_on() {
                return DeliveryEnd::Stopped;
            }
            let item = match catch_unwind(AssertUnwindSafe(|| items.next())) {
                Ok(None) => return DeliveryEnd::Complete,
                Ok(Some(Ok(item))) => item,
                Ok(Some(Err(failure))) => return self.producer_failed(failure),
                Err(payload) => return self.producer_failed(reason(payload)),
            };
            // What came while it was told to pause or to stop is not handed over before that is over.
            if !self.goes_on() {
                return DeliveryEnd::Stopped;
            }
            lock(&self.state).count += 1;
            match catch_unwind(AssertUnwindSafe(|| consume(item))) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(end)) => return end,
                Err(payload) => return failed(payload),
            }
        }
    }

    fn producer_failed(&self, failure: Failure) -> DeliveryEnd {
        if lock(&self.state).is_stopped {
            return DeliveryEnd::Stopped;
        }
        DeliveryEnd::ProducerFailed(failure)
    }
}

/// What somebody has panicked with, as a failure. A stop of our own task goes on unwinding.
fn reason(payload: Payload) -> Failure {
    if payload.is::<Stopped>() {
        resume_unwind(payload);
    }
    let failure = panics::failure_of(&*payload);
    panics::drop_payload(payload);
    failure
}

fn failed(payload: Payload) -> DeliveryEnd {
    DeliveryEnd::ConsumerFailed(reason(payload).to_string())
}
