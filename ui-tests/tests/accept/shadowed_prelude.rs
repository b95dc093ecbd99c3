#![allow(dead_code, unused_macros)]

mod core {}
mod std {}
mod background_macros {}

enum Option {}
struct Result;
struct String;
struct Box;
struct Send;

#[allow(non_snake_case)]
fn Ok() {}
#[allow(non_snake_case)]
fn Some() {}

macro_rules! unreachable {
    () => {
        this is not Rust
    };
}

#[::background::background(timeout = 1min, limit = 2)]
fn shadowed(n: u32, _: u8) -> u32 {
    let mut n = n;
    while n < 5 {
        n += 1;
    }
    n
}

fn main() {
    assert!(matches!(*shadowed(1, 2), ::core::result::Result::Ok(5)));
}
