//! A library of the first edition.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

extern crate background;

use background::{background, Background, Timeout};
use std::sync::Arc;

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

/// In a module, where paths of this edition begin at the crate root.
pub mod inside {
    use background::background;

    /// Says how long.
    #[background(to_owned, catch)]
    pub fn length(text: &str) -> usize {
        text.len()
    }
}

/// Doubles in another process.
#[background(process, timeout = 1h, memory = "1 GiB")]
pub fn elsewhere(number: u32) -> u32 {
    number * 2
}

/// Something with a method.
#[derive(Debug)]
pub struct Answer(pub u32);

impl Answer {
    /// The answer, and something more.
    #[background(deadline = "1h")]
    pub fn plus(self: Arc<Self>, more: u32) -> u32 {
        self.0 + more
    }
}

/// Sees that all of it does what it says.
///
/// # Panics
///
/// When it does not.
pub fn check() {
    let (one, two) = (double(1), double(2));
    assert_eq!(one + two, 6);
    assert!(endless() == Timeout);
    assert_eq!(elsewhere(4), Ok(8));
    assert_eq!(*inside::length("four"), Ok(4));
    assert_eq!(Background::join(Arc::new(Answer(40)).plus(2)), Ok(42));
}
