//! One attempt at a job whose body can be run again.
//!
//! The job's claim belongs to whoever makes the attempts. Each is a job of its own, which nobody
//! holds a future of: how it ends is told to whoever has made it, who settles the first job with
//! that, or tries once more.

use std::any::Any;
use std::sync::Arc;

use crate::failure::Failure;
use crate::parcel::outlet::Nowhere;
use crate::parcel::{Order, Parcel, Reply};
use crate::sync::global::{Mutex, lock};
use crate::task::body::{Body, Ended};
use crate::task::header::{Clocks, Header, OnDrop, Settings};
use crate::task::job_ref::JobRef;
use crate::task::repeat::Repeat;
use crate::task::{Task, job};

/// What an attempt has come to.
pub(crate) enum Product {
    /// The value itself.
    Here(Box<dyn Any + Send>),
    /// What another process has answered.
    Reply(Reply),
}

/// Makes an attempt at `first`: a task that may be run anywhere. `told` is called once, with what it
/// has come to, before anybody can see that it is over.
pub(crate) fn begin(
    first: &JobRef,
    told: impl FnOnce(Result<Product, Failure>) + Send + 'static,
) -> Task {
    let parcel = first.parcel().map(|parcel| Arc::new(parcel.copy()));
    let again = first.rank().and_then(|rank| rank.again.as_ref()?.upgrade());
    let Clocks { deadline, budget } = first.clocks();
    let settings = Settings {
        site: first.settings.site,
        caller: first.settings.caller,
        name: first.own_name(),
        clocks: Clocks { deadline, budget },
        clock: first.clock().cloned(),
        on_drop: OnDrop::Detach,
        claimable: false,
        offload: first.settings.offload,
        scoped: false,
        held: first.held(),
        parcel: parcel.clone(),
        rank: None,
    };
    let body = Attempt { parcel, again };
    let task =
        job::allocate_told(settings, body, |outcome: Result<&Kept, &Failure>| match outcome {
            Ok(kept) => match lock(&kept.0).take() {
                Some(product) => told(Ok(product)),
                None => unreachable!("an outcome is told once"),
            },
            Err(failure) => told(Err(failure.clone())),
        });
    // Who asks within the body asks about the call.
    task.job().stand_in_for(first);
    task
}

/// A product that is taken out of an outcome by whoever is told of it.
struct Kept(Mutex<Option<Product>>);

struct Attempt {
    parcel: Option<Arc<Parcel>>,
    again: Option<Arc<dyn Repeat>>,
}

impl Body<Kept> for Attempt {
    const TRAVELS: bool = true;

    fn run(self, job: &Header) -> Result<Kept, Box<Ended>> {
        let product = match (self.again, self.parcel) {
            (Some(again), _) => Product::Here(again.run(job)?),
            // What can travel can be run here as it would be there.
            (None, Some(parcel)) => Product::Reply(run_here(&parcel, job)),
            (None, None) => return Err(Box::new(Ended { failure: Failure::Lost, payload: None })),
        };
        Ok(Kept(Mutex::new(Some(product))))
    }

    fn settle(self, reply: Reply, _: &Header) -> Result<Kept, Box<Ended>> {
        Ok(Kept(Mutex::new(Some(Product::Reply(reply)))))
    }
}

fn run_here(parcel: &Parcel, job: &Header) -> Reply {
    match parcel.take_arguments() {
        Ok(arguments) => {
            let order =
                Order { arguments, name: job.name().to_owned(), remaining: None, outlet: &Nowhere };
            parcel.entry.run(order)
        }
        Err(why) => Reply::Encoding(why),
    }
}
