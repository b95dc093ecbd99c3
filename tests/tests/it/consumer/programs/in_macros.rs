//! A library that makes its background functions by macros.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use background::{Timeout, background};

macro_rules! doubles {
    ($($(#[$attribute:meta])* $name:ident: $number:ty;)*) => {$(
        $(#[$attribute])*
        #[background]
        pub fn $name(number: $number) -> $number {
            number + number
        }
    )*};
}

doubles! {
    /// Doubles a byte.
    double_byte: u8;
    /// Doubles a word.
    double_word: u16;
}

macro_rules! function {
    ($visibility:vis $name:ident($($argument:ident: $kind:ty),*) -> $result:ty $body:block) => {
        /// Made of pieces.
        #[background(deadline = 1h)]
        $visibility fn $name($($argument: $kind),*) -> $result $body
    };
}

function! {
    pub sum(one: u8, two: u8) -> u8 { one + two }
}

macro_rules! timed {
    ($name:ident, $time:literal, $end:expr) => {
        /// Made of an expression.
        #[background(timeout = $time)]
        pub fn $name() -> u64 {
            let mut number = 0_u64;
            while number < $end {
                number = number.wrapping_add(1);
            }
            number
        }
    };
}

timed!(endless, 20ms, u64::MAX);
timed!(ends, "1h", 1 + 1);

macro_rules! elsewhere {
    ($owner:ident, $name:ident, $memory:literal, $calls:expr, $argument:ident: $kind:ty, $body:block) => {
        /// An owner that travels.
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
        pub struct $owner(pub u32);

        impl $owner {
            /// A method.
            #[background(process, memory = $memory, max_calls = $calls)]
            pub fn $name(self, $argument: $kind) -> u32 {
                let number = 1;
                self.0 + $argument + number
            }

            /// A function.
            #[background(process)]
            pub fn block($argument: $kind) -> $kind $body
        }
    };
}

elsewhere!(Traveller, after, "1 GiB", 10 * 10, distance: u32, { distance + 1 });

macro_rules! method {
    ($owner:ident, $name:ident, $item:item) => {
        /// An owner.
        #[derive(Debug, Clone)]
        pub struct $owner(pub u32);

        impl $owner {
            /// A method.
            #[background(to_owned)]
            pub fn $name(&self, more: u32) -> u32 {
                let number = 1;
                self.0 + more + number
            }
        }

        $item
    };
}

method!(Owner, plus, #[doc = "An item."] #[background] pub fn item(number: u32) -> u32 { number });

/// Sees that all of it does what it says.
///
/// # Panics
///
/// When it does not.
pub fn check() {
    assert_eq!(double_byte(2), 4);
    assert_eq!(double_word(300), 600);
    assert_eq!(sum(1, 2), Ok(3));
    assert!(endless() == Timeout);
    assert_eq!(ends(), Ok(2));
    assert_eq!(Owner(1).plus(2), 4);
    assert_eq!(item(5), 5);
    assert_eq!(Traveller(1).after(2), 4);
    assert_eq!(Traveller::block(2), 3);
}
