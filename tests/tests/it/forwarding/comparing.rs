//! `==` and `<` with the standard library's types on either side.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ffi::{OsStr, OsString};
use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::{NonZero, Saturating, Wrapping};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use background::Background;
use background_tests::within;

use super::{future, timed};

/// A value against futures of itself and of a greater value.
fn check<T>(small: &T, great: &T)
where
    T: Clone + Debug + Send + PartialOrd + PartialOrd<Background<T>> + 'static,
{
    let (f, g) = (future(small.clone()), future(great.clone()));
    assert_eq!(&f, small);
    assert_eq!(small, &f);
    assert_ne!(f, *great);
    assert_ne!(*great, f);
    assert!(f == future(small.clone()) && f != g);
    assert!(f < *great && *small < g && f < g);
    assert!(g > *small && *great > f && g > f);
    assert!(f <= *small && *small >= f);
    assert_eq!(f.partial_cmp(great), Some(Ordering::Less));
}

#[test]
fn each_type_with_itself() {
    within(|| {
        check(&false, &true);
        check(&'a', &'b');
        check(&"a", &"b");
        check(&String::from("a"), &String::from("b"));
        check(&PathBuf::from("a"), &PathBuf::from("b"));
        check(&OsString::from("a"), &OsString::from("b"));
        check(&vec![1, 2], &vec![1, 3]);
        check(&[1, 2], &[1, 3]);
        check(&&[1, 2][..], &&[1, 3][..]);
        check(&Ordering::Less, &Ordering::Equal);
        check(&Duration::from_secs(1), &Duration::from_secs(2));
        let (now, later) = (Instant::now(), Duration::from_secs(9));
        check(&now, &(now + later));
        check(&SystemTime::UNIX_EPOCH, &(SystemTime::UNIX_EPOCH + later));
        check(&Ipv4Addr::LOCALHOST, &Ipv4Addr::BROADCAST);
        check(&Ipv6Addr::UNSPECIFIED, &Ipv6Addr::LOCALHOST);
        check(&IpAddr::from([127, 0, 0, 1]), &IpAddr::from([127, 0, 0, 2]));
        check(&NonZero::new(1_u8).unwrap(), &NonZero::new(2_u8).unwrap());
        check(&NonZero::new(-1_i64).unwrap(), &NonZero::new(2_i64).unwrap());
        check(&Wrapping(1), &Wrapping(2));
        check(&Saturating(1), &Saturating(2));
    });
}

#[test]
fn unit() {
    within(|| {
        let f = future(());
        assert!(f == () && () == f && f == future(()));
    });
}

#[test]
fn strings() {
    within(|| {
        let (f, g) = (future(String::from("a")), future("a"));
        assert!(f == "a" && f == *"a" && f == String::from("a") && f == Cow::from("a"));
        assert!("a" == f && *"a" == f && String::from("a") == f && Cow::from("a") == f);
        assert!(g == "a" && g == String::from("a") && "a" == g && String::from("a") == g);
        assert!(Cow::from("a") == g && f == g && g == f);
        let h = future(Cow::from("a"));
        assert!(h == "a" && "a" == h && *"a" == h && String::from("a") == h && h == h);
        assert_eq!("a", f);
        assert_eq!(f, "a");
        assert_ne!("b", f);
    });
}

#[test]
fn paths() {
    within(|| {
        let f = future(PathBuf::from("a"));
        assert!(f == *Path::new("a") && f == Path::new("a") && f == OsString::from("a"));
        assert!(*Path::new("a") == f && Path::new("a") == f && PathBuf::from("a") == f);
        assert!(Path::new("a") < future(PathBuf::from("b")).as_path());
        assert!(*Path::new("a") < future(PathBuf::from("b")));
        let g = future(Path::new("a"));
        assert!(Path::new("a") == g && PathBuf::from("a") == g && g == Path::new("a"));
        let h = future(OsString::from("a"));
        assert!(h == *"a" && *"a" == h && "a" == h && *OsStr::new("a") == h);
        assert!(OsStr::new("a") == h && h == OsStr::new("a"));
    });
}

#[test]
fn sequences() {
    within(|| {
        let (f, g, h) = (future(vec![1, 2]), future([1, 2]), future(&[1, 2][..]));
        assert!(f == [1, 2] && f == vec![1, 2] && f == &[1, 2][..] && f == [1, 2][..]);
        assert!(vec![1, 2] == f && [1, 2][..] == f && &[1, 2][..] == f);
        assert!([1, 2] == g && vec![1, 2] == g && [1, 2][..] == g && &[1, 2][..] == g);
        assert!([1, 2] == h && vec![1, 2] == h && &[1, 2][..] == h);
        assert!(f == g && f == h && g == h);
        let texts = future(vec![String::from("a")]);
        assert!(texts == ["a"] && vec!["a"] == texts);
        let futures = vec![future(1), future(2)];
        assert!(futures == [1, 2] && [1, 2] == futures[..] && vec![1, 2] == futures);
    });
}

#[test]
fn addresses() {
    within(|| {
        let f = future(IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert!(f == Ipv4Addr::LOCALHOST && Ipv4Addr::LOCALHOST == f);
        assert!(IpAddr::V4(Ipv4Addr::LOCALHOST) == future(Ipv4Addr::LOCALHOST));
        let f = future(IpAddr::V6(Ipv6Addr::LOCALHOST));
        assert!(Ipv6Addr::LOCALHOST == f && f == Ipv6Addr::LOCALHOST);
        assert!(IpAddr::V6(Ipv6Addr::LOCALHOST) == future(Ipv6Addr::LOCALHOST));
    });
}

/// The standard library compares these with themselves only; here the future stands first.
#[test]
fn future_first_only() {
    within(|| {
        let f = future(Some(5));
        assert!(f == Some(5) && *f == *future(Some(5)));
        assert_eq!(f, Some(5));
        assert!(future(("a", 1)) == ("a", 1));
        assert!(future(Ok::<_, String>(1)) == Ok(1));
        assert!(future(Some(1)) > None && future(("a", 1)) < ("b", 0));
    });
}

#[test]
fn order_of_futures() {
    within(|| {
        let mut futures = vec![future(3), future(1), future(2)];
        futures.sort();
        assert_eq!(futures, [1, 2, 3]);
        assert_eq!(futures.iter().max().unwrap(), &3);
        assert_eq!(future(1).cmp(&future(2)), Ordering::Less);
        assert_eq!(std::cmp::max(future("a"), future("b")), "b");
        assert_eq!(future(7).max(future(3)), 7);
        assert_eq!((*future(7)).max(9), 9);
        assert_eq!(future(7.0_f64).max(9.0), 9.0);
    });
}

#[test]
fn plain_against_timed() {
    within(|| {
        assert!(future(5) == timed(5) && timed(5) == future(5));
        assert!(future(5) != timed(6) && timed(5) != future(6));
    });
}
