use background::{Background, Failure, Timeout, background};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

#[background(process)]
fn add(a: u32, b: u32) -> u32 {
    a + b
}

#[background(process)]
fn nothing() {}

// What stays in one thread can go to another process.
#[background(process)]
fn cell(cell: std::cell::Cell<u8>) -> u8 {
    let shared = Rc::new(cell);
    shared.get()
}

#[background(process)]
fn patterns(mut a: u32, (b, _): (u32, String), _: u8, _c: u8, [d, ..]: [u32; 3]) -> u32 {
    a += b;
    a + d
}

#[background(process)]
fn early(text: String) -> Result<u32, String> {
    if text.is_empty() {
        return Err("empty".to_owned());
    }
    let number: u32 = text.parse().map_err(|_| "no number".to_owned())?;
    Ok(number)
}

#[background(process)]
fn inner() -> u32 {
    #![allow(unused_variables)]
    let unused = 1;
    2
}

#[background(process)]
async fn later(a: Vec<u32>) -> Option<u32> {
    let last = std::future::ready(a.last().copied()).await?;
    Some(last + 1)
}

#[background(process)]
unsafe fn dangerous(a: u32) -> u32 {
    a
}

#[background(process)]
fn deep(n: u64) -> u64 {
    if n == 0 { 0 } else { *deep(n - 1) + 1 }
}

#[background(process)]
fn configured(
    #[cfg(any())] (missing, _): (u32, Missing),
    #[cfg(all())] present: u32,
    #[allow(unused_variables)] unused: u32,
) -> u32 {
    #[cfg(any())]
    return missing;
    present
}

#[background(process)]
fn many(
    a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, j: u8, k: u8, l: u8, m: u8,
    n: u8, o: u8, p: u8, q: u8, r: u8,
) -> Vec<u8> {
    vec![a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r]
}

#[background(process)]
fn with_items(a: u32) -> u32 {
    use std::convert::identity;
    fn twice(a: u32) -> u32 {
        a * 2
    }
    identity(twice(a))
}

#[background(process)]
fn nested_names(r#fn: u32, process: u32, __call: u32, __limits: u32) -> u32 {
    r#fn + process + __call + __limits
}

#[background(process, timeout = 1min, memory = "256 MiB", cpu = 2s, max_calls = 100)]
fn limited(a: BTreeMap<String, u8>) -> usize {
    a.len()
}

#[background(process, memory = most, cpu = Duration::from_secs(2), max_calls = 1 + 1)]
fn computed(most: u64) -> u64 {
    most
}

#[background(process, catch, deadline = "1h", name = "divider", on_drop = cancel, limit = 2)]
fn divide(a: u32, b: u32) -> u32 {
    a / b
}

#[background(process, killable, timeout = 1h)]
fn looping(mut a: u32) -> u32 {
    while a < 10 {
        a += 1;
    }
    a
}

fn main() {
    assert_eq!(add(1, 2), 3);
    Background::join(nothing());
    assert_eq!(cell(std::cell::Cell::new(4)), 4);
    assert_eq!(patterns(1, (2, "x".into()), 3, 4, [5, 6, 7]), 8);
    assert_eq!(*early("7".into()), Ok(7));
    assert_eq!(*early(String::new()), Err("empty".to_owned()));
    assert_eq!(inner(), 2);
    assert_eq!(*later(vec![1, 2]), Some(3));
    assert_eq!(unsafe { dangerous(5) }, 5);
    assert_eq!(deep(2), 2);
    assert_eq!(configured(1, 2), 1);
    assert_eq!(many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18).len(), 18);
    assert_eq!(with_items(2), 4);
    assert_eq!(nested_names(1, 2, 3, 4), 10);
    let timed: Background<usize, Timeout> = limited(BTreeMap::from([("a".to_owned(), 1)]));
    assert_eq!(timed, Ok(1));
    assert_eq!(computed(1 << 30), 1 << 30);
    let caught: Background<u32, Failure> = divide(6, 3);
    assert_eq!(*caught, Ok(2));
    assert_eq!(looping(1), Ok(10));
}
