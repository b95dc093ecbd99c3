//! `x += f`, `f += x`, and the other nine.

use std::num::{Saturating, Wrapping};
use std::time::{Duration, Instant, SystemTime};

use background_tests::within;

use super::future;

/// Asserts that an assigning operator leaves with futures what it leaves without.
macro_rules! check_assigning {
    ($x:ident $op:tt $y:ident) => {{
        let mut plain = $x;
        plain $op $y;
        let mut place = $x;
        place $op future($y);
        assert_eq!(place, plain);
        let mut place = $x;
        place $op &future($y);
        assert_eq!(place, plain);
        let mut place = future($x);
        place $op $y;
        assert_eq!(place, plain);
        let mut place = future($x);
        place $op future($y);
        assert_eq!(place, plain);
        let mut place = future($x);
        place $op &future($y);
        assert_eq!(place, plain);
    }};
}

macro_rules! integers {
    ($($T:ident)*) => {$(
        #[test]
        fn $T() {
            within(|| {
                let (x, y): ($T, $T) = (9, 2);
                check_assigning!(x += y);
                check_assigning!(x -= y);
                check_assigning!(x *= y);
                check_assigning!(x /= y);
                check_assigning!(x %= y);
                check_assigning!(x &= y);
                check_assigning!(x |= y);
                check_assigning!(x ^= y);
                check_assigning!(x <<= y);
                check_assigning!(x >>= y);
                let amount = 3_u32;
                check_assigning!(x <<= amount);
                check_assigning!(x >>= amount);
                let mut place = future(x);
                place += &y;
                assert_eq!(place, 11);
            });
        }
    )*};
}

integers! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }

#[test]
fn floats() {
    within(|| {
        let (x, y) = (7.5, 2.0);
        check_assigning!(x += y);
        check_assigning!(x -= y);
        check_assigning!(x *= y);
        check_assigning!(x /= y);
        check_assigning!(x %= y);
        let (x, y) = (7.5_f32, 2.0_f32);
        check_assigning!(x += y);
    });
}

#[test]
fn bool() {
    within(|| {
        for (x, y) in [(false, true), (true, true), (true, false)] {
            check_assigning!(x &= y);
            check_assigning!(x |= y);
            check_assigning!(x ^= y);
        }
    });
}

#[test]
fn newtypes() {
    within(|| {
        let (x, y) = (Wrapping(250_u8), Wrapping(9_u8));
        check_assigning!(x += y);
        check_assigning!(x -= y);
        check_assigning!(x *= y);
        check_assigning!(x ^= y);
        let (x, y) = (Saturating(250_u8), Saturating(9_u8));
        check_assigning!(x += y);
        check_assigning!(x /= y);
    });
}

#[test]
fn times() {
    within(|| {
        let (x, y) = (Duration::from_secs(9), Duration::from_secs(2));
        check_assigning!(x += y);
        check_assigning!(x -= y);
        let factor = 2_u32;
        check_assigning!(x *= factor);
        check_assigning!(x /= factor);
        let now = Instant::now();
        check_assigning!(now += y);
        check_assigning!(now -= y);
        let now = SystemTime::now();
        check_assigning!(now += y);
        check_assigning!(now -= y);
    });
}

/// A `String` keeps its one `+=`, so that `&String` and `&Background<String>` coerce to `&str`.
#[test]
fn strings() {
    within(|| {
        let mut text = String::from("a");
        text += &future(String::from("b"));
        text += &String::from("c");
        text += *future("d");
        assert_eq!(text, "abcd");
        let mut text = future(String::from("a"));
        text += "b";
        text += &String::from("c");
        assert_eq!(text, "abc");
    });
}
