#![deny(unused_variables, missing_docs)]
//! Documented.

use background::background;

#[background]
pub fn quiet() -> u32 {
    //! Documentation within.
    #![allow(unused_variables)]
    let unused = 1;
    2
}

fn main() {
    assert_eq!(*quiet(), 2);
}
