#![allow(non_snake_case)]

use background::background;

struct Background;
struct Timeout;
struct Duration;
struct Infallible;

#[background]
fn hygiene(__arg0: u32, body: u32, __body: u32, __call: u32, __SITE: u32, __copy: u32) -> u32 {
    let __arg1 = 1;
    __arg0 + body + __body + __call + __SITE + __copy + __arg1
}

#[background]
fn generic<T: Send + 'static, S: Send + 'static, F: Send + 'static, R, P>(
    t: T,
    s: S,
    f: F,
    r: (R, P),
) -> (T, S, F, R, P)
where
    R: Send + 'static,
    P: Send + 'static,
{
    (t, s, f, r.0, r.1)
}

#[background]
fn many(
    a: u8,
    b: u8,
    c: u8,
    d: u8,
    e: u8,
    f: u8,
    g: u8,
    h: u8,
    i: u8,
    j: u8,
    k: u8,
    l: u8,
    m: u8,
    n: u8,
    o: u8,
    p: u8,
    q: u8,
    r: u8,
) -> u8 {
    a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r
}

#[background]
fn shadowed(_: Option<u8>, _: Background, _: Timeout, _: Duration, _: Infallible) -> u8 {
    1
}

fn main() {
    assert_eq!(*hygiene(1, 1, 1, 1, 1, 1), 7);
    assert_eq!(*generic(1, 2, 3, (4, 5)), (1, 2, 3, 4, 5));
    assert_eq!(*many(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), 18);
    assert_eq!(*shadowed(None, Background, Timeout, Duration, Infallible), 1);
}
