//! A program whose functions lie elsewhere than the library for background calls.

fn own(n: u32) -> u32 {
    n + 9
}

fn main() {
    shared::check();
    assert_eq!(dependency::there(own, 1), Ok(10));
    assert_eq!(dependency::there(native::words, ()), Ok(2));
    assert_eq!(dependency::there(native::made, ()), Ok(42));
    println!("checked");
}
