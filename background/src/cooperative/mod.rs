//! Microthreads: many routines on one thread, each of which runs until it gives up control.
//!
//! A [`Worker`] lives on one thread and has a queue of **routines**, which are `async` blocks or
//! functions. Whoever ticks it polls the first in the queue, up to its next `.await` that is not
//! ready; a routine that is ready again goes to the end. Strictly in turn: with three routines that
//! only [`yield_now`], each gets every third tick. Nothing runs at the same time, so routines may
//! share `Rc`s and `RefCell`s, and between two awaits nobody comes in between.
//!
//! ```
//! use background::cooperative::{Worker, yield_now};
//! use std::cell::RefCell;
//! use std::rc::Rc;
//!
//! let worker = Worker::new();
//! let data = Rc::new(RefCell::new(String::new()));
//! let letters = Rc::clone(&data);
//! let _ = worker.assign(async move {
//!     letters.borrow_mut().push('a');
//!     yield_now().await; // gives up control
//!     letters.borrow_mut().push('z');
//! });
//! let numbers = Rc::clone(&data);
//! let sum = worker.assign(async move {
//!     numbers.borrow_mut().push('1');
//!     yield_now().await;
//!     numbers.borrow_mut().push('2');
//!     1 + 2
//! });
//! worker.tick();
//! assert_eq!(*data.borrow(), "a");
//! worker.work(); // until nothing is left to do
//! assert_eq!(*data.borrow(), "a1z2");
//! assert_eq!(sum, 3);
//! ```
//!
//! # What a routine may do
//!
//! * [`yield_now`], [`sleep`], [`repeat`], [`timeout`]: give up control, for a turn or for a time
//! * `.await` another `async` block: it runs as a part of this routine, and costs no turn
//! * [`assign`]: start another routine without waiting for it, and await its future later, or not
//! * await any [`Background`](crate::Background), of whichever strategy, and any future that needs no
//!   runtime of its own
//! * [`Command`]: programs of the operating system; [`channel`]: talk to other routines and threads
//!
//! # The future of a routine
//!
//! What [`Worker::assign`] returns is a [`Background`](crate::Background) like any other. Touched on
//! the worker's own thread it runs the worker until the routine is done; from another thread it
//! blocks; inside of a routine it should be awaited. (A touch there works, and runs the other routines
//! meanwhile, on top of the one that touches, which goes on when they let it.) A worker's thread that
//! waits for anything else of this crate runs its routines meanwhile, too. Routines that wait for each
//! other in a circle end as [`Failure::Deadlock`](crate::Failure::Deadlock). A cancelled or timed-out
//! one is dropped at its next turn, with its destructors; a sleeping one is woken for that.
//!
//! # As a strategy
//!
//! [`Worker::handle`] gives a [`Handle`] that is `Send` and `Sync`, and a
//! [`Strategy`](crate::Strategy): `#[background(on = …)] async fn` and
//! [`Builder::spawn_async`](crate::Builder::spawn_async) then run step by step on the worker's thread;
//! a plain `fn` runs in one step.

mod active;
mod assign;
mod bell;
mod channel;
mod command;
mod core;
mod handle;
mod lodger;
#[cfg(feature = "net")]
pub mod net;
mod nothing_in_queue;
mod repeat;
mod routine;
mod shared;
mod slab;
mod sleep;
mod timeout;
mod timers;
mod worker;
mod wrap;
mod yield_now;

pub use assign::assign;
pub use channel::receiver::{Receiver, Recv};
pub use channel::sender::{Send, SendError, Sender, TrySendError};
pub use channel::{channel, unbounded};
pub use command::Command;
pub use handle::Handle;
pub use nothing_in_queue::NothingInQueue;
pub use repeat::repeat;
pub use sleep::{Sleep, sleep};
pub use timeout::timeout;
pub use worker::Worker;
pub use wrap::wrap;
pub use yield_now::{YieldNow, yield_now};
