//! The parcel: a call in a form that travels to another process of the same program.
//!
//! A parcel knows which function, with which arguments, under which limits. It knows nothing of how
//! it gets there: that is a strategy's affair. Only this module knows the encoding.
//!
//! * [`entry`]: a function as both processes can name it
//! * [`image`]: where the parts of the program lie in memory, in this process
//! * [`freight`]: an encoded value
//! * [`packing`]: how values become that
//! * [`posted`]: arguments with the proof that they can be encoded
//! * [`order`]: what the other process is told
//! * [`intake`], [`outlet`]: the ends of a stream of items
//! * [`reply`]: what it answers
//! * [`limits`]: what it may use

pub(crate) mod entry;
pub(crate) mod freight;
pub(crate) mod image;
pub(crate) mod intake;
pub(crate) mod limits;
pub(crate) mod order;
pub(crate) mod outlet;
#[cfg(feature = "process")]
mod packing;
#[cfg(feature = "process")]
pub(crate) mod posted;
pub(crate) mod reply;

use crate::sync::global::{Arc, Mutex, lock};

pub(crate) use entry::Entry;
pub(crate) use freight::Freight;
pub(crate) use intake::Intake;
pub use limits::Limits;
pub(crate) use order::Order;
pub(crate) use outlet::Outlet;
pub(crate) use reply::Reply;

/// A call that can travel.
pub(crate) struct Parcel {
    pub(crate) entry: &'static Entry,
    pub(crate) limits: Limits,
    /// Where items go, if the call makes some.
    pub(crate) intake: Option<Arc<dyn Intake>>,
    /// Kept until the answer is there: a process that dies before it has begun the call leaves it
    /// to another one.
    arguments: Mutex<Result<Arc<Freight>, String>>,
}

impl Parcel {
    /// With the arguments, or why they cannot be encoded.
    pub(crate) fn new(
        entry: &'static Entry,
        limits: Limits,
        arguments: Result<Freight, String>,
        intake: Option<Arc<dyn Intake>>,
    ) -> Self {
        Self { entry, limits, intake, arguments: Mutex::new(arguments.map(Arc::new)) }
    }

    /// The arguments, for whoever sends them.
    ///
    /// # Errors
    ///
    /// Why there are none.
    pub(crate) fn arguments(&self) -> Result<Arc<Freight>, String> {
        lock(&self.arguments).clone()
    }

    /// The arguments, for whoever runs the body in this process.
    ///
    /// # Errors
    ///
    /// Why there are none.
    pub(crate) fn take_arguments(&self) -> Result<Freight, String> {
        let taken = self.unload();
        taken.map(|it| Arc::try_unwrap(it).unwrap_or_else(|it| (*it).clone()))
    }

    /// The same call once more, to be sent beside this one. Not for streams, whose items cannot be taken
    /// back.
    pub(crate) fn copy(&self) -> Self {
        Self {
            entry: self.entry,
            limits: self.limits,
            intake: None,
            arguments: Mutex::new(lock(&self.arguments).clone()),
        }
    }

    /// Gives the arguments up: nobody will need them any more.
    pub(crate) fn unload(&self) -> Result<Arc<Freight>, String> {
        std::mem::replace(&mut *lock(&self.arguments), Err("the arguments are gone".to_owned()))
    }
}
