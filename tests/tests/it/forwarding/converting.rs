//! `AsRef`, `AsMut`, `Borrow`, `From`, `Error`, `Serialize`.

use std::borrow::{Borrow, BorrowMut};
use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use background::Background;
use background_tests::within;

use super::future;

#[test]
fn as_ref_and_as_mut() {
    fn length(path: impl AsRef<Path>) -> usize {
        path.as_ref().as_os_str().len()
    }
    fn clear(bytes: &mut impl AsMut<[u8]>) {
        bytes.as_mut().fill(0);
    }
    within(|| {
        let f = future(PathBuf::from("abc"));
        assert_eq!((length(&f), length(future(String::from("ab"))), length(f)), (3, 2, 3));
        assert_eq!(Path::new(&future("a")), Path::new("a"));
        let mut f = future(vec![1, 2]);
        clear(&mut f);
        assert_eq!(f, [0, 0]);
    });
}

/// `Option::as_ref` and its like are not hidden by the trait's method of the same name.
#[test]
fn methods_of_the_same_name() {
    within(|| {
        let mut f = future(Some(String::from("a")));
        assert_eq!(f.as_ref().map(String::len), Some(1));
        f.as_mut().unwrap().push('b');
        assert_eq!(f.take().as_deref(), Some("ab"));
        let f = future(std::collections::BTreeSet::from([1]));
        assert_eq!(f.first(), Some(&1));
    });
}

#[test]
fn borrowing() {
    fn holds<T: ?Sized + PartialEq>(f: &impl Borrow<T>, value: &T) -> bool {
        f.borrow() == value
    }
    within(|| {
        assert!(holds::<u8>(&future(5), &5) && holds::<String>(&future("a".into()), &"a".into()));
        assert!(holds::<str>(&future(String::from("a")), "a") && holds::<str>(&future("a"), "a"));
        assert!(holds::<Path>(&future(PathBuf::from("a")), Path::new("a")));
        assert!(holds::<OsStr>(&future(OsString::from("a")), OsStr::new("a")));
        assert!(holds::<[u8]>(&future(vec![1]), &[1]) && holds::<[u8]>(&future([1]), &[1]));
        let mut f = future(5);
        *BorrowMut::<i32>::borrow_mut(&mut f) += 1;
        assert_eq!(f, 6);
    });
}

#[test]
fn into_values() {
    fn round<T: Clone + PartialEq + From<Background<T>> + Send + 'static>(value: &T) -> bool {
        let converted: T = future(value.clone()).into();
        converted == *value
    }
    within(|| {
        assert!(round(&1_u8) && round(&1_u16) && round(&1_u32) && round(&1_u64) && round(&1_u128));
        assert!(round(&1_i8) && round(&1_i16) && round(&1_i32) && round(&1_i64) && round(&1_i128));
        assert!(round(&1_usize) && round(&1_isize) && round(&1_f32) && round(&1_f64));
        assert!(round(&true) && round(&'a') && round(&"a") && round(&String::from("a")));
        assert!(round(&PathBuf::from("a")) && round(&OsString::from("a")) && round(&vec![1]));
        assert!(round(&Duration::ZERO) && round(&Instant::now()) && round(&SystemTime::now()));
        assert_eq!(u64::from(future(5)), 5);
        let text: String = future(String::from("a")).into();
        assert_eq!(text, "a");
    });
}

#[test]
fn errors() {
    fn fail() -> Result<(), Box<dyn Error + Send + Sync>> {
        Err(future("x".parse::<u8>().unwrap_err()))?
    }
    within(|| {
        assert_eq!(fail().unwrap_err().to_string(), "invalid digit found in string");
        let outer = std::io::Error::other(std::io::Error::other("inner"));
        let f = future(outer);
        let source = (&f as &dyn Error).source().map(ToString::to_string);
        assert_eq!(source, Error::source(&*f).map(ToString::to_string));
    });
}

#[test]
fn calling() {
    within(|| {
        assert_eq!(future(|x: u32| x + 1)(2), 3);
        assert_eq!(future(u32::is_power_of_two as fn(u32) -> bool)(4), true);
        let boxed: Box<dyn Fn(&str) -> usize + Send> = Box::new(str::len);
        assert_eq!(future(boxed)("abc"), 3);
        let mut total = 0;
        let mut add = future(move |x: u32| {
            total += x;
            total
        });
        assert_eq!((add(2), add(2)), (2, 4));
        let once: Box<dyn FnOnce() -> u8 + Send> = Box::new(|| 7);
        assert_eq!(Background::join(future(once))(), 7);
    });
}

#[test]
fn serializing() {
    within(|| {
        let f = future(vec![Some(1), None]);
        assert_eq!(serde_json::to_string(&f).unwrap(), "[1,null]");
        assert_eq!(serde_json::json!({ "x": future(5) })["x"], 5);
    });
}
