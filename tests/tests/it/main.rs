//! What can be seen of `background` from outside, and the rules of its house.

mod behaviour;
mod conformance;
mod consumer;
mod forwarding;
mod house;
