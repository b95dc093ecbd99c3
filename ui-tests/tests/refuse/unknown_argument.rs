use background::{Timeout, background};

#[background(timout = 1s, deadline = 1min)]
fn add(a: u32, b: u32) -> u32 {
    a + b
}

fn main() {
    assert_eq!(*add(1, 2), Ok::<u32, Timeout>(3));
}
