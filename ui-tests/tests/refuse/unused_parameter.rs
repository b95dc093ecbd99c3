#![deny(unused)]

use background::background;

#[background]
fn first(a: u32, b: u32, mut c: u32) -> u32 {
    a + c
}

fn main() {
    assert_eq!(*first(1, 2, 3), 4);
}
