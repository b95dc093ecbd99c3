//! A library that knows `background` by another name, and hands it on.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use bg::{Timeout, background};

/// Where the crate can be found, too.
pub mod vendor {
    pub use bg;
}

/// Doubles.
#[background(crate = bg)]
pub fn double(number: u32) -> u32 {
    number * 2
}

/// Doubles what is given as text.
#[background(crate = "::bg", timeout = 1h, catch)]
pub fn doubled(text: String) -> u32 {
    u32::try_from(text.len()).unwrap_or(0) * 2
}

/// Doubles in another process.
#[background(process, crate = bg, max_calls = 100)]
pub fn elsewhere(number: u32) -> u32 {
    number * 2
}

/// Never ends by itself.
#[background(timeout = 20ms, crate = crate::vendor::bg)]
pub fn endless() -> u64 {
    let mut number = 0_u64;
    loop {
        number = number.wrapping_add(1);
    }
}

/// Something that has no crate of this name beside it.
pub mod background_things {
    /// Says how long.
    #[bg::background(to_owned, crate = ::bg)]
    pub fn length(text: &str) -> usize {
        text.len()
    }
}

/// Sees that all of it does what it says.
///
/// # Panics
///
/// When it does not.
pub fn check() {
    assert_eq!(double(2), 4);
    assert_eq!(*doubled("ab".to_owned()), Ok(4));
    assert_eq!(elsewhere(4), 8);
    assert!(endless() == Timeout);
    assert_eq!(background_things::length("four"), 4);
}
