//! Every binary operator on every primitive, in all twelve forms, against plain arithmetic.

use background_tests::within;

use super::future;

/// Asserts that an operator gives with futures what it gives without.
macro_rules! check_forms {
    ($x:ident $op:tt $y:ident) => {{
        let plain = $x $op $y;
        let place = stringify!($op);
        assert!(plain == future($x) $op $y, "f {place} y");
        assert!(plain == future($x) $op &$y, "f {place} &y");
        assert!(plain == &future($x) $op $y, "&f {place} y");
        assert!(plain == &future($x) $op &$y, "&f {place} &y");
        assert!(plain == $x $op future($y), "x {place} g");
        assert!(plain == $x $op &future($y), "x {place} &g");
        assert!(plain == &$x $op future($y), "&x {place} g");
        assert!(plain == &$x $op &future($y), "&x {place} &g");
        assert!(plain == future($x) $op future($y), "f {place} g");
        assert!(plain == future($x) $op &future($y), "f {place} &g");
        assert!(plain == &future($x) $op future($y), "&f {place} g");
        assert!(plain == &future($x) $op &future($y), "&f {place} &g");
    }};
}

/// Asserts the same of an operator that gives a `bool`, which takes both sides by reference.
macro_rules! check_comparison {
    ($x:ident $op:tt $y:ident) => {{
        let plain = $x $op $y;
        let place = stringify!($op);
        assert!(plain == (future($x) $op $y), "f {place} y");
        assert!(plain == ($x $op future($y)), "x {place} g");
        assert!(plain == (future($x) $op future($y)), "f {place} g");
        assert!(plain == (&future($x) $op &$y), "&f {place} &y");
        assert!(plain == (&$x $op &future($y)), "&x {place} &g");
        assert!(plain == (&future($x) $op &future($y)), "&f {place} &g");
    }};
}

macro_rules! check_comparisons {
    ($x:ident, $y:ident) => {
        check_comparison!($x == $y);
        check_comparison!($x != $y);
        check_comparison!($x < $y);
        check_comparison!($x <= $y);
        check_comparison!($x > $y);
        check_comparison!($x >= $y);
    };
}

macro_rules! integers {
    ($($T:ident)*) => {$(
        #[test]
        fn $T() {
            within(|| {
                let pairs: [($T, $T); 3] = [(9, 2), (100, 1), (6, 6)];
                for (x, y) in pairs {
                    check_forms!(x + y);
                    check_forms!(x - y);
                    check_forms!(x * y);
                    check_forms!(x / y);
                    check_forms!(x % y);
                    check_forms!(x & y);
                    check_forms!(x | y);
                    check_forms!(x ^ y);
                    check_forms!(x << y);
                    check_forms!(x >> y);
                    let amount = u32::try_from(y).unwrap();
                    check_forms!(x << amount);
                    check_forms!(x >> amount);
                    check_comparisons!(x, y);
                    assert_eq!(!future(x), !x);
                    assert_eq!(!&future(x), !x);
                }
            });
        }
    )*};
}

integers! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }

macro_rules! floats {
    ($($T:ident)*) => {$(
        #[test]
        fn $T() {
            within(|| {
                let pairs: [($T, $T); 3] = [(7.5, 2.0), (-1.0, 0.25), ($T::INFINITY, 3.0)];
                for (x, y) in pairs {
                    check_forms!(x + y);
                    check_forms!(x - y);
                    check_forms!(x * y);
                    check_forms!(x / y);
                    check_comparisons!(x, y);
                    assert_eq!(-future(x), -x);
                    assert_eq!(-&future(x), -x);
                }
                let (x, y): ($T, $T) = (7.5, 2.0);
                check_forms!(x % y);
                let nan = future($T::NAN);
                assert!(nan != nan);
 assert_eq!((nan < 1.0, 1.0 < nan), (false, false));
            });
        }
    )*};
}

floats! { f32 f64 }

macro_rules! negation {
    ($($T:ident)*) => {
        #[test]
        fn negation() {
            within(|| {$(
                assert_eq!(-future::<$T>(5), -5);
                assert_eq!(-&future::<$T>(5), -5);
            )*});
        }
    };
}

negation! { i8 i16 i32 i64 i128 isize }

#[test]
fn bool() {
    within(|| {
        for (x, y) in [(false, false), (false, true), (true, false), (true, true)] {
            check_forms!(x & y);
            check_forms!(x | y);
            check_forms!(x ^ y);
            check_comparisons!(x, y);
            assert_eq!(!future(x), !x);
            assert_eq!(!&future(x), !x);
            assert_eq!(*future(x) && *future(y), x && y);
        }
    });
}

/// Every integer shifts by every other.
#[test]
fn mixed_shifts() {
    macro_rules! by {
        ($x:ident: $($T:ident)*) => {$(
            let amount: $T = 3;
            check_forms!($x << amount);
            check_forms!($x >> amount);
        )*};
    }
    within(|| {
        let (x, y) = (9_u64, -9_i16);
        by!(x: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
        by!(y: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
    });
}
