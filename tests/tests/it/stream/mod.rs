//! Streams: items that arrive while their producer runs.

mod awaited;
mod ends;
mod flow;
mod push;
