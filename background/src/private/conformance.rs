//! The behaviours behind [`conformance!`](crate::conformance).

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;

use crate::private::block_on;
use crate::{
    Background, Cancel, Failure, OnDrop, Strategy, Timeout, checkpoint, current, scope, spawn, task,
};

/// Makes the strategy under test.
pub trait Make<P: Strategy>: Fn() -> P + Clone + Send + Sync + 'static {}
impl<P: Strategy, F: Fn() -> P + Clone + Send + Sync + 'static> Make<P> for F {}

/// Long enough for a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(120);
/// A limit that a body which would run for ever is to meet.
const SHORT: Duration = Duration::from_millis(20);

/// Fails when `test` hangs.
#[track_caller]
fn watched(test: impl FnOnce() + Send + 'static) {
    let (done, is_done) = mpsc::channel::<()>();
    let tester = thread::spawn(move || {
        let _done = done;
        test();
    });
    // The sender is dropped when the test ends, and nothing is ever sent.
    let in_time = is_done.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Disconnected);
    assert!(in_time, "the strategy has not done its work within {PATIENCE:?}");
    if let Err(payload) = tester.join() {
        resume_unwind(payload);
    }
}

/// Counts its living instances.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        add(count);
        Self(Arc::clone(count))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        // ORDERING: SeqCst. Tests trade speed for having nothing to explain.
        assert!(self.0.fetch_sub(1, Ordering::SeqCst) > 0, "dropped twice");
    }
}

fn add(count: &AtomicUsize) {
    // ORDERING: SeqCst, as above.
    count.fetch_add(1, Ordering::SeqCst);
}

fn get(count: &AtomicUsize) -> usize {
    // ORDERING: SeqCst, as above.
    count.load(Ordering::SeqCst)
}

/// Waits for other threads to bring `count` to `expected`; the watchdog ends a wait in vain.
fn until(count: &AtomicUsize, expected: usize) {
    while get(count) != expected {
        thread::yield_now();
    }
}

/// Runs until it is told to stop.
fn endless() -> u32 {
    loop {
        checkpoint();
        thread::yield_now();
    }
}

pub fn the_value_arrives<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let text = task().on(make()).spawn(|| String::from("value"));
        assert_eq!(text.len(), 5);
        assert_eq!(Background::join(text), "value");
    });
}

pub fn a_body_runs_once_for_ten_touching_threads<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        let future = Arc::new(task().on(make()).spawn(move || {
            add(&counted);
            Box::new(7)
        }));
        let together = Arc::new(Barrier::new(10));
        let readers: Vec<_> = (0..10)
            .map(|_| {
                let (future, together) = (Arc::clone(&future), Arc::clone(&together));
                thread::spawn(move || {
                    together.wait();
                    std::ptr::from_ref::<i32>(&**future).addr()
                })
            })
            .collect();
        let addresses: Vec<_> = readers.into_iter().map(|r| r.join().unwrap()).collect();
        assert!(addresses.windows(2).all(|pair| pair[0] == pair[1]), "two values for one future");
        assert_eq!(get(&runs), 1);
    });
}

pub fn a_thousand_tasks_each_run_once<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let strategy = make();
        let runs: Arc<[AtomicUsize]> = (0..1000).map(|_| AtomicUsize::new(0)).collect();
        let futures: Vec<_> = (0..1000)
            .map(|index| {
                let runs = Arc::clone(&runs);
                task().on(&strategy).spawn(move || {
                    add(&runs[index]);
                    index
                })
            })
            .collect();
        for (index, future) in futures.into_iter().enumerate() {
            assert_eq!(Background::join(future), index);
        }
        assert!(runs.iter().all(|runs| get(runs) == 1));
    });
}

pub fn eight_threads_may_submit_together<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let submitters: Vec<_> = (0..8_u64)
            .map(|n| {
                let make = make.clone();
                thread::spawn(move || {
                    let strategy = make();
                    let futures: Vec<_> =
                        (0..100).map(|m| task().on(&strategy).spawn(move || n * m)).collect();
                    futures.into_iter().map(Background::join).sum::<u64>()
                })
            })
            .collect();
        let total: u64 = submitters.into_iter().map(|s| s.join().unwrap()).sum();
        assert_eq!(total, 28 * 4950);
    });
}

pub fn values_of_any_size_and_alignment_arrive<P: Strategy>(make: impl Make<P>) {
    #[repr(align(256))]
    #[derive(Clone, Copy)]
    struct Aligned(u8);

    watched(move || {
        let strategy = make();
        let argument = Aligned(3);
        assert_eq!(*task().on(&strategy).spawn(|| ()), ());
        assert_eq!(task().on(&strategy).spawn(|| [9_u8; 4096])[4095], 9);
        let aligned = task().on(&strategy).spawn(move || Aligned(argument.0 + 1));
        assert_eq!(aligned.0, 4);
        assert_eq!(std::ptr::from_ref::<Aligned>(&aligned).addr() % 256, 0);
    });
}

