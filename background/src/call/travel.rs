//! Calls that can be run in another process.
//!
//! The body is a function or a closure that captures nothing: its type says all there is to it, so
//! the other process, which is the same program, can make one of its own. What differs from call to
//! call are the arguments, and they are encoded.
#![allow(unsafe_code)]

use std::any::{Any, type_name};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::NonNull;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::call::Builder;
use crate::failure::{Chain, Failure};
use crate::handle::Background;
use crate::parcel::reply::Panic;
use crate::parcel::{Entry, Freight, Limits, Order, Parcel, Reply};
use crate::process;
use crate::sentinel::Sentinel;
use crate::strategy::Strategy;
use crate::task::body::{Body, Ended};
use crate::task::header::Header;
use crate::task::panics;
use crate::task::repeat::Repeat;
use crate::task::stopped::Stopped;

impl<S: Sentinel, P: Strategy> Builder<S, P> {
    /// Starts a function that can travel: `#[background(process)]` for functions without the
    /// attribute.
    ///
    /// The arguments are encoded here, with serde, so they need not be `Send`; a tuple if there are
    /// several. `function` is a function or a closure that captures nothing. A strategy that runs
    /// tasks in this process gets an ordinary one, which decodes the arguments when it runs.
    ///
    /// Never blocks.
    ///
    /// ```
    /// use background::{Background, task};
    ///
    /// let sum = task().process().spawn_with(|(a, b): (u32, u32)| a + b, (1, 2));
    /// assert_eq!(Background::join(sum), 3);
    /// ```
    ///
    /// What a closure captures does not travel, so it has to be an argument:
    ///
    /// ```compile_fail
    /// let b = 2;
    /// let sum = background::task().process().spawn_with(move |a: u32| a + b, 1);
    /// ```
    #[track_caller]
    pub fn spawn_with<A, T, F>(self, function: F, arguments: A) -> Background<T, S>
    where
        A: Serialize + DeserializeOwned + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(A) -> T + Copy + Send + Sync + 'static,
    {
        self.send(function, arguments, Limits::new())
    }

    /// [`spawn_with`](Self::spawn_with) under limits.
    #[track_caller]
    pub(crate) fn send<A, T, F>(self, function: F, arguments: A, limits: Limits) -> Background<T, S>
    where
        A: Serialize + DeserializeOwned + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(A) -> T + Copy + Send + Sync + 'static,
    {
        let arguments = pack("the arguments", arguments);
        self.start_function(function, limits, arguments)
    }

    /// The same with arguments that are sent more than once.
    #[track_caller]
    pub(super) fn send_packed<A, T, F>(self, function: F, arguments: &Packed) -> Background<T, S>
    where
        A: DeserializeOwned + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(A) -> T + Copy + Send + Sync + 'static,
    {
        self.start_function(function, Limits::new(), arguments.clone())
    }

    #[track_caller]
    fn start_function<A, T, F>(
        self,
        function: F,
        limits: Limits,
        arguments: Packed,
    ) -> Background<T, S>
    where
        A: DeserializeOwned + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(A) -> T + Copy + Send + Sync + 'static,
    {
        let entry = entry_of(function);
        let parcel = Arc::new(Parcel::new(entry, limits, arguments, None));
        let body =
            Travelling { function, parcel: Arc::clone(&parcel), _again: None, _types: PhantomData };
        self.spawn_body(body, Some(parcel))
    }

    /// The same for a call that may be tried again, in this process too.
    #[track_caller]
    pub(super) fn send_again<A, T, F>(mut self, function: F, arguments: A) -> Background<T, S>
    where
        A: Serialize + DeserializeOwned + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(A) -> T + Copy + Send + Sync + 'static,
    {
        let entry = entry_of(function);
        let arguments = pack("the arguments", arguments);
        let parcel = Arc::new(Parcel::new(entry, Limits::new(), arguments, None));
        let again = Arc::new(Decoded {
            function,
            parcel: Arc::clone(&parcel),
            _types: PhantomData::<fn(A) -> T>,
        });
        let weak = Arc::downgrade(&again);
        self.rank.get_or_insert_default().again = Some(weak);
        let body = Travelling {
            function,
            parcel: Arc::clone(&parcel),
            _again: Some(again),
            _types: PhantomData,
        };
        self.spawn_body(body, Some(parcel))
    }
}

