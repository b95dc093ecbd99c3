//! A test without a harness.

fn own(n: u32) -> u32 {
    n + 4
}

fn main() {
    assert_eq!(dependency::there(own, 1), Ok(5));
    program::check();
    println!("checked");
}
