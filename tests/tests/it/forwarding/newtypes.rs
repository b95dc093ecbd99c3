//! Operators on the standard library's other arithmetic types.

use std::num::{Saturating, Wrapping};
use std::time::{Duration, Instant, SystemTime};

use background_tests::within;

use super::future;

macro_rules! check_forms {
    ($x:ident $op:tt $y:ident) => {{
        let plain = $x $op $y;
        assert_eq!(future($x) $op $y, plain);
        assert_eq!(&future($x) $op &$y, plain);
        assert_eq!($x $op future($y), plain);
        assert_eq!($x $op &future($y), plain);
        assert_eq!(&$x $op future($y), plain);
        assert_eq!(&$x $op &future($y), plain);
        assert_eq!(future($x) $op future($y), plain);
        assert_eq!(&future($x) $op &future($y), plain);
    }};
}

#[test]
fn wrapping_and_saturating() {
    within(|| {
        let (x, y) = (Wrapping(250_u8), Wrapping(9));
        check_forms!(x + y);
        check_forms!(x - y);
        check_forms!(x * y);
        check_forms!(x / y);
        check_forms!(x % y);
        check_forms!(x & y);
        check_forms!(x | y);
        check_forms!(x ^ y);
        assert_eq!(!future(x), !x);
        assert_eq!(-future(x), -x);
        assert_eq!(future(x) << 1, x << 1);
        assert_eq!([x, y].map(future).iter().sum::<Wrapping<u8>>(), x + y);
        assert_eq!([x, y].map(future).into_iter().product::<Wrapping<u8>>(), x * y);
        let (x, y) = (Saturating(250_u8), Saturating(9));
        check_forms!(x + y);
        check_forms!(x - y);
        check_forms!(x * y);
        check_forms!(x / y);
        check_forms!(x ^ y);
    });
}

/// Times have operators by value only, so their futures do: a reference is for the right side.
macro_rules! check_times {
    ($x:ident $op:tt $y:ident) => {{
        let plain = $x $op $y;
        assert_eq!(future($x) $op $y, plain);
        assert_eq!($x $op future($y), plain);
        assert_eq!($x $op &future($y), plain);
        assert_eq!(future($x) $op future($y), plain);
        assert_eq!(future($x) $op &future($y), plain);
    }};
}

#[test]
fn times() {
    within(|| {
        let (long, short) = (Duration::from_secs(9), Duration::from_secs(2));
        check_times!(long + short);
        check_times!(long - short);
        let factor = 3_u32;
        check_times!(long * factor);
        check_times!(long / factor);
        check_times!(factor * long);
        let now = Instant::now();
        let then = now + short;
        check_times!(now + short);
        check_times!(now - short);
        check_times!(then - now);
        let now = SystemTime::now();
        check_times!(now + short);
        check_times!(now - short);
    });
}

/// `+` of a `String` stays the only one, so that what coerced to `&str` goes on doing so.
#[test]
fn strings() {
    within(|| {
        assert_eq!(future(String::from("a")) + "b", "ab");
        assert_eq!(future(String::from("a")) + &String::from("b"), "ab");
        assert_eq!(String::from("a") + &future(String::from("b")), "ab");
        assert_eq!(String::from("a") + *future("b"), "ab");
        assert_eq!(future(String::from("a")) + &*future(String::from("b")), "ab");
    });
}
