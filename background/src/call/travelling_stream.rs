//! Streams whose producer can run in another process.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::call::Builder;
use crate::call::travel::{
    captures_nothing, conjure, encoding, ended_with, guarded, pack, run_order, unpack,
};
use crate::parcel::outlet::Sent;
use crate::parcel::{Entry, Freight, Limits, Order, Outlet, Parcel, Reply};
use crate::process;
use crate::sentinel::Sentinel;
use crate::strategy::Strategy;
use crate::stream::arrivals::{Arrival, Arrivals};
use crate::stream::background_iter::BackgroundIter;
use crate::stream::producer::{self, Calling, Shared};
use crate::task::body::{Body, Ended};
use crate::task::header::Header;
use crate::task::job_ref::JobRef;

impl<S: Sentinel, P: Strategy> Builder<S, P> {
    /// Starts a producer that can travel: [`stream`](Self::stream) for other processes, with the
    /// arguments of [`spawn_with`](Self::spawn_with).
    ///
    /// The items are encoded there and decoded here, when they are taken. Besides the look-ahead, at
    /// most some 4 MiB of them are on their way at a time, or one item. Dropping the iterator stops
    /// the producer at its next item and keeps the worker; [`BackgroundIter::cancel`] kills it at
    /// once.
    ///
    /// Never blocks.
    ///
    /// ```
    /// use background::task;
    ///
    /// let squares = task().process().stream_with(|n: u64| (0..n).map(|n| n * n), 4);
    /// assert_eq!(squares.collect::<Vec<_>>(), [0, 1, 4, 9]);
    /// ```
    #[track_caller]
    pub fn stream_with<A, I, F>(self, function: F, arguments: A) -> BackgroundIter<I::Item, S>
    where
        A: Serialize + DeserializeOwned + 'static,
        I: Iterator<Item: Serialize + DeserializeOwned + Send + 'static> + Send + 'static,
        F: Fn(A) -> I + Copy + Send + Sync + 'static,
    {
        self.stream_under(function, arguments, Limits::new())
    }

    /// [`stream_with`](Self::stream_with) under limits.
    #[track_caller]
    pub(crate) fn stream_under<A, I, F>(
        self,
        function: F,
        arguments: A,
        limits: Limits,
    ) -> BackgroundIter<I::Item, S>
    where
        A: Serialize + DeserializeOwned + 'static,
        I: Iterator<Item: Serialize + DeserializeOwned + Send + 'static> + Send + 'static,
        F: Fn(A) -> I + Copy + Send + Sync + 'static,
    {
        let shared = Shared::new(self.items_ahead());
        let (inbox, landing) = Arrivals::new(Arc::clone(&shared), decode::<I::Item>);
        let (inbox, intake) = (Box::new(inbox), Arc::new(landing));
        let entry = entry_of(function);
        let arguments = pack("the arguments", arguments);
        let parcel = Arc::new(Parcel::new(entry, limits, arguments, Some(intake)));
        let calling = Calling::new(&shared);
        let body =
            Travelling { function, parcel: Arc::clone(&parcel), shared, _types: PhantomData };
        let producer = self.spawn_body(body, Some(parcel));
        drop(calling);
        BackgroundIter::new(inbox, producer)
    }
}

fn decode<T: DeserializeOwned + 'static>(bytes: Vec<u8>) -> Result<T, String> {
    unpack("an item", Freight { bytes })
}

/// The entry of a function that makes an iterator.
fn entry_of<A, I, F>(_: F) -> &'static Entry
where
    A: DeserializeOwned + 'static,
    I: Iterator<Item: Serialize + 'static> + Send + 'static,
    F: Fn(A) -> I + Copy + Send + Sync + 'static,
{
    const { captures_nothing::<F>() };
    process::install();
    const { &Entry::new(run::<A, I, F>) }
}

/// Runs one producer in the process that it has come to.
fn run<A, I, F>(order: Order) -> Reply
where
    A: DeserializeOwned + 'static,
    I: Iterator<Item: Serialize + 'static> + Send + 'static,
    F: Fn(A) -> I + Copy + Send + Sync + 'static,
{
    let outlet = order.outlet;
    run_order(order, move |arguments| {
        let arguments = match unpack::<A>("the arguments", arguments) {
            Ok(arguments) => arguments,
            Err(why) => return Reply::Encoding(why),
        };
        send_all(conjure::<F>()(arguments), outlet)
    })
}

fn send_all<T: Serialize + 'static>(
    mut items: impl Iterator<Item = T>,
    outlet: &dyn Outlet,
) -> Reply {
    let mut bytes = Vec::new();
    while outlet.wait_for_room() {
        crate::task::current::checkpoint();
        let Some(item) = items.next() else { break };
        bytes.clear();
        let packed = guarded::<T, _>("an item", "encoded", || Freight::pack_into(item, &mut bytes));
        if let Err(why) = packed {
            return Reply::Encoding(why);
        }
        match outlet.send(&bytes) {
            Sent::Well => {}
            Sent::TooLarge(bytes) => return Reply::TooLarge(bytes),
            Sent::Gone => break,
        }
    }
    Reply::Value(Freight { bytes: Vec::new() })
}

/// A producer that another process of this program can run.
struct Travelling<A, T, F> {
    function: F,
    parcel: Arc<Parcel>,
    shared: Arc<Shared<Arrival<T>>>,
    _types: PhantomData<fn(A)>,
}

impl<A, T, F> Travelling<A, T, F>
where
    A: DeserializeOwned + 'static,
{
    fn arguments(&self, job: &Header) -> Result<A, Box<Ended>> {
        let freight = self.parcel.take_arguments();
        freight
            .and_then(|freight| unpack::<A>("the arguments", freight))
            .map_err(|why| Box::new(encoding(why, job)))
    }
}

impl<A, I, F> Body<()> for Travelling<A, I::Item, F>
where
    A: DeserializeOwned + 'static,
    I: Iterator<Item: Send + 'static> + Send + 'static,
    F: Fn(A) -> I,
{
    const TRAVELS: bool = true;
    const STEPS: bool = true;

    fn run(self, job: &Header) -> Result<(), Box<Ended>> {
        let arguments = self.arguments(job)?;
        producer::run((self.function)(arguments).map(Arrival::Here), self.shared);
        Ok(())
    }

    async fn steps(self, job: JobRef) -> Result<(), Box<Ended>> {
        let arguments = self.arguments(&job)?;
        let items = (self.function)(arguments).map(Arrival::Here);
        producer::produce_in_steps(items, self.shared).await;
        Ok(())
    }

    fn settle(self, reply: Reply, job: &Header) -> Result<(), Box<Ended>> {
        match reply {
            Reply::Value(_) => Ok(()),
            reply => Err(Box::new(ended_with(reply, job))),
        }
    }
}
