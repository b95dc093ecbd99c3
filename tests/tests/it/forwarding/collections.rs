//! Indexing, iterating, summing, looking up.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::{Index, IndexMut};
use std::time::Duration;

use background::Background;
use background_tests::within;

use super::future;

#[test]
fn indexing() {
    within(|| {
        let mut f = future(vec![1, 2, 3]);
        assert_eq!((f[0], &f[1..], &f[..=0]), (1, &[2, 3][..], &[1][..]));
        f[0] += 5;
        f[1] = 7;
        assert_eq!(f, [6, 7, 3]);
        let i = 1;
        assert_eq!((future([1, 2])[i], future(&[1, 2][..])[i]), (2, 2));
        assert_eq!(future(vec![1, 2].into_boxed_slice())[i], 2);
        assert_eq!(&future(String::from("text"))[1..3], "ex");
        assert_eq!(future(HashMap::from([(String::from("a"), 1)]))["a"], 1);
        assert_eq!(future(BTreeMap::from([("a", 1)]))["a"], 1);
    });
}

#[test]
fn indexing_in_generic_code() {
    fn swap_first<C: IndexMut<usize, Output = u8>>(c: &mut C) -> u8 {
        std::mem::replace(&mut c[0], 9)
    }
    fn first<C: Index<usize>>(c: &C) -> &C::Output {
        &c[0]
    }
    within(|| {
        let mut f = future(vec![1, 2]);
        assert_eq!(swap_first(&mut f), 1);
        assert_eq!(first(&f), &9);
    });
}

#[test]
fn iterating() {
    within(|| {
        let mut f = future(vec![1, 2]);
        let mut seen = Vec::new();
        for x in &f {
            seen.push(*x);
        }
        for x in &mut f {
            *x += 10;
        }
        for x in f {
            seen.push(x);
        }
        assert_eq!(seen, [1, 2, 11, 12]);
        let f = future(HashMap::from([("a", 1)]));
        for (key, value) in &f {
            assert_eq!((*key, *value), ("a", 1));
        }
        assert_eq!(f.into_iter().next(), Some(("a", 1)));
        let doubled: Vec<u8> = future(vec![1, 2]).iter().map(|x| x * 2).collect();
        assert_eq!(doubled, [2, 4]);
        let range = future(0..3);
        assert_eq!(range.into_iter().map(|x| x + 1).sum::<i32>(), 6);
        let mut range = future(0..3);
        assert_eq!((range.next(), range.len()), (Some(0), 2));
        let mut all = vec![0];
        all.extend(future(vec![1]));
        all.extend(&future(vec![2]));
        assert_eq!(all, [0, 1, 2]);
        let mut f = future(all);
        f.extend([3]);
        assert_eq!(f.len(), 4);
    });
}

#[test]
fn sums_and_products() {
    macro_rules! check {
        ($($T:ident)*) => {$(
            let futures = || (1..=3_u8).map(|n| future($T::from(n)));
            let (one, all): ($T, Vec<_>) = ($T::from(1_u8), futures().collect());
            assert!(futures().sum::<$T>() - (one + one + one + one + one + one) == one - one);
            assert!(futures().product::<$T>() == all.iter().sum::<$T>());
            assert!(all.iter().product::<$T>() == all.into_iter().sum::<$T>());
        )*};
    }
    within(|| {
        check! { u8 u16 u32 u64 u128 usize i16 i32 i64 i128 isize f32 f64 }
        let seconds = [1, 2].map(|n| future(Duration::from_secs(n)));
        assert_eq!(seconds.iter().sum::<Duration>(), Duration::from_secs(3));
        assert_eq!(seconds.into_iter().sum::<Duration>(), Duration::from_secs(3));
        let total: i8 = [future(1), future(2)].into_iter().sum();
        assert_eq!(total, 3);
    });
}

#[test]
fn keys() {
    within(|| {
        let mut map = HashMap::new();
        map.insert(future(String::from("a")), 1);
        assert_eq!(map["a"], 1);
        assert_eq!(map.get(&String::from("a")), Some(&1));
        assert_eq!(map.insert(future(String::from("a")), 2), Some(1));
        let mut tree = BTreeMap::new();
        tree.insert(future(2), "b");
        tree.insert(future(1), "a");
        assert_eq!(tree.get(&1), Some(&"a"));
        assert_eq!(tree.keys().map(|key| **key).collect::<Vec<_>>(), [1, 2]);
        let set: HashSet<Background<&str>> = [future("a"), future("a")].into_iter().collect();
        assert!(set.len() == 1 && set.contains("a"));
    });
}

#[test]
fn joining_and_concatenating() {
    within(|| {
        assert_eq!([future(String::from("a")), future(String::from("b"))].join(", "), "a, b");
        assert_eq!([future("a"), future("b")].concat(), "ab");
        assert_eq!([future(vec![1]), future(vec![2])].concat(), [1, 2]);
    });
}
