//! A library of the program itself.
//!
//! Merged with others into one program:
//!
//! ```
//! fn own(n: u32) -> u32 {
//!     n + 100
//! }
//!
//! assert_eq!(dependency::there(own, 1), Ok(101));
//! program::check();
//! ```
//!
//! And alone:
//!
//! ```standalone_crate
//! fn own(n: u32) -> u32 {
//!     n + 200
//! }
//!
//! assert_eq!(dependency::there(own, 1), Ok(201));
//! program::check();
//! ```

use dependency::there;

fn own(n: u32) -> u32 {
    n + 10
}

/// Calls everything there is, in this library and in those it uses.
pub fn check() {
    dependency::check();
    assert_eq!(there(own, 1), Ok(11));
    assert_eq!(there(native::words, ()), Ok(2));
    assert_eq!(there(native::made, ()), Ok(42));
    assert_eq!(there(native::late, ()), Ok(native::late(())));
}

#[cfg(test)]
mod tests {
    use dependency::there;

    fn of_the_test(n: u32) -> u32 {
        n + 1000
    }

    #[test]
    fn a_unit_test_has_workers() {
        super::check();
    }

    #[test]
    fn another_one_beside_it_has_them_too() {
        for n in 0..50 {
            assert_eq!(there(of_the_test, n), Ok(n + 1000));
        }
    }
}
