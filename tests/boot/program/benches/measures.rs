//! A benchmark without a harness.

fn own(n: u32) -> u32 {
    n + 3
}

fn main() {
    assert_eq!(dependency::there(own, 1), Ok(4));
    program::check();
    println!("checked");
}
