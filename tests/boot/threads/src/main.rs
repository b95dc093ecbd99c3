//! A program that has nothing to do with processes.

use background::{Background, background, task};

#[background]
fn square(n: u64) -> u64 {
    n * n
}

fn main() {
    let sum = task().spawn(|| 1 + 1);
    let limited = task().dedicated().catch().spawn(|| 2);
    assert_eq!((*sum, *square(3), Background::join(limited)), (2, 9, Ok(2)));
    println!("checked");
}
