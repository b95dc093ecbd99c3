//! Futures of a program's own types.

use std::ops::{Add, AddAssign, Deref, Index, Mul, Neg};

use background::Background;
use background_tests::within;

use super::{future, timed};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Point(i32, i32);

impl Add for Point {
    type Output = Point;

    fn add(self, other: Point) -> Point {
        Point(self.0 + other.0, self.1 + other.1)
    }
}

impl<'a> Add<&'a Point> for &Point {
    type Output = Point;

    fn add(self, other: &'a Point) -> Point {
        *self + *other
    }
}

impl AddAssign for Point {
    fn add_assign(&mut self, other: Point) {
        *self = *self + other;
    }
}

impl Mul<i32> for Point {
    type Output = Point;

    fn mul(self, factor: i32) -> Point {
        Point(self.0 * factor, self.1 * factor)
    }
}

impl Neg for &Point {
    type Output = Point;

    fn neg(self) -> Point {
        *self * -1
    }
}

impl Index<char> for Point {
    type Output = i32;

    fn index(&self, axis: char) -> &i32 {
        if axis == 'x' { &self.0 } else { &self.1 }
    }
}

#[test]
fn future_first() {
    within(|| {
        let p = Point(1, 2);
        let f = future(p);
        assert_eq!(f, p);
        assert!(f < Point(2, 0) && f == p && *f == p);
        assert_eq!((-&f, f['x'], f.1), (Point(-1, -2), 1, 2));
        assert_eq!(&f + &p, Point(2, 4));
        assert_eq!(future(p) * 3, Point(3, 6));
        assert_eq!(future(p) * *future(3), Point(3, 6));
        assert_eq!(f + p, Point(2, 4));
        let mut g = future(p);
        g += p;
        g.0 = 0;
        assert_eq!(g, Point(0, 4));
    });
}

#[test]
fn value_first() {
    within(|| {
        let (p, f) = (Point(1, 2), future(Point(1, 2)));
        assert_eq!(p, *f);
        assert_eq!(p + *f, Point(2, 4));
        assert_eq!(&p + &*f, Point(2, 4));
        assert_eq!(p + Background::join(f), Point(2, 4));
        assert_eq!(*future(p), *future(p));
        assert_eq!(timed(p), Ok(p));
    });
}

/// What this crate writes for the standard library's types, a program may write for its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Money(u64);

impl PartialEq<Background<Money>> for Money {
    fn eq(&self, future: &Background<Money>) -> bool {
        *self == **future
    }
}

impl<B: Deref<Target = Money>> Add<B> for Money {
    type Output = Money;

    fn add(self, other: B) -> Money {
        Money(self.0 + other.0)
    }
}

#[test]
fn own_impls() {
    within(|| {
        let (m, f) = (Money(1), future(Money(1)));
        assert!(m == f && f == m && f == future(m));
        assert_eq!(m + future(m), Money(2));
        assert_eq!(future(m) + future(m), Money(2));
        let set = std::collections::HashSet::from([future(m), future(m)]);
        assert!(set.len() == 1 && set.contains(&m));
    });
}
