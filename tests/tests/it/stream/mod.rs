//! Streams: items that arrive while their producer runs.

mod awaited;
mod cooperative;
mod corners;
mod ends;
mod flow;
mod originals;
mod push;
