//! Streams: items that arrive while their producer runs.

mod ends;
mod flow;