/// Arguments that are sent more than once.
pub(super) type Packed = Result<Freight, String>;

/// Encodes arguments that are sent more than once.
pub(super) fn pack_once<A: Serialize + 'static>(arguments: A) -> Packed {
    pack("the arguments", arguments)
}

/// What a closure captures would be missing in the other process: that is an error of the compilation.
pub(super) const fn captures_nothing<F>() {
    assert!(
        size_of::<F>() == 0,
        "a closure that captures something cannot travel to another process: hand what it \
         captures over as an argument"
    );
}

/// The entry of that function.
pub(crate) fn entry_of<A, T, F>(_: F) -> &'static Entry
where
    A: DeserializeOwned + 'static,
    T: Serialize + Send + 'static,
    F: Fn(A) -> T + Copy + Send + Sync + 'static,
{
    const { captures_nothing::<F>() };
    process::install();
    const { &Entry::new(run::<A, T, F>) }
}

/// Runs one call in the process that it has come to.
fn run<A, T, F>(order: Order) -> Reply
where
    A: DeserializeOwned + 'static,
    T: Serialize + Send + 'static,
    F: Fn(A) -> T + Copy + Send + Sync + 'static,
{
    run_order(order, |arguments| {
        let value = unpack::<A>("the arguments", arguments).and_then(|arguments| {
            let function = conjure::<F>();
            pack("the value", function(arguments))
        });
        value.map_or_else(Reply::Encoding, Reply::Value)
    })
}

/// Runs a body as a task of the process that its call has come to.
pub(super) fn run_order(
    order: Order,
    body: impl FnOnce(Freight) -> Reply + Send + 'static,
) -> Reply {
    let Order { arguments, name, remaining, .. } = order;
    let body = move || body(arguments);
    // A task like any other: it knows its name, and the calls that it makes inherit its deadline.
    let description = Builder::of_closure().name(name).catch().inline();
    let ended = match remaining {
        Some(remaining) => Background::join(description.deadline(remaining).spawn(body)),
        None => Background::join(description.spawn(body)),
    };
    match ended {
        Ok(reply) => reply,
        Err(Failure::Panicked { message, location, chain, .. }) => {
            // The calls of another process mean nothing to this one but their names.
            let message = if chain.is_empty() { message } else { format!("{message}, {chain}") };
            Reply::Panicked(Panic { message, location, backtrace: None })
        }
        Err(Failure::Timeout) => Reply::TimedOut,
        Err(failure) => {
            let message = failure.to_string();
            Reply::Panicked(Panic { message, location: None, backtrace: None })
        }
    }
}

/// Encodes a value. `what` it is stands before what is wrong with it.
pub(super) fn pack<V: Serialize + 'static>(what: &str, value: V) -> Result<Freight, String> {
    guarded::<V, _>(what, "encoded", || Freight::pack(value))
}

/// Decodes a value.
pub(super) fn unpack<V: DeserializeOwned + 'static>(
    what: &str,
    freight: Freight,
) -> Result<V, String> {
    guarded::<V, _>(what, "decoded", || freight.unpack())
}

/// Runs the code of a user's type. That it panics is an error like any other: of this call alone.
pub(super) fn guarded<V, R>(
    what: &str,
    how: &str,
    code: impl FnOnce() -> Result<R, String>,
) -> Result<R, String> {
    match catch_unwind(AssertUnwindSafe(code)) {
        Ok(done) => done.map_err(|why| format!("{what}: {why}")),
        Err(payload) if payload.is::<Stopped>() => resume_unwind(payload),
        Err(payload) => {
            let failure = panics::failure_of(&*payload);
            panics::drop_payload(payload);
            Err(format!("{what}: `{}` cannot be {how}: {failure}", type_name::<V>()))
        }
    }
}

/// A function that captures nothing, made from its type.
pub(super) fn conjure<F: Copy>() -> F {
    const { assert!(size_of::<F>() == 0, "only what has no bytes can be made from nothing") };
    // SAFETY: a value without bytes can be read from anywhere that is aligned. There is one in the
    // process that has named this type, where it could be copied at will and sent anywhere.
    unsafe { NonNull::<F>::dangling().read() }
}

