//! Every pair of what a caller may do and how a task may end, in every interleaving.
//!
//! ```sh
//! RUSTFLAGS="--cfg background_loom" cargo test --release -p background --lib model
//! ```
//!
//! Models of two threads run without a bound, those of three with two preemptions, unless
//! `LOOM_MAX_PREEMPTIONS` says otherwise. The value counts its instances, so that a value that is
//! lost or dropped twice fails the model; loom itself watches the accesses to slot, record and
//! body, the locks, and the memory of the job's waiters. Stale wake-ups are a model of their own,
//! because loom never returns from a wait without cause.
#![allow(unsafe_code)]

mod deadlock;

use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use loom::thread;

use crate::cell::parker::Parker;
use crate::failure::Failure;
use crate::handle::Background;
use crate::handle::cancel::Cancel;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::task::block_on::block_on;
use crate::task::body::Direct;
use crate::task::header::{Clocks, OnDrop, Settings};
use crate::task::job_ref::JobRef;
use crate::task::limit::Held;
use crate::task::{Task, job};

static SITE: Site = Site::new("model", "", "", 0);

/// A value that counts how many of it there are.
pub(super) struct Counted(Arc<AtomicUsize>);

impl Counted {
    pub(super) fn new(count: &Arc<AtomicUsize>) -> Self {
        // ORDERING: SeqCst. A count that only the assertions at the end look at.
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        // ORDERING: SeqCst, as above.
        let before = self.0.fetch_sub(1, Ordering::SeqCst);
        assert!(before > 0, "a value was dropped twice");
    }
}

/// How the task ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Fill,
    Panic,
    Lost,
    /// The body's value comes while, before or after a clock ends the task.
    LateFill,
}

const ENDINGS: [Ending; 4] = [Ending::Fill, Ending::Panic, Ending::Lost, Ending::LateFill];

fn job<S: Sentinel>(
    ending: Ending,
    count: &Arc<AtomicUsize>,
    claimable: bool,
) -> (Background<Counted, S>, Task) {
    // The body owns a counted argument too.
    let argument = Counted::new(count);
    let count = Arc::clone(count);
    job_of(claimable, move || {
        let _argument = argument;
        match ending {
            // Quietly: a hook would print for every one of the executions.
            Ending::Panic => resume_unwind(Box::new("boom")),
            _ => Counted::new(&count),
        }
    })
}

/// A job that is with no strategy yet.
pub(super) fn job_of<T, S, F>(claimable: bool, body: F) -> (Background<T, S>, Task)
where
    T: Send + 'static,
    S: Sentinel,
    F: FnOnce() -> T + Send + 'static,
{
    let settings = Settings {
        site: &SITE,
        caller: Location::caller(),
        name: None,
        clocks: Clocks::NONE,
        clock: None,
        on_drop: OnDrop::Detach,
        claimable,
        offload: Task::run,
        scoped: false,
        held: Held::default(),
        parcel: None,
        rank: None,
    };
    // SAFETY: all of it is Send and borrows nothing.
    let (shared, task) = unsafe { job::allocate::<_, _, T, S>(settings, None, Direct(body), ()) };
    // SAFETY: the job was just made, and this is its handle.
    (unsafe { Background::from_raw(shared) }, task)
}

/// One side does `act`, the other ends the task. Afterwards every value is gone.
fn meet<S: Sentinel>(ending: Ending, claimable: bool, act: fn(Background<Counted, S>)) {
    let mut model = loom::model::Builder::new();
    if ending == Ending::LateFill && model.preemption_bound.is_none() {
        model.preemption_bound = Some(2);
    }
    let executions = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&executions);
    model.check(move || {
        // ORDERING: SeqCst. A count that is only printed.
        counted.fetch_add(1, Ordering::SeqCst);
        let count = Arc::new(AtomicUsize::new(0));
        let (future, task) = job::<S>(ending, &count, claimable);
        let clock = (ending == Ending::LateFill).then(|| {
            let job = JobRef::clone(&future.job());
            thread::spawn(move || {
                job.resolve(Failure::Timeout);
            })
        });
        let strategy = thread::spawn(move || match ending {
            Ending::Lost => drop(task),
            _ => task.run(),
        });
        act(future);
        strategy.join().unwrap();
        clock.map(|clock| clock.join().unwrap());
        // ORDERING: SeqCst, as above.
        assert_eq!(count.load(Ordering::SeqCst), 0, "a value was lost");
    });
    // ORDERING: SeqCst, as above.
    println!("{ending:?}: {} executions", executions.load(Ordering::SeqCst));
}

