#![deny(warnings, missing_docs)]
//! Documented.

use background::background;

/// Documentation stays.
#[background]
#[inline]
#[must_use]
pub fn inlined() -> u32 {
    1
}

/// So does the reason.
#[must_use = "because"]
#[background]
#[cold]
pub fn needed() -> u32 {
    2
}

#[background]
#[deprecated(note = "old")]
#[doc(hidden)]
pub fn old() -> u32 {
    3
}

#[background]
#[expect(unused_variables, reason = "to see that an expectation reaches the body")]
fn expecting() -> u32 {
    let unused = 0;
    4
}

fn main() {
    assert_eq!(*inlined(), 1);
    assert_eq!(*needed(), 2);
    #[expect(deprecated, reason = "to see that the attribute stays")]
    let old = old();
    assert_eq!(*old, 3);
    assert_eq!(*expecting(), 4);
}
