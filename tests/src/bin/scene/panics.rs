//! Panics on every path, and threads that survive them.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use background::{Background, Cancel, background, spawn, task};
use background_tests::{Gate, until};

/// Panics when it is dropped, also as the payload of a panic.
struct Grenade;

impl Drop for Grenade {
    fn drop(&mut self) {
        panic!("the grenade");
    }
}

/// A payload whose destructor panics, on every path that a payload can take.
pub(crate) fn payload(path: &str) {
    let (gate, entered) = (Gate::new(), Gate::new());
    let (inside, enter) = (gate.clone(), entered.clone());
    let body = move || -> u8 {
        enter.open();
        inside.pass();
        panic_any(Grenade)
    };
    match path {
        "touched" => {
            let future = spawn(body);
            gate.open();
            // The payload is the toucher's now.
            let payload = catch_unwind(AssertUnwindSafe(|| *future)).unwrap_err();
            assert!(payload.is::<Grenade>());
            std::mem::forget(payload);
            assert!(Background::outcome(&future).is_err());
        }
        "dropped" => drop(spawn(body)),
        "dropped-later" => {
            let future = spawn(body);
            gate.open();
            until("it has failed", || Background::is_ready(&future));
            drop(future);
        }
        "detached" => Background::detach(spawn(body)),
        "outcome" => {
            let future = spawn(body);
            gate.open();
            assert!(Background::outcome(&future).unwrap_err().is_panic());
        }
        "caught" => {
            gate.open();
            assert!(task().catch().spawn(body).as_ref().unwrap_err().is_panic());
        }
        "late" => {
            let late = task().timeout(Duration::from_millis(20)).spawn(body);
            assert!(late == background::Timeout);
        }
        "cancelled" => {
            let future = spawn(body);
            entered.pass();
            assert_eq!(Background::cancel(&future), Cancel::Stopping);
        }
        "inline" => {
            gate.open();
            drop(task().inline().spawn(body));
        }
        "lazy" => {
            gate.open();
            let future = task().lazy().spawn(body);
            assert!(Background::outcome(&future).is_err());
        }
        "dedicated" => drop(task().dedicated().spawn(body)),
        _ => panic!("path: {path}"),
    }
    gate.open();
    background::drain(Duration::from_secs(60)).expect("everything ends");
    assert_eq!(spawn(|| 5), 5);
}

/// A value whose destructor panics, where the library has to drop it.
pub(crate) fn value(path: &str) {
    let (gate, entered) = (Gate::new(), Gate::new());
    let (inside, enter) = (gate.clone(), entered.clone());
    let body = move || {
        enter.open();
        inside.pass();
        Grenade
    };
    match path {
        "dropped" => drop(spawn(body)),
        "detached" => Background::detach(spawn(body)),
        "late" => {
            let late = task().timeout(Duration::from_millis(20)).spawn(body);
            assert!(late.is_err());
        }
        "cancelled" => {
            let future = spawn(body);
            entered.pass();
            assert_eq!(Background::cancel(&future), Cancel::Stopping);
        }
        "captured" => {
            let captured = Grenade;
            let future = task().lazy().spawn(move || {
                let _captured = &captured;
            });
            drop(future);
        }
        _ => panic!("path: {path}"),
    }
    gate.open();
    background::drain(Duration::from_secs(60)).expect("everything ends");
    for n in 0..100 {
        assert_eq!(spawn(move || n), n);
    }
}

/// Many panics: the threads that ran the first ones run the last ones too.
pub(crate) fn many(count: &str) {
    let count: u32 = count.parse().expect("how many");
    std::panic::set_hook(Box::new(|_| {}));
    let threads = Arc::new(Mutex::new(HashSet::new()));
    for _ in 0..count {
        let threads = Arc::clone(&threads);
        let future = task().catch().spawn(move || {
            threads.lock().unwrap().insert(std::thread::current().id());
            panic!("on purpose")
        });
        let _: &Background<(), _> = &future;
        // Not a touch, which would run the body here.
        until("it has failed", || Background::is_ready(&future));
        assert!(future.as_ref().unwrap_err().is_panic());
    }
    let threads = threads.lock().unwrap().len();
    println!("{threads} threads");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // The pool grows while its threads wait; here they never do for long.
    assert!(threads <= cores + 4, "{threads} threads ran {count} panics");
}

#[background]
fn works() -> u8 {
    5
}

#[background]
fn breaks() -> u8 {
    panic!("on purpose")
}

/// Looks at a future while a panic unwinds.
struct Look<F: FnMut()>(F);

impl<F: FnMut()> Drop for Look<F> {
    fn drop(&mut self) {
        assert!(std::thread::panicking());
        (self.0)();
    }
}

pub(crate) fn unwinding(what: &str) {
    let unwind = |look: &mut dyn FnMut()| {
        let unwound = catch_unwind(AssertUnwindSafe(|| {
            let _look = Look(look);
            panic!("the first");
        }));
        assert_eq!(unwound.unwrap_err().downcast_ref(), Some(&"the first"));
    };
    match what {
        "ready" => {
            let future = works();
            until("it is ready", || Background::is_ready(&future));
            unwind(&mut || assert_eq!(future, 5));
        }
        "pending" => {
            for lazy in [false, true] {
                let future = if lazy { task().lazy().spawn(|| 5) } else { works() };
                unwind(&mut || assert_eq!(future, 5));
            }
        }
        "called" => unwind(&mut || assert_eq!(works() + works(), 10)),
        "joined" => {
            let mut future = Some(works());
            unwind(&mut || assert_eq!(future.take().map(Background::join), Some(5)));
        }
        "dropped" => {
            let mut future = Some(task().on_drop(background::OnDrop::Join).spawn(|| 5));
            unwind(&mut || drop(future.take()));
            let mut failed = Some(task().on_drop(background::OnDrop::Join).spawn(|| panic!("x")));
            let _: &Option<Background<u8>> = &failed;
            unwind(&mut || drop(failed.take()));
        }
        "failed-asked" => {
            let future = breaks();
            unwind(&mut || assert!(Background::outcome(&future).is_err()));
            unwind(&mut || assert_eq!(Background::try_get(&future), None));
            unwind(&mut || assert_eq!(Background::cancel(&future), Cancel::TooLate));
        }
        "timed-out" => {
            let late = task().timeout(Duration::ZERO).spawn(|| 5);
            unwind(&mut || assert!(late == background::Timeout));
        }
        // Two panics at once are more than Rust can do: it aborts, and says which task it was.
        "failed-touched" => {
            let future = breaks();
            unwind(&mut || assert_eq!(*future, 5));
        }
        _ => panic!("what: {what}"),
    }
}
