#![deny(warnings)]

use background::background;

#[background]
fn configured(a: u32, #[cfg(any())] _b: Missing, #[cfg(all())] c: u32) -> u32 {
    a + c
}

#[background]
fn allowed(#[allow(unused_mut)] mut a: u32, #[allow(unused_variables)] b: u32) -> u32 {
    a
}

#[background]
fn expected(#[expect(unused_variables)] a: u32, #[expect(unused_mut)] mut b: u32) -> u32 {
    b
}

#[background]
fn destructured(#[allow(unused_variables)] (a, b): (u32, u32)) -> u32 {
    a
}

#[background]
fn generic<#[cfg(any())] T, #[cfg(all())] U: Send + 'static>(u: U) -> U {
    u
}

fn main() {
    assert_eq!(*configured(1, 2), 3);
    assert_eq!(*allowed(1, 2), 1);
    assert_eq!(*expected(1, 2), 2);
    assert_eq!(*destructured((1, 2)), 1);
    assert_eq!(*generic(1), 1);
}
