//! A touch that fails does so at the caller's line, and a body runs once however often it is
//! touched.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, set_hook, take_hook};
use std::sync::Once;
use std::sync::mpsc::channel;
use std::time::Duration;

use background::{Background, Timeout, spawn, task};
use background_tests::within;

/// Fails when it is touched, for the second time: the first touch has had the payload.
fn failed<T: Send + 'static>() -> Background<T> {
    let f = spawn(|| -> T { panic!("no value") });
    assert!(catch_unwind(AssertUnwindSafe(|| Background::get(&f).type_id())).is_err());
    f
}

thread_local! {
    /// While a touch is expected to panic on this thread: the line of its panic.
    static LINE: Cell<Option<u32>> = const { Cell::new(None) };
}

/// The line at which `touch` panics.
fn line_of(touch: impl FnOnce()) -> Option<u32> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = take_hook();
        set_hook(Box::new(move |info| match LINE.get() {
            Some(_) => LINE.set(info.location().map(Location::line)),
            None => previous(info),
        }));
    });
    LINE.set(Some(0));
    let result = catch_unwind(AssertUnwindSafe(touch));
    assert!(result.is_err());
    LINE.take()
}

macro_rules! check_lines {
    ($($touch:expr;)*) => {$(
        assert_eq!(line_of(|| { let _ = $touch; }), Some(line!()), "{}", stringify!($touch));
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
        let (one, late) =
            (super::future(1), task().timeout(Duration::MAX).spawn(|| -> u64 { panic!() }));
        assert!(catch_unwind(AssertUnwindSafe(|| late.is_ok())).is_err());
        check_lines! { one == f; one != f; one < f; &one + &f; }
        check_lines! { late == 1; late != 1; 1 == late; 1 != late; late == Timeout; }
        check_lines! { late != Timeout; Timeout == late; Timeout != late; }
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
        let (sender, runs) = channel();
        let f = spawn(move || {
            sender.send(()).unwrap();
            41
        });
        assert!(f == 41 && 41 == f && &f + 1 == 42 && format!("{f}{f:?}") == "4141" && f < 42);
        assert_eq!(runs.iter().count(), 1);
    });
}