pub fn a_panic_keeps_its_payload_and_then_has_a_message<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let failed = task().name("fragile").on(make()).spawn(|| -> u32 {
            resume_unwind(Box::new(1234_u64));
        });
        let first = catch_unwind(AssertUnwindSafe(|| *failed)).unwrap_err();
        assert_eq!(first.downcast_ref(), Some(&1234_u64));
        let second = catch_unwind(AssertUnwindSafe(|| *failed)).unwrap_err();
        let message = second.downcast_ref::<String>().expect("a message");
        assert!(message.contains("`fragile` (called at "), "{message}");
        assert!(message.contains(file!()), "{message}");
        assert!(message.contains("panicked"), "{message}");
    });
}

pub fn an_outcome_is_given_without_a_panic<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let strategy = make();
        let fine = task().on(&strategy).spawn(|| 7);
        let failed = task().on(&strategy).spawn(|| -> u32 { resume_unwind(Box::new("boom")) });
        assert_eq!(Background::outcome(&fine), Ok(&7));
        let failure = Background::outcome(&failed).unwrap_err();
        assert!(matches!(failure, Failure::Panicked { message, .. } if message == "boom"));
        assert_eq!(Background::try_get(&failed), None);
    });
}

pub fn a_caught_panic_is_a_value<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let strategy = make();
        let failed =
            task().catch().on(&strategy).spawn(|| -> u32 { resume_unwind(Box::new("boom")) });
        assert!(failed.as_ref().unwrap_err().is_panic());
        assert!(Background::join(failed).unwrap_err().is_panic());
        assert_eq!(Background::join(task().catch().on(&strategy).spawn(|| 7)), Ok(7));
    });
}

pub fn a_timeout_is_seen_by_everybody_for_ever<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let late = task().timeout(SHORT).on(make()).spawn(endless);
        assert_eq!(late, Timeout);
        assert_eq!(Timeout, late);
        assert_eq!(*late, Err(Timeout));
        assert_eq!(Background::outcome(&late), Err(&Failure::Timeout));
        assert_eq!(late.to_string(), "Timeout");
        assert_eq!(Background::cancel(&late), Cancel::TooLate);
        assert_eq!(Background::join(late), Err(Timeout));
    });
}

pub fn a_timeout_runs_destructors<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let count = Arc::new(AtomicUsize::new(0));
        let local = Counted::new(&count);
        let late = task().timeout(SHORT).on(make()).spawn(move || {
            let _local = local;
            endless()
        });
        assert!(late == Timeout);
        until(&count, 0);
    });
}

pub fn no_time_never_starts_the_body<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let strategy = make();
        let runs = Arc::new(AtomicUsize::new(0));
        let (by_budget, by_deadline) = (Arc::clone(&runs), Arc::clone(&runs));
        let budget = task().timeout(Duration::ZERO).on(&strategy).spawn(move || add(&by_budget));
        let deadline =
            task().deadline(Duration::ZERO).on(&strategy).spawn(move || add(&by_deadline));
        assert!(budget == Timeout && deadline == Timeout);
        assert_eq!(get(&runs), 0);
    });
}

pub fn endless_time_is_no_limit<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let forever = task().timeout(Duration::MAX).deadline(Duration::MAX);
        assert_eq!(Background::join(forever.on(make()).spawn(|| 7)), Ok(7));
    });
}

pub fn a_panic_is_never_a_timeout<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let limited = task().timeout(PATIENCE).on(make());
        let failed = limited.spawn(|| -> u32 { resume_unwind(Box::new("boom")) });
        assert!(Background::outcome(&failed).unwrap_err().is_panic());
        let payload = catch_unwind(AssertUnwindSafe(|| failed.is_ok())).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"boom"));
    });
}

pub fn a_deadline_is_inherited<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let remaining = || current().and_then(|task| task.remaining());
        let limited = task().deadline(PATIENCE).on(make());
        let both = limited.spawn(move || (remaining(), Background::join(spawn(remaining))));
        let (own, nested) = Background::join(both).expect("there is time enough");
        assert!(own.is_some_and(|own| own <= PATIENCE));
        assert!(nested.is_some_and(|nested| Some(nested) <= own), "{nested:?} of {own:?}");
    });
}

pub fn a_cancelled_task_that_never_started_never_runs<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let strategy = make();
        for _ in 0..100 {
            let runs = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&runs);
            let future = task().on(&strategy).spawn(move || add(&counted));
            let answer = Background::cancel(&future);
            let outcome = Background::outcome(&future).copied().map_err(Clone::clone);
            match answer {
                Cancel::NeverStarted => {
                    assert_eq!(outcome, Err(Failure::Cancelled));
                    // The body is gone, and with it what it would have counted with.
                    assert_eq!((get(&runs), Arc::strong_count(&runs)), (0, 1));
                }
                Cancel::Stopping => assert_eq!(outcome, Err(Failure::Cancelled)),
                Cancel::TooLate => assert_eq!(outcome, Ok(())),
            }
        }
    });
}

