//! What can be seen of `background` from outside, and the rules of its house.

mod behaviour;
mod conformance;
mod consumer;
mod cooperative;
mod examples;
mod forwarding;
mod house;
mod instructions;
#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
mod process_boot;
mod queue;
mod stream;
