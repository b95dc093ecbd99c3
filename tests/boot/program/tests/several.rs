//! Tests that run beside each other, in one process, with the same workers.

fn own(n: u32) -> u32 {
    n + 5
}

fn runs() {
    for n in 0..50 {
        assert_eq!(dependency::there(own, n), Ok(n + 5));
    }
    program::check();
}

#[test]
fn one() {
    runs();
}

#[test]
fn two() {
    runs();
}

#[test]
fn three() {
    runs();
}

#[test]
fn four() {
    runs();
}
