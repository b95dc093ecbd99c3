//! Formatting: a future prints as its value, or as the sentinel in its place.

use core::fmt::{
    self, Alignment, Binary, Debug, Display, Formatter, LowerExp, LowerHex, Octal, Pointer,
    UpperExp, UpperHex, Write,
};

use super::fallible::Fallible;
use crate::Failure;
use crate::handle::Background;

// Input:  Display, word
// Output: `Display` for `Background<T>`, and for the futures that may yield a sentinel instead.
macro_rules! forward_format {
    ($($Trait:ident, $sentinel:ident;)*) => {$(
        impl<T: $Trait> $Trait for Background<T> {
            #[inline]
            #[track_caller]
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                $Trait::fmt(Background::get(self), f)
            }
        }

        impl<T: $Trait, S: Fallible> $Trait for Background<T, S> {
            #[track_caller]
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                match S::outcome_of(Background::get(self)) {
                    Ok(value) => $Trait::fmt(value, f),
                    Err(failure) => $sentinel(failure, f),
                }
            }
        }
    )*};
}

forward_format! {
    Display, word;
    Debug, debug;
    LowerHex, word;
    UpperHex, word;
    Octal, word;
    Binary, word;
    LowerExp, word;
    UpperExp, word;
    Pointer, word;
}

/// Prints the sentinel where `{:?}` of the value was expected.
fn debug(failure: &Failure, f: &mut Formatter<'_>) -> fmt::Result {
    match failure {
        Failure::Timeout => word(failure, f),
        _ => Debug::fmt(failure, f),
    }
}

/// Prints the sentinel where a value was expected.
///
/// It keeps the column (width, fill, alignment), and ignores what makes sense only for the value:
/// `Formatter::pad` would cut the word to the precision, and `{:.1}` of a number would print `T`.
fn word(failure: &Failure, f: &mut Formatter<'_>) -> fmt::Result {
    let word = failure.to_string();
    let missing = f.width().unwrap_or(0).saturating_sub(word.chars().count());
    let before = match f.align() {
        None | Some(Alignment::Left) => 0,
        Some(Alignment::Center) => missing / 2,
        Some(Alignment::Right) => missing,
    };
    let fill = f.fill();
    for _ in 0..before {
        f.write_char(fill)?;
    }
    f.write_str(&word)?;
    for _ in before..missing {
        f.write_char(fill)?;
    }
    Ok(())
}
