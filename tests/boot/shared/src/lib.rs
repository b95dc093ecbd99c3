//! A shared library in Rust, with the library for background calls inside of it.

use dependency::there;

fn own(n: u32) -> u32 {
    n + 8
}

/// Checks all there is, from within the shared library.
pub fn check() {
    dependency::check();
    assert_eq!(there(own, 1), Ok(9));
}