/// The outcome is one that this ending can have, and stays what it is.
fn judge(first: Result<&Counted, &Failure>) -> Option<Failure> {
    first.err().cloned()
}

fn touch<S: Sentinel>(future: Background<Counted, S>) {
    let first = judge(Background::outcome(&future));
    assert!(Background::is_ready(&future));
    assert_eq!(judge(Background::outcome(&future)), first, "an outcome has changed");
    assert_eq!(Background::cancel(&future), Cancel::TooLate);
}

fn timed_touch<S: Sentinel>(future: Background<Counted, S>) {
    let seen = catch_unwind(AssertUnwindSafe(|| {
        Background::get_timeout(&future, Duration::from_secs(1)).is_some()
    }));
    match seen {
        Ok(true) | Err(_) => assert!(Background::is_ready(&future)),
        Ok(false) => {}
    }
}

fn awaited(future: Background<Counted, Failure>) {
    let by_reference = block_on(async { (&future).await.as_ref().err().cloned() });
    let by_value = block_on(async { future.await.err() });
    assert_eq!(by_reference, by_value);
}

fn cancel<S: Sentinel>(future: Background<Counted, S>) {
    let answer = Background::cancel(&future);
    // Cancel leaves an outcome that may be a step from being visible when somebody else filled it.
    let failure = judge(Background::outcome(&future));
    match answer {
        Cancel::NeverStarted | Cancel::Stopping => {
            assert!(matches!(failure, Some(Failure::Cancelled | Failure::Timeout)), "{failure:?}");
        }
        Cancel::TooLate => assert_ne!(failure, Some(Failure::Cancelled)),
    }
}

fn drop_it<S: Sentinel>(future: Background<Counted, S>) {
    drop(future);
}

fn join(future: Background<Counted, Failure>) {
    drop(Background::join(future));
}

fn join_plain(future: Background<Counted>) {
    // A failure is a panic here, the first time with the original payload.
    let joined = catch_unwind(AssertUnwindSafe(|| Background::join(future)));
    if let Err(payload) = joined {
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"boom"));
    }
}

macro_rules! pairs {
    ($($name:ident: $act:expr, $sentinel:ty;)*) => {
        $(mod $name {
            use super::*;

            #[test]
            fn fill() {
                meet::<$sentinel>(Ending::Fill, false, $act);
            }

            #[test]
            fn fill_or_claim() {
                meet::<$sentinel>(Ending::Fill, true, $act);
            }

            #[test]
            fn panic() {
                meet::<$sentinel>(Ending::Panic, false, $act);
            }

            #[test]
            fn lost() {
                meet::<$sentinel>(Ending::Lost, false, $act);
            }

            #[test]
            fn late_fill() {
                meet::<$sentinel>(Ending::LateFill, false, $act);
            }
        })*
    };
}

pairs! {
    model_touch: touch, std::convert::Infallible;
    model_touch_caught: touch, Failure;
    model_timed_touch: timed_touch, Failure;
    model_await: awaited, Failure;
    model_cancel: cancel, std::convert::Infallible;
    model_cancel_caught: cancel, Failure;
    model_drop: drop_it, std::convert::Infallible;
    model_drop_caught: drop_it, Failure;
    model_join: join, Failure;
}

#[test]
fn model_join_reraises_the_original_payload() {
    for ending in [Ending::Fill, Ending::Panic] {
        meet::<std::convert::Infallible>(ending, false, join_plain);
        meet::<std::convert::Infallible>(ending, true, join_plain);
    }
}

/// Two threads read one future that a third fills.
#[test]
fn model_two_readers_see_the_same() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = model.preemption_bound.or(Some(2));
    model.check(|| {
        let count = Arc::new(AtomicUsize::new(0));
        let (future, task) = job::<Failure>(Ending::Fill, &count, true);
        let future = Arc::new(future);
        let other = Arc::clone(&future);
        let reader = thread::spawn(move || std::ptr::from_ref(Background::get(&other)).addr());
        let strategy = thread::spawn(move || task.run());
        let here = std::ptr::from_ref(Background::get(&future)).addr();
        assert_eq!(reader.join().unwrap(), here, "two readers, two addresses");
        strategy.join().unwrap();
        drop(future);
        // ORDERING: SeqCst, as above.
        assert_eq!(count.load(Ordering::SeqCst), 0);
    });
}

