//! A touch that fails does so at the caller's line, and a body runs once however often it is touched.

use std::any::Any;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use background::{Background, Timeout, spawn, task};
use background_tests::within;

/// Fails when it is touched, for the second time: the first touch has had the payload.
fn failed<T: Send + 'static>() -> Background<T> {
    let f = spawn(|| -> T { panic!("no value") });
    assert!(catch_unwind(AssertUnwindSafe(|| Background::get(&f).type_id())).is_err());
    f
}

/// The line at which `touch` panics.
fn line_of(touch: impl FnOnce()) -> u32 {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap();
    let line = Arc::new(AtomicU32::new(0));
    let (seen, previous) = (line.clone(), std::panic::take_hook());
    let here = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == here {
            seen.store(info.location().map_or(0, Location::line), Ordering::Relaxed);
        }
    }));
    let result = catch_unwind(AssertUnwindSafe(touch));
    std::panic::set_hook(previous);
    assert!(result.is_err());
    line.load(Ordering::Relaxed)
}

macro_rules! check_lines {
    ($($touch:expr;)*) => {$(
        assert_eq!(line_of(|| { let _ = $touch; }), line!(), "{}", stringify!($touch));
    )*};
}

#[test]
fn panics_name_the_callers_line() {
    within(|| {
        let (f, texts) = (failed::<u64>(), failed::<Vec<u8>>());
        // One line each: `line!()` is the line of the outermost macro call.
        check_lines! { *f; &f + 1; 1 + &f; 1 << &f; !&f; f.pow(2); }
        check_lines! { f == 1; f != 1; f < 1; f <= 1; f > 1; f >= 1; f == f; f < f; }
        check_lines! { 1 == f; 1 != f; 1 < f; 1 <= f; 1 > f; 1 >= f; f.partial_cmp(&1); }
        let (one, late) = (
            super::future(1),
            task().timeout(Duration::MAX).spawn(|| -> u64 { panic!() }),
        );
        assert!(catch_unwind(AssertUnwindSafe(|| late.is_ok())).is_err());
        check_lines! { one == f; one != f; one < f; &one + &f; }
        check_lines! { late == 1; late != 1; 1 == late; 1 != late; late == Timeout; Timeout != late; }
        check_lines! { late == Ok(1); late != Ok(1); Ok(1) == late; late == one; late != late; }
        check_lines! { texts[0]; (&texts).into_iter(); texts.len(); *texts == [1]; }
        check_lines! { failed::<u64>() + 1; 1 + failed::<u64>(); u64::from(failed::<u64>()); }
        check_lines! { { let mut x = 1; x += &f; }; { let mut f = failed::<u64>(); f += 1; }; }
        check_lines! { Background::get(&f); Background::join(failed::<u64>()); }
    });
}

#[test]
fn overflow_is_at_the_callers_line() {
    within(|| {
        let (f, g) = (super::future(u8::MAX), super::future(1));
        check_lines! { &f + 1; &f + &g; 255 + &g; }
    });
}

#[test]
fn the_body_runs_once() {
    within(|| {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = runs.clone();
        let f = spawn(move || counted.fetch_add(1, Ordering::Relaxed) + 41);
        assert!(f == 41 && 41 == f && &f + 1 == 42 && format!("{f}{f:?}") == "4141" && f < 42);
        assert_eq!(runs.load(Ordering::Relaxed), 1);
    });
}