/// A body that another process of this program can run.
struct Travelling<A, T, F> {
    function: F,
    parcel: Arc<Parcel>,
    /// Kept for those who make attempts at the call.
    _again: Option<Arc<dyn Repeat>>,
    _types: PhantomData<fn(A) -> T>,
}

/// The same function, to be run in this process as often as need be.
struct Decoded<A, T, F> {
    function: F,
    parcel: Arc<Parcel>,
    _types: PhantomData<fn(A) -> T>,
}

impl<A, T, F> Repeat for Decoded<A, T, F>
where
    A: DeserializeOwned + 'static,
    T: Send + 'static,
    F: Fn(A) -> T + Send + Sync,
{
    fn run(&self, job: &Header) -> Result<Box<dyn Any + Send>, Box<Ended>> {
        let freight = self.parcel.arguments().map(|freight| (*freight).clone());
        match freight.and_then(|freight| unpack::<A>("the arguments", freight)) {
            Ok(arguments) => Ok(Box::new((self.function)(arguments))),
            Err(why) => Err(Box::new(encoding(why, job))),
        }
    }
}

/// What cannot travel.
pub(super) fn encoding(what: String, job: &Header) -> Ended {
    Ended { failure: Failure::Encoding { call: job.call(), what }, payload: None }
}

impl<A, T, F> Body<T> for Travelling<A, T, F>
where
    A: DeserializeOwned + 'static,
    T: DeserializeOwned + 'static,
    F: Fn(A) -> T,
{
    const TRAVELS: bool = true;

    fn run(self, job: &Header) -> Result<T, Box<Ended>> {
        let freight = self.parcel.take_arguments();
        match freight.and_then(|freight| unpack::<A>("the arguments", freight)) {
            Ok(arguments) => Ok((self.function)(arguments)),
            Err(why) => Err(Box::new(encoding(why, job))),
        }
    }

    fn settle(self, reply: Reply, job: &Header) -> Result<T, Box<Ended>> {
        if let Some(value) = job.take_product().and_then(|product| product.downcast().ok()) {
            return Ok(*value);
        }
        match reply {
            Reply::Value(freight) => {
                let complain = |why| Box::new(encoding(why, job));
                unpack::<T>("the value", freight).map_err(complain)
            }
            reply => Err(Box::new(ended_with(reply, job))),
        }
    }
}

/// Why a body has no value, as the other process has told.
pub(super) fn ended_with(reply: Reply, job: &Header) -> Ended {
    match reply {
        Reply::Panicked(Panic { message, location, backtrace }) => Ended {
            payload: Some(Box::new(message.clone())),
            failure: Failure::Panicked {
                message,
                location,
                chain: Chain::default(),
                backtrace: backtrace.map(Arc::from),
            },
        },
        Reply::TimedOut => Ended { failure: Failure::Timeout, payload: None },
        Reply::Encoding(why) => encoding(why, job),
        Reply::Value(_) | Reply::Unsupported(_) | Reply::TooLarge(_) => {
            unreachable!("a value is none, and whoever has sent the call deals with the others")
        }
    }
}

/// The entry of a function that prepares a worker. It is no task, so nothing of ours comes between it
/// and what it sets up.
pub(crate) fn initialiser_of<F>(_: F) -> &'static Entry
where
    F: Fn() + Copy + Send + Sync + 'static,
{
    const {
        assert!(
            size_of::<F>() == 0,
            "a closure that captures something cannot travel to another process"
        );
    }
    process::install();
    const { &Entry::new(prepare::<F>) }
}

fn prepare<F>(_: Order) -> Reply
where
    F: Fn() + Copy + Send + Sync + 'static,
{
    panics::note_places();
    match catch_unwind(AssertUnwindSafe(conjure::<F>())) {
        Ok(()) => Reply::Value(Freight { bytes: Vec::new() }),
        Err(payload) => {
            let Failure::Panicked { message, location, .. } = panics::failure_of(&*payload) else {
                unreachable!("a panic amounts to a panic")
            };
            panics::drop_payload(payload);
            Reply::Panicked(Panic { message, location, backtrace: None })
        }
    }
}