/// A callback is called once, whenever it was registered, and never together with an owner's
/// mutable access.
#[test]
fn model_callback_meets_every_ending() {
    for ending in ENDINGS {
        let mut model = loom::model::Builder::new();
        if ending == Ending::LateFill {
            model.preemption_bound = model.preemption_bound.or(Some(2));
        }
        model.check(move || {
            let count = Arc::new(AtomicUsize::new(0));
            let calls = Arc::new(AtomicUsize::new(0));
            let (mut future, task) = job::<Failure>(ending, &count, false);
            let clock = (ending == Ending::LateFill).then(|| {
                let job = JobRef::clone(&future.job());
                thread::spawn(move || {
                    job.resolve(Failure::Timeout);
                })
            });
            let strategy = thread::spawn(move || match ending {
                Ending::Lost => drop(task),
                _ => task.run(),
            });
            let called = Arc::clone(&calls);
            Background::on_ready(&future, move |_| {
                // ORDERING: SeqCst, as above.
                called.fetch_add(1, Ordering::SeqCst);
            });
            if let Ok(value) = &mut *future {
                value.0 = Arc::clone(&value.0);
            }
            // ORDERING: SeqCst, as above.
            assert_eq!(calls.load(Ordering::SeqCst), 1, "a callback comes before the value");
            strategy.join().unwrap();
            clock.map(|clock| clock.join().unwrap());
            drop(future);
            // ORDERING: SeqCst, as above.
            assert_eq!(count.load(Ordering::SeqCst), 0);
        });
    }
}

/// A continuation runs once, wherever it is started from.
#[test]
fn model_continuation() {
    loom::model(|| {
        let count = Arc::new(AtomicUsize::new(0));
        let (future, task) = job::<Failure>(Ending::Fill, &count, false);
        let strategy = thread::spawn(move || task.run());
        let after = Background::then(future, |value| value.is_ok());
        assert_eq!(Background::outcome(&after), Ok(&true));
        strategy.join().unwrap();
        drop(after);
        // ORDERING: SeqCst, as above.
        assert_eq!(count.load(Ordering::SeqCst), 0);
    });
}

/// A bed that was left with a wake-up nobody waited for wakes its next sleeper at once, and the
/// one after that is still woken.
#[test]
fn model_stale_wake_up() {
    loom::model(|| {
        let parker = Parker::new();
        parker.unpark();
        let waker = Arc::clone(&parker);
        let other = thread::spawn(move || waker.unpark());
        parker.park(None);
        other.join().unwrap();
        // Whether the second wake-up came before or after the sleep, the bed is usable.
        parker.unpark();
        parker.park(None);
    });
}

/// A lazy body runs once, whoever starts it.
#[test]
fn model_parked_body_runs_once() {
    loom::model(|| {
        let count = Arc::new(AtomicUsize::new(0));
        let (future, task) = job::<Failure>(Ending::Fill, &count, false);
        task.park();
        let future = Arc::new(future);
        let other = Arc::clone(&future);
        let reader = thread::spawn(move || Background::get(&other).is_ok());
        assert!(Background::get(&future).is_ok());
        assert!(reader.join().unwrap());
        drop(future);
        // ORDERING: SeqCst, as above.
        assert_eq!(count.load(Ordering::SeqCst), 0);
    });
}

/// A body that is parked while its future is touched, awaited or dropped runs, or is dropped, once.
#[test]
fn model_parking_meets_the_caller() {
    let acts: [fn(Background<Counted, Failure>); 4] = [touch, awaited, timed_touch, drop_it];
    for act in acts {
        loom::model(move || {
            let count = Arc::new(AtomicUsize::new(0));
            let (future, task) = job::<Failure>(Ending::Fill, &count, false);
            let strategy = thread::spawn(move || task.park());
            act(future);
            strategy.join().unwrap();
            // ORDERING: SeqCst, as above.
            assert_eq!(count.load(Ordering::SeqCst), 0);
        });
    }
}
