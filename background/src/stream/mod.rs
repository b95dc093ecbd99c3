//! Streams: what a producer makes in the background, item by item.
//!
//! ```text
//!  producer (a task) ── push ─► Channel ── take ─► Inbox ─► BackgroundIter<T, S>
//!      ▲                          │
//!      └───── room ◄──────────────┘ so many items ahead, and no more
//! ```
//!
//! The producer is a task like any other, whose value is `()`: that it has ended, or failed, is told by
//! its cell, after all items. Items go by a [`channel`] of their own. The producer waits for room in it
//! as an `async` body waits, so one producer serves every strategy: those with threads let the thread
//! sleep, and what runs tasks step by step runs others meanwhile. Where the body runs at the call, on
//! the caller's own thread, it cannot wait for that caller: there the [`inbox`] goes on with it whenever
//! it has run dry.
//!
//! * [`channel`]: where items wait
//! * [`producer`]: the body that fills it
//! * [`inbox`]: the consumer's end of it
//! * [`arrivals`]: the same for items that come from another process
//! * [`background_iter`]: the iterator
//! * `background_stream`: the same, awaited; [`reader`]: the same, read as a file

#[cfg(feature = "process")]
pub(crate) mod arrivals;
pub(crate) mod background_iter;
#[cfg(feature = "futures")]
pub(crate) mod background_stream;
pub(crate) mod channel;
pub(crate) mod inbox;
pub(crate) mod producer;
pub(crate) mod reader;

/// So many items ahead, if nothing else is said.
pub(crate) const LOOK_AHEAD: usize = 64;
