//! The type of a literal is found from the future beside it.

use std::time::Duration;

use background_tests::within;

use super::{future, timed};

#[test]
fn beside_a_future() {
    within(|| {
        let f = || future(6_u64);
        let results = [f() + 1, 1 + f(), &f() + 1, 1 + &f(), 9 - f(), f() * 2 + 1, 2 * (f() - 1)];
        assert_eq!(results, [7_u64, 7, 7, 7, 3, 13, 10]);
        assert_eq!(1 + f() + f() + 1, 14);
        assert_eq!(1.5 * future(2.0_f32) + 1.0, 4.0_f32);
        assert_eq!(-future(5_i8) + 1, -4_i8);
        assert_eq!((future(1_u8) << 2) + 1, 5_u8);
        assert_eq!(future(1_u8) << 2, 4);
        assert_eq!(1_u64 << future(2), 4);
        assert_eq!(2 * future(Duration::from_secs(1)) * 2, Duration::from_secs(4));
        let mut x = 1;
        x += f();
        let mut g = f();
        g += 1;
        assert_eq!(x, g);
    });
}

#[test]
fn compared_with_a_future() {
    within(|| {
        assert!(5 == future(5_u64) && 5 < future(6_u64) && future(5_u8) == 5 && future(5_u8) > 4);
        assert!(0.5 == future(0.5_f32) && 5 == timed(5_u8) && timed(5_u16) == 5);
        assert!(vec![1, 2] == future(vec![1_u8, 2]) && [1, 2] == future([1_u16, 2]));
        assert_eq!(5, future(5_i128));
        assert_eq!(future(5_i128), 5);
    });
}
