//! A library that takes nothing for granted.
#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use ::background::background;
use ::std::clone::Clone as _;
use ::std::option::Option::Some;

/// Doubles.
#[background]
pub fn double(number: u32) -> u32 {
    number * 2
}

/// Never ends by itself.
#[background(timeout = 20ms)]
pub fn endless() -> u64 {
    let mut number = 0_u64;
    loop {
        number = number.wrapping_add(1);
    }
}

/// Every argument there is.
#[background(catch, dedicated, name = "all", stack_size = 0x10_0000, on_drop = join, killable)]
pub fn all(text: ::std::string::String) -> usize {
    let mut length = 0;
    for _ in text.bytes() {
        length += 1;
    }
    length
}

/// A copy.
#[background(to_owned, limit = 2, when_full = reject)]
pub fn first(items: &[u8]) -> ::std::option::Option<u8> {
    items.first().copied()
}

/// Waits.
#[background(inline)]
pub async fn later(future: ::background::Background<u32>) -> u32 {
    future.await
}

/// Every argument that another process knows.
#[background(process, to_owned, catch, timeout = 1h, memory = "1 GiB", cpu = 1min, max_calls = 9)]
pub async fn elsewhere(text: &str, more: usize) -> usize {
    text.len() + more
}

/// Something with a method.
#[derive(::std::fmt::Debug, ::std::clone::Clone)]
pub struct Answer(pub u32);

impl Answer {
    /// The answer.
    #[background(lazy)]
    pub fn get(self: ::std::boxed::Box<Self>) -> u32 {
        self.0
    }
}

/// Sees that all of it does what it says.
///
/// # Panics
///
/// When it does not.
pub fn check() {
    ::std::assert_eq!(double(2), 4);
    ::std::assert!(endless() == ::background::Timeout);
    let all = all(::std::convert::From::from("four"));
    ::std::assert_eq!(*all, ::std::result::Result::Ok(4));
    ::std::assert_eq!(first(&[7, 8]), Some(7));
    ::std::assert_eq!(later(double(4)), 8);
    ::std::assert_eq!(*elsewhere("four", 1), ::std::result::Result::Ok(5));
    let answer = Answer(42);
    ::std::assert_eq!(::std::boxed::Box::new(answer.clone()).get(), 42);
    ::std::assert_eq!(answer.0, 42);
}
