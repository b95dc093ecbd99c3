//! Programs that do not use futures at all go on compiling beside the impls of this crate.
//!
//! Each line leans on the standard library having few operators: a literal, a coercion, a type
//! found from the other side. An impl too many makes one of them ambiguous.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::iter::Sum;
use std::net::SocketAddr;
use std::num::{ParseIntError, Wrapping};
use std::ops::{Add, Neg, Shl, ShlAssign};
use std::time::Duration;

use super::future;

#[test]
fn literals_keep_their_types() {
    let x: u64 = 1 + "5".parse::<u64>().unwrap();
    let numbers = vec![1_u64, 2];
    let total: u64 = numbers.iter().map(|x| x + 1).sum();
    let (count, mean) = (numbers.iter().filter(|&&x| x > 1).count() * 2, 3.0 / 2.0 * 0.5);
    let shifted: u64 = 1 << 3_u32;
    let folded = numbers.iter().fold(0, |sum, x| 2 * sum + x);
    let add = |x, y| x + y;
    let mut sum = 0;
    for x in &numbers {
        sum += x;
    }
    assert_eq!((x, total, count, shifted, folded, sum), (6, 5, 2, 8, 4, 3));
    assert_eq!((add(1, 2), mean), (3, 0.75));
    assert_eq!(Duration::from_secs(1) * 2, 2 * Duration::from_secs(1));
    assert!("4".parse().unwrap_or(0) == 4_u8 && "5".parse() == Ok(5_u8));
}

#[test]
fn coercions_keep_working() {
    let name = String::from("a");
    assert_eq!(String::from("x") + &name, "xa");
    let mut text = String::from("x");
    text += &name;
    let (some, fine): (Option<&str>, Result<&str, ParseIntError>) = (Some("a"), Ok("a"));
    assert!(some == Some(&name) && fine == Ok(&name) && Ok("a") == fine);
    assert!((1, "a") == (1, &name));
}

#[test]
fn collected_types_are_found() {
    let map = HashMap::from([("a", 1)]);
    assert_eq!(map, [("a", 1)].into_iter().collect());
    assert_eq!(BTreeSet::from([1]), [1].into_iter().collect());
    assert_eq!(SocketAddr::from(([127, 0, 0, 1], 80)), "127.0.0.1:80".parse().unwrap());
    assert_eq!(Some(5_u8), "5".parse().ok());
    assert_eq!((1_u16, 2_u8), (1_u8.into(), 2));
}

/// A bound on `&T`, or on the other operand, is met before the type is known: it must not send the
/// compiler through `Background<_>`, `Background<Background<_>>`, ….
#[test]
fn bounds_do_not_overflow() {
    fn add<T>(x: &T, y: &T) -> T
    where
        for<'a> &'a T: Add<&'a T, Output = T>,
    {
        x + y
    }
    fn add_any<T, U, O>(x: &T, y: U) -> O
    where
        for<'a> &'a T: Add<U, Output = O>,
    {
        x + y
    }
    fn negate<T>(x: &T) -> T
    where
        for<'a> &'a T: Neg<Output = T>,
    {
        -x
    }
    fn shift<T, U, O>(x: &T, y: U) -> O
    where
        for<'a> &'a T: Shl<U, Output = O>,
    {
        x << y
    }
    fn shift_number<U>(mut x: u64, y: U) -> u64
    where
        u64: ShlAssign<U>,
    {
        x <<= y;
        x
    }
    fn wrap<T, U, O>(x: Wrapping<T>, y: U) -> O
    where
        Wrapping<T>: Add<U, Output = O>,
    {
        x + y
    }
    fn count<T, U>(x: &T) -> usize
    where
        for<'a> &'a T: IntoIterator<Item = &'a U>,
    {
        x.into_iter().count()
    }
    fn clear<T, U: Default>(x: &mut T)
    where
        for<'a> &'a mut T: IntoIterator<Item = &'a mut U>,
    {
        for item in x {
            *item = U::default();
        }
    }
    fn read<T>(x: &T) -> usize
    where
        for<'a> &'a T: Read,
    {
        let mut x = x;
        x.read(&mut []).unwrap_or(1)
    }
    fn sum<T, S: Sum<T>>(items: Vec<T>) -> S {
        items.into_iter().sum()
    }
    assert_eq!((add(&1, &2), add_any(&1, 2), negate(&1)), (3, 3, -1));
    assert_eq!((shift(&1, 2), shift_number(1, 2), wrap(Wrapping(1), Wrapping(2))), {
        (4, 4, Wrapping(3))
    });
    let mut items = vec![1, 2];
    clear(&mut items);
    assert_eq!((count(&items), sum::<_, u64>(vec![1, 2])), (2, 3));
    assert_eq!(read(&tempfile::tempfile().unwrap()), 0);
    // And with futures in them, they are what they were for the value.
    let f = future(5_i64);
    assert_eq!(add_any::<_, _, i64>(&f, &f), 10);
    assert_eq!(count::<_, u8>(&future(vec![1, 2])), 2);
}
