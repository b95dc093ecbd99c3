use background::{Background, Failure, Timeout, background};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

#[background(timeout = 5min)]
fn suffixed() -> u32 {
    1
}

#[background(deadline = 60.5s)]
fn fractional() -> u32 {
    2
}

#[background(timeout = "1m 30s", deadline = 2h)]
fn worded() -> u32 {
    3
}

#[background(timeout = LIMIT)]
fn constant() -> u32 {
    4
}

#[background(timeout = LIMIT * factor, deadline = Duration::from_secs(u64::from(factor) * 60))]
fn computed(factor: u32) -> u32 {
    factor
}

#[background(timeout = 60.0)]
fn seconds() -> u32 {
    6
}

#[background(catch, timeout = 60_000_000us)]
fn caught() -> u32 {
    7
}

#[background(timeout = Duration::MAX)]
fn endless() -> u32 {
    8
}

fn main() {
    let one: Background<u32, Timeout> = suffixed();
    assert_eq!(*one, Ok(1));
    assert_eq!(*fractional(), Ok(2));
    assert_eq!(*worded(), Ok(3));
    assert_eq!(*constant(), Ok(4));
    assert_eq!(*computed(5), Ok(5));
    assert_eq!(*seconds(), Ok(6));
    let seven: Background<u32, Failure> = caught();
    assert_eq!(*seven, Ok(7));
    assert_eq!(*endless(), Ok(8));
}
