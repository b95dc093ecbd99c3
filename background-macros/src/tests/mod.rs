//! The attribute as a function from tokens to tokens.

mod properties;
mod refusals;
mod snapshots;
