//! Futures that may yield a sentinel: `x == Timeout`, `x == Ok(5)`, `x == 5`, and printing.

use std::collections::HashSet;
use std::time::Duration;

use background::{Background, Failure, Timeout, task};
use background_tests::within;

use super::{caught, expired, future, timed};

#[test]
fn timeout_on_either_side() {
    within(|| {
        let (late, fine) = (expired(5), timed(5));
        assert!(late == Timeout && Timeout == late);
        assert!(fine != Timeout && Timeout != fine);
        assert_eq!(late, Timeout);
        assert_eq!(Timeout, late);
        assert!(late == expired(5) && late != fine && fine == timed(5) && fine != timed(6));
    });
}

#[test]
fn results_on_either_side() {
    within(|| {
        let (late, fine) = (expired(5), timed(5));
        assert!(fine == Ok(5) && Ok(5) == fine && fine != Ok(6) && fine != Err(Timeout));
        assert!(late == Err(Timeout) && Err(Timeout) == late && late != Ok(5));
        assert_eq!(fine, Ok(5));
        assert_eq!(Ok(5), fine);
        assert_eq!(timed(String::from("a")), Ok("a".into()));
        assert_eq!(caught(5), Ok(5));
        assert_eq!(Ok(5), caught(5));
    });
}

#[test]
fn values_on_either_side() {
    within(|| {
        assert!(timed(true) == true && true == timed(true) && timed(true) != false);
        assert!(timed(5_u8) == 5 && 5 == timed(5_u8) && timed(5_u64) != 6);
        assert!(timed("foobar2") == "foobar2" && "foobar2" == timed("foobar2"));
        assert!(timed(String::from("a")) == "a" && "a" == timed(String::from("a")));
        assert!(timed(String::from("a")) == *"a" && timed("a") == String::from("a"));
        assert!(timed(vec![1]) == [1] && vec![1] == timed(vec![1]) && timed([1]) == [1]);
        assert!(timed(Some(1)) == Some(1) && timed((1, "a")) == (1, "a"));
        assert!(timed(Duration::ZERO) == Duration::ZERO && Duration::ZERO == timed(Duration::ZERO));
        assert!(caught(5) == 5 && 5 == caught(5) && caught("a") == "a");
        let late = expired(5);
        assert!(late != 5 && 5 != late && late != future(5) && future(5) != late);
        assert_eq!(timed("foobar2"), "foobar2");
    });
}

#[test]
fn failures_on_either_side() {
    within(|| {
        let cancelled = task().lazy().catch().spawn(|| 5);
        Background::cancel(&cancelled);
        assert!(cancelled == Failure::Cancelled && Failure::Cancelled == cancelled);
        assert!(cancelled != Failure::Lost && cancelled != Timeout && Timeout != cancelled);
        assert!(cancelled != 5 && 5 != cancelled && cancelled != Ok(5));
        assert!(cancelled == Err(Failure::Cancelled));
        let late = task().timeout(Duration::ZERO).catch().spawn(|| 5);
        assert!(late == Timeout && Timeout == late && late == Failure::Timeout);
        assert!(late != cancelled && late != 5);
        assert!(caught(5) != Timeout && caught(5) != Failure::Timeout);
    });
}

#[test]
fn printing_the_value() {
    within(|| {
        let x = timed(10);
        assert_eq!(format!("{x} {x:?} {x:4}| {x:<4}| {x:04} {x:x} {x:#b}"), {
            "10 10   10| 10  | 0010 a 0b1010"
        });
        assert_eq!(format!("{:.1} {:?}", timed(1.25), caught("a")), "1.2 \"a\"");
    });
}

/// Width, fill and alignment are the column's and stay; precision and `#` are the value's.
#[test]
fn printing_the_sentinel() {
    within(|| {
        let x = expired(10);
        assert_eq!(format!("{x}|{x:?}|{x:#?}|{x:x}|{x:#b}|{x:e}"), {
            "Timeout|Timeout|Timeout|Timeout|Timeout|Timeout"
        });
        assert_eq!(format!("{x:9}|{x:<9}|{x:^9}|{x:>9}|{x:*>9}|{x:2}|{x:09}"), {
            "Timeout  |Timeout  | Timeout |  Timeout|**Timeout|Timeout|Timeout  "
        });
        assert_eq!(format!("{:.1}|{:9.1}|", expired(1.25), expired("text")), {
            "Timeout|Timeout  |"
        });
        assert_eq!(x.to_string(), "Timeout");
    });
}

#[test]
fn printing_the_failure() {
    within(|| {
        let x = task().lazy().catch().spawn(|| 5);
        Background::cancel(&x);
        assert_eq!(x.to_string(), Failure::Cancelled.to_string());
        assert_eq!(format!("{x:?}"), "Cancelled");
        assert_eq!(format!("{x:.1}"), Failure::Cancelled.to_string());
        assert_eq!(format!("{x:>20}"), format!("{:>20}", Failure::Cancelled.to_string()));
        let late = task().timeout(Duration::ZERO).catch().spawn(|| 5);
        assert_eq!(format!("{late} {late:?}"), "Timeout Timeout");
    });
}

#[test]
fn methods_are_those_of_the_result() {
    within(|| {
        let (fine, late) = (timed(5), expired(5));
        assert!(fine.is_ok() && late.is_err());
        assert_eq!(fine.unwrap() + late.unwrap_or(2), 7);
        assert_eq!(late.as_ref().err(), Some(&Timeout));
        let (fine, late) = (timed(String::from("a")), expired(String::from("a")));
        assert_eq!(fine.as_deref(), Ok("a"));
        assert_eq!(Background::join(fine).as_deref(), Ok("a"));
        assert_eq!(Background::join(late), Err(Timeout));
        match &*timed(7) {
            Ok(value) => assert_eq!(value, &7),
            Err(Timeout) => panic!("there is no limit"),
        }
    });
}

#[test]
fn keys_of_sets() {
    within(|| {
        let mut seen = HashSet::new();
        assert!(seen.insert(timed("a")) && !seen.insert(timed("a")));
        assert!(seen.insert(expired("a")) && !seen.insert(expired("b")));
        assert_eq!(seen.len(), 2);
    });
}
