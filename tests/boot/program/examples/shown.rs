//! An example.

fn own(n: u32) -> u32 {
    n + 2
}

fn main() {
    assert_eq!(dependency::there(own, 1), Ok(3));
    program::check();
    println!("checked");
}
