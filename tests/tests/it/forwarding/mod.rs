//! A future stands wherever its value could: by value and by reference, on both sides of an
//! operator.

#![allow(
    clippy::bool_assert_comparison,
    clippy::bool_comparison,
    clippy::cmp_owned,
    clippy::eq_op,
    clippy::float_cmp,
    clippy::nonminimal_bool,
    clippy::op_ref,
    clippy::unit_cmp,
    reason = "the forms that one would not write with the value itself are what is tested"
)]

use std::time::Duration;

use background::{Background, Failure, Timeout, spawn, task};

mod absent;
mod assigning;
mod collections;
mod comparing;
mod converting;
mod formatting;
mod generic_code;
mod input_output;
mod literals;
mod matrix;
mod newtypes;
mod own_types;
mod properties;
mod sentinels;
mod touching;

/// A future of `value`.
fn future<T: Send + 'static>(value: T) -> Background<T> {
    spawn(move || value)
}

/// A future of `value` that might have timed out.
fn timed<T: Send + 'static>(value: T) -> Background<T, Timeout> {
    task().timeout(Duration::MAX).spawn(move || value)
}

/// A future that has timed out.
fn expired<T: Send + 'static>(value: T) -> Background<T, Timeout> {
    task().timeout(Duration::ZERO).spawn(move || value)
}

/// A future of `value` that might have failed.
fn caught<T: Send + 'static>(value: T) -> Background<T, Failure> {
    task().catch().spawn(move || value)
}
