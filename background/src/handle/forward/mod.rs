//! What a `T` can do, a `Background<T>` does: the traits of the value, forwarded.
//!
//! `Deref` already lends a future every method of its value, calling it included. This folder adds
//! what `Deref` cannot reach: operators, formatting, comparison, and the traits generic code asks
//! for.
//!
//! Three shapes of impl make up all of it:
//!
//! 1. **Future first** (`f + 1`): one blanket impl, `impl<T: Add<U>, U> Add<U> for Background<T>`.
//!    It holds for every `T`, a user's own types included.
//! 2. **Value first** (`1 + f`): `impl Add<Background<u64>> for u64`. Coherence wants the left side
//!    named, so these exist per type of the standard library, and each names the exact future on
//!    its right: that is what lets the compiler infer the type of a literal.
//! 3. **Two futures** (`f + g`) need no impl: 1 asks for `T: Add<Background<U>>`, and 2 is that.
//!
//! # What is absent, and why
//!
//! - `Clone`, `Iterator` and `Future`: method lookup would find them before the value's own.
//! - `String + f`, and `==` with an `Option`, a `Result<_, E>`, a tuple, a map, a set or a socket
//!   address on the *left*: the standard library has exactly one such operator for those types, and
//!   programs lean on it (`string + &other_string` coerces, `option == Some(&string)` coerces,
//!   `assert_eq!(map, pairs.collect())` infers). A second one anywhere in the dependency graph
//!   would break those programs. `string + &f` works, by the same coercion.
//! - Arithmetic and order on futures that may yield a sentinel: `Timeout + 1` has no answer.

/// `!=`, spelled out: the provided form is not `#[track_caller]`, and a touch that fails has to
/// name the line of the comparison.
macro_rules! tracked_ne {
    ($Other:ty) => {
        #[inline]
        #[track_caller]
        #[expect(clippy::partialeq_ne_impl, reason = "the provided one is not `#[track_caller]`")]
        fn ne(&self, other: &$Other) -> bool {
            !PartialEq::eq(self, other)
        }
    };
}

mod arithmetic;
mod arithmetic_value_first;
mod assign;
mod assign_value_first;
mod compare;
mod compare_sentinel;
mod compare_value_first;
mod convert;
mod error;
mod fallible;
mod fmt;
mod index;
mod io;
mod iterate;
mod lend;
mod reference;
#[cfg(feature = "serde")]
mod serialize;
mod shift_value_first;
mod sums;
mod unary;