pub fn a_cancel_after_the_end_is_too_late<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let future = task().on(make()).spawn(|| 7);
        assert_eq!(future, 7);
        assert_eq!(Background::cancel(&future), Cancel::TooLate);
        assert_eq!(future, 7);
    });
}

pub fn arguments_and_values_are_dropped_once<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let strategy = make();
        let count = Arc::new(AtomicUsize::new(0));
        for n in 0..300 {
            let (argument, inner) = (Counted::new(&count), Arc::clone(&count));
            let future = task().on(&strategy).spawn(move || {
                let _argument = argument;
                Counted::new(&inner)
            });
            match n % 3 {
                0 => drop(future),
                1 => drop(Background::join(future)),
                _ => assert!(Background::outcome(&future).is_ok()),
            }
        }
        until(&count, 0);
    });
}

pub fn dropping_a_future_may_join<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        drop(task().on_drop(OnDrop::Join).on(make()).spawn(move || add(&counted)));
        assert_eq!(get(&runs), 1);
    });
}

pub fn a_reader_with_a_limit_gets_the_value<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let future = task().on(make()).spawn(|| 7);
        assert_eq!(Background::get_timeout(&future, Duration::MAX), Some(&7));
        assert_eq!(Background::get_timeout(&future, Duration::ZERO), Some(&7));
        assert_eq!(Background::try_get(&future), Some(&7));
    });
}

pub fn a_callback_is_called_once<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let strategy = make();
        let (sender, receiver) = mpsc::channel();
        for n in 0..100 {
            let sender = sender.clone();
            let future = task().on(&strategy).spawn(move || n);
            Background::on_ready(&future, move |outcome| {
                sender.send(outcome.ok().copied()).unwrap();
            });
            assert_eq!(receiver.recv(), Ok(Some(n)));
            assert_eq!(future, n);
        }
        drop(sender);
        assert!(receiver.recv().is_err(), "called twice");
    });
}

pub fn a_continuation_gets_the_value<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let strategy = make();
        let future = task().on(&strategy).spawn(|| 6);
        assert_eq!(Background::then(future, |n| n * 7), 42);
        let failed = task().on(&strategy).spawn(|| -> u32 { resume_unwind(Box::new("boom")) });
        let after = Background::then(failed, |n| n * 7);
        let payload = catch_unwind(AssertUnwindSafe(|| Background::join(after))).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"boom"));
    });
}

pub fn an_await_gets_the_value<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let strategy = make();
        let (x, y) = (task().on(&strategy).spawn(|| 1), task().on(&strategy).spawn(|| 2));
        assert_eq!(block_on(async { *(&x).await + y.await }), 3);
        assert_eq!(x, 1);
    });
}

pub fn a_body_knows_its_task<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let future = task().name("known").on(make()).spawn(|| {
            let current = current().expect("a body runs inside of its task");
            (current.id(), current.name().to_owned(), current.call_site().line())
        });
        let (id, name, line) = &*future;
        assert_eq!(*id, Background::id(&future));
        assert_eq!(name, "known");
        assert_eq!(*line, Background::call_site(&future).line());
    });
}

pub fn a_body_may_start_tasks_and_touch_them<P: Strategy>(make: impl Make<P>) {
    fn sum(n: u64) -> u64 {
        if n == 0 { 0 } else { n + spawn(move || sum(n - 1)) }
    }

    watched(move || {
        let strategy = make();
        let futures: Vec<_> = (0..20).map(|n| task().on(&strategy).spawn(move || sum(n))).collect();
        let total: u64 = futures.into_iter().map(Background::join).sum();
        assert_eq!(total, (0..20).map(|n| n * (n + 1) / 2).sum::<u64>());
    });
}

pub fn a_scoped_task_may_borrow<P: Strategy>(make: impl Make<P>) {
    watched(move || {
        let strategy = make();
        let text = String::from("borrowed");
        let mut lengths = [0; 10];
        let borrowed = &text;
        let total = scope(|s| {
            let futures: Vec<_> = lengths
                .iter_mut()
                .enumerate()
                .map(|(n, length)| {
                    s.spawn_with(task().on(&strategy), move || {
                        *length = borrowed[..borrowed.len().min(n)].len();
                        *length
                    })
                })
                .collect();
            futures.into_iter().map(Background::join).sum::<usize>()
        });
        assert_eq!(total, lengths.iter().sum::<usize>());
        assert_eq!(lengths[..9], [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    });
}
