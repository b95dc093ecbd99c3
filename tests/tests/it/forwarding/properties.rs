//! `f op g == x op y`, for any `x` and `y`.

use background::Background;
use background::task;
use proptest::prelude::*;

/// A future of `value`, computed at the call: there are thousands of them here.
fn inline<T: Send + 'static>(value: T) -> Background<T> {
    task().inline().spawn(move || value)
}

proptest! {
    #[test]
    fn sums_and_bits(x: u32, y: u32) {
        let (wide_x, wide_y) = (u64::from(x), u64::from(y));
        prop_assert_eq!(inline(wide_x) + inline(wide_y), wide_x + wide_y);
        prop_assert_eq!(&inline(wide_x) * wide_y, wide_x * wide_y);
        prop_assert_eq!(wide_x & &inline(wide_y), wide_x & wide_y);
        prop_assert_eq!(inline(x) | y, x | y);
        prop_assert_eq!(x ^ inline(y), x ^ y);
        prop_assert_eq!(!inline(x), !x);
        prop_assert_eq!(inline(x) >> (y % 32), x >> (y % 32));
    }

    #[test]
    fn signed(x: i32, y: i32) {
        let (wide_x, wide_y) = (i64::from(x), i64::from(y));
        prop_assert_eq!(inline(wide_x) - inline(wide_y), wide_x - wide_y);
        prop_assert_eq!(-inline(wide_x), -wide_x);
        if y != 0 {
            prop_assert_eq!(inline(wide_x) / wide_y, wide_x / wide_y);
            prop_assert_eq!(wide_x % inline(wide_y), wide_x % wide_y);
        }
    }

    #[test]
    fn floats(x: f64, y: f64) {
        let bits = |x: f64| x.to_bits();
        prop_assert_eq!(bits(inline(x) + inline(y)), bits(x + y));
        prop_assert_eq!(bits(x * inline(y)), bits(x * y));
        prop_assert_eq!(inline(x) < y, x < y);
        prop_assert_eq!(x >= inline(y), x >= y);
        prop_assert_eq!(inline(x).partial_cmp(&y), x.partial_cmp(&y));
    }

    #[test]
    fn comparing(x: i16, y: i16) {
        prop_assert_eq!(inline(x) == inline(y), x == y);
        prop_assert_eq!(inline(x) < y, x < y);
        prop_assert_eq!(x <= inline(y), x <= y);
        prop_assert_eq!(inline(x).cmp(&inline(y)), x.cmp(&y));
    }

    #[test]
    fn texts(x: String, y: String) {
        prop_assert_eq!(inline(x.clone()) == y.as_str(), x == y);
        prop_assert_eq!(x.as_str() == inline(y.clone()), x == y);
        prop_assert_eq!(inline(x.clone()) < inline(y.clone()), x < y);
        prop_assert_eq!(inline(x.clone()) + &y, x.clone() + &y);
        prop_assert_eq!(format!("{:?}|{:>9}", inline(x.clone()), inline(y.clone())), {
            format!("{x:?}|{y:>9}")
        });
    }

    #[test]
    fn totals(numbers: Vec<u32>) {
        let futures: Vec<_> = numbers.iter().map(|&number| inline(u64::from(number))).collect();
        let plain: u64 = numbers.iter().map(|&number| u64::from(number)).sum();
        prop_assert_eq!(futures.iter().sum::<u64>(), plain);
        prop_assert_eq!(futures.into_iter().sum::<u64>(), plain);
    }
}
