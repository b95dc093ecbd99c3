#![deny(unused_must_use)]

use background::background;

#[background]
fn add(a: u32, b: u32) -> u32 {
    a + b
}

fn main() {
    add(1, 2);
}
