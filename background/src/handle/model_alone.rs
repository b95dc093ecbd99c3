//! Joining a task that was taken back from the thread's own queue, while others have, had or get a
//! reference to the job.
//!
//! The joiner may run the body without telling anybody, as long as nobody is there to be told.
//! Here somebody may be: with a reference from before the join, or with one that the body hands
//! out. Run as [`model`](super::model) is.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use loom::thread::{self, JoinHandle};

use crate::cell::waiters::Waiter;
use crate::clock::Tick;
use crate::failure::Failure;
use crate::handle::model::{Counted, job_of};
use crate::sync::global::lock;
use crate::task::job_ref::{JobRef, Resolved};
use crate::task::{current, wait};

/// What the other does with its reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Drop,
    Cancel,
    Wait,
    Register,
    Withdraw,
}

const ACTS: [Act; 5] = [Act::Drop, Act::Cancel, Act::Wait, Act::Register, Act::Withdraw];

impl Act {
    fn with(self, job: JobRef, told: &Arc<AtomicUsize>) {
        let told = Arc::clone(told);
        let tell = move || {
            // ORDERING: SeqCst. A count that only the assertions at the end look at.
            told.fetch_add(1, Ordering::SeqCst);
        };
        match self {
            Self::Drop => drop(job),
            Self::Cancel => {
                if job.resolve(Failure::Cancelled) != Resolved::TooLate {
                    tell();
                }
            }
            Self::Wait => assert!(wait::until_ready(&job, Tick::NEVER, None)),
            Self::Register => {
                if let Err(Waiter::After(call)) = job.core.register(Waiter::After(Box::new(tell))) {
                    call();
                }
            }
            Self::Withdraw => {
                if let Ok(key) = job.core.register(Waiter::After(Box::new(tell))) {
                    job.core.withdraw(key);
                }
            }
        }
    }
}

impl Act {
    fn check(self, told: &AtomicUsize, joined: &Result<Counted, Failure>) {
        // ORDERING: SeqCst, as above.
        match (self, told.load(Ordering::SeqCst)) {
            // Who withdraws may be told before.
            (Self::Register, 1) | (Self::Withdraw, 0 | 1) | (Self::Drop | Self::Wait, 0) => {}
            (Self::Cancel, times @ (0 | 1)) => {
                let cancelled = matches!(joined, Err(Failure::Cancelled));
                assert_eq!(cancelled, times == 1, "what a cancel was told");
            }
            (act, times) => panic!("{act:?} was told {times} times"),
        }
    }
}

/// How the body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    Value,
    Panic,
    /// With a value, unless it was told to stop.
    Checkpoint,
}

impl Body {
    fn end(self, count: &Arc<AtomicUsize>) -> Counted {
        match self {
            Self::Value => {}
            Self::Panic => resume_unwind(Box::new("boom")),
            Self::Checkpoint => current::checkpoint(),
        }
        Counted::new(count)
    }
}

fn judge(act: Act, body: Body, joined: &Result<Counted, Failure>) {
    match joined {
        Ok(_) => assert_ne!(body, Body::Panic),
        Err(Failure::Cancelled) => assert_eq!(act, Act::Cancel),
        Err(failure) => assert!(failure.is_panic() && body == Body::Panic, "{failure:?}"),
    }
}

fn tried(check: impl Fn(Act, Body) + Copy + Send + Sync + 'static) {
    for act in ACTS {
        for body in [Body::Value, Body::Panic, Body::Checkpoint] {
            loom::model(move || check(act, body));
        }
    }
}

#[test]
fn model_alone_meets_an_earlier_reference() {
    tried(|act, body| {
        let (count, told) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let own = Arc::clone(&count);
        let (future, task) = job_of::<_, Failure, _>(true, move || body.end(&own));
        let (job, telling) = (JobRef::clone(&future.job()), Arc::clone(&told));
        let other = thread::spawn(move || act.with(job, &telling));
        let joined = future.join_own(task);
        other.join().unwrap();
        judge(act, body, &joined);
        act.check(&told, &joined);
        drop(joined);
        // ORDERING: SeqCst, as above.
        assert_eq!(count.load(Ordering::SeqCst), 0, "a value was lost");
    });
}

#[test]
fn model_alone_meets_a_reference_that_the_body_hands_out() {
    tried(|act, body| {
        let (count, told) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let other = Arc::new(Mutex::new(None::<JoinHandle<()>>));
        let (own, telling, handed) = (Arc::clone(&count), Arc::clone(&told), Arc::clone(&other));
        let (future, task) = job_of::<_, Failure, _>(true, move || {
            let job = current::current().expect("the body runs as a task").into_job();
            *lock(&handed) = Some(thread::spawn(move || act.with(job, &telling)));
            body.end(&own)
        });
        let joined = future.join_own(task);
        let other = lock(&other).take();
        other.expect("the body ran").join().unwrap();
        judge(act, body, &joined);
        act.check(&told, &joined);
        drop(joined);
        // ORDERING: SeqCst, as above.
        assert_eq!(count.load(Ordering::SeqCst), 0, "a value was lost");
    });
}

/// A callback that was entered before the join sees the value.
#[test]
fn model_alone_serves_callbacks() {
    loom::model(|| {
        let count = Arc::new(AtomicUsize::new(0));
        let (own, calls) = (Arc::clone(&count), Arc::new(AtomicUsize::new(0)));
        let (future, task) = job_of::<_, Infallible, _>(true, move || Counted::new(&own));
        let called = Arc::clone(&calls);
        crate::Background::on_ready(&future, move |outcome| {
            assert!(outcome.is_ok());
            // ORDERING: SeqCst, as above.
            called.fetch_add(1, Ordering::SeqCst);
        });
        drop(future.join_own(task));
        // ORDERING: SeqCst, as above.
        assert_eq!([&calls, &count].map(|it| it.load(Ordering::SeqCst)), [1, 0]);
    });
}

/// The failure that nobody else can see is the one that is raised.
#[test]
fn model_alone_reraises_the_original_payload() {
    loom::model(|| {
        let (future, task) = job_of::<(), Infallible, _>(true, || resume_unwind(Box::new("boom")));
        let payload = catch_unwind(AssertUnwindSafe(|| future.join_own(task))).unwrap_err();
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"boom"));
    });
}
