//! Ends that come before the body's, one after the other and from several sides.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use background::{Background, Cancel, Failure, OnDrop, Strategy, Task, checkpoint, task};
use background_tests::{Counter, Gate, until, within};

/// Keeps its tasks.
struct Keep(std::sync::Mutex<Vec<Task>>);

impl Keep {
    const fn new() -> Self {
        Self(std::sync::Mutex::new(Vec::new()))
    }
}

impl Strategy for Keep {
    fn start(&self, task: Task) {
        self.0.lock().unwrap().push(task);
    }

    fn claim_on_touch(&self) -> bool {
        true
    }
}

/// An argument whose destructor takes its time.
struct Slow {
    started: Gate,
    go: Gate,
}

impl Drop for Slow {
    fn drop(&mut self) {
        self.started.open();
        self.go.pass();
    }
}

#[test]
fn a_cancel_that_was_first_stays_first_while_arguments_are_dropped() {
    within(|| {
        let keep = Keep::new();
        let (started, go) = (Gate::new(), Gate::new());
        let slow = Slow { started: started.clone(), go: go.clone() };
        let future = Arc::new(task().catch().on(&keep).spawn(move || drop(slow)));
        let first = Arc::clone(&future);
        let canceller = thread::spawn(move || Background::cancel(&first));
        started.pass();
        assert_eq!(Background::cancel(&future), Cancel::TooLate);
        go.open();
        assert_eq!(canceller.join().unwrap(), Cancel::NeverStarted);
        assert_eq!(Background::outcome(&future), Err(&Failure::Cancelled));
    });
}

#[test]
fn slow_destructors_do_not_make_other_limits_late() {
    within(|| {
        let keep = Keep::new();
        let (started, go) = (Gate::new(), Gate::new());
        let slow = Slow { started: started.clone(), go: go.clone() };
        let limit = Duration::from_millis(10);
        let blocked = task().deadline(limit).on(&keep).spawn(move || drop(slow));
        started.pass();
        // Nobody waits for these but the watcher of limits.
        let others: Vec<_> =
            (0..3).map(|n| task().deadline(limit).on(&keep).spawn(move || n)).collect();
        until("the others have timed out", || others.iter().all(Background::is_ready));
        assert!(!Background::is_ready(&blocked));
        go.open();
        assert!(Background::outcome(&blocked).is_err());
    });
}

#[test]
fn a_slow_callback_does_not_make_other_limits_late() {
    within(|| {
        let keep = Keep::new();
        let limit = Duration::from_millis(20);
        // Twice, as after the first time there is a second watcher, asleep.
        for _ in 0..2 {
            let (started, go) = (Gate::new(), Gate::new());
            let (inside, gate) = (started.clone(), go.clone());
            let blocked = task().deadline(limit).on(&keep).spawn(|| 1);
            Background::on_ready(&blocked, move |_| {
                inside.open();
                gate.pass();
            });
            let other = task().deadline(limit * 2).on(&keep).spawn(|| 2);
            started.pass();
            until("the other has timed out", || Background::is_ready(&other));
            assert!(!Background::is_ready(&blocked));
            go.open();
            assert!(Background::outcome(&blocked).is_err());
        }
    });
}

#[test]
fn a_cancel_that_was_too_late_is_not_told_as_a_stop() {
    within(|| {
        let finished = task().inline().spawn(|| 7);
        assert_eq!(Background::cancel(&finished), Cancel::TooLate);
        assert!(!Background::status(&finished).is_stopping());
        assert_eq!(finished, 7);
    });
}

#[test]
fn a_rejection_does_not_overtake_a_toucher() {
    within(|| {
        let keep = Keep::new();
        let (started, go) = (Gate::new(), Gate::new());
        let (inside, gate) = (started.clone(), go.clone());
        let future = task().on(&keep).spawn(move || {
            inside.open();
            gate.pass();
            7
        });
        let toucher = thread::spawn(move || Background::join(future));
        started.pass();
        keep.0.lock().unwrap().pop().unwrap().reject("too late");
        go.open();
        assert_eq!(toucher.join().unwrap(), 7);
    });
}

#[test]
fn a_timed_body_unwinds_out_of_a_touch() {
    within(|| {
        let counter = Counter::new();
        let local = counter.make();
        let (stop, stopped) = (Gate::new(), Gate::new());
        let inner_stop = stop.clone();
        let outer = task().timeout(Duration::from_millis(20)).spawn(move || {
            let _local = local;
            // Without a limit of its own: claimed, it would keep the outer body from unwinding.
            Background::join(task().spawn(move || {
                inner_stop.pass();
                stopped.open();
            }));
        });
        assert_eq!(Background::outcome(&outer), Err(&Failure::Timeout));
        until("the outer body has unwound", || counter.dropped() == 1);
        stop.open();
    });
}

#[test]
fn a_drop_that_joins_gives_its_value_back_when_it_is_stopped() {
    within(|| {
        let counter = Counter::new();
        let value = counter.make();
        let (started, go) = (Gate::new(), Gate::new());
        let (inside, gate) = (started.clone(), go.clone());
        let outer = task().dedicated().spawn(move || {
            let inner = task().dedicated().on_drop(OnDrop::Join).spawn(move || {
                inside.open();
                gate.pass();
                value
            });
            drop(inner);
        });
        started.pass();
        assert_eq!(Background::cancel(&outer), Cancel::Stopping);
        go.open();
        until("the value is dropped", || counter.dropped() == 1);
    });
}

#[test]
fn a_continuation_inherits_the_deadline_of_its_caller() {
    within(|| {
        let keep = Arc::new(Keep::new());
        let inside = Arc::clone(&keep);
        let outer = task().deadline(Duration::from_millis(50)).spawn(move || {
            let never = task().on(inside).spawn(|| 1);
            let after = Background::then(never, |n| n + 1);
            until("the continuation has ended", || Background::is_ready(&after));
            checkpoint();
        });
        assert!(Background::outcome(&outer).is_err());
    });
}

#[test]
fn a_callback_that_panics_harms_nobody() {
    within(|| {
        let future = task().inline().spawn(|| 7);
        Background::on_ready(&future, |_| resume_unwind(Box::new("in a callback")));
        let (sender, receiver) = channel();
        Background::on_ready(&future, move |outcome| sender.send(outcome.is_ok()).unwrap());
        assert_eq!(receiver.recv(), Ok(true));
        assert_eq!(future, 7);
    });
}

#[test]
fn a_touch_while_unwinding_leaves_the_payload_to_the_next() {
    struct Looks(Arc<Background<u8>>);

    impl Drop for Looks {
        fn drop(&mut self) {
            // What the touch raises is caught before it leaves the destructor.
            assert!(catch_unwind(AssertUnwindSafe(|| **self.0)).is_err());
        }
    }

    within(|| {
        let failed = task().spawn(|| -> u8 { resume_unwind(Box::new(1234_u64)) });
        assert!(Background::outcome(&failed).is_err());
        let failed = Arc::new(failed);
        let inner = Arc::clone(&failed);
        let unwound = catch_unwind(AssertUnwindSafe(move || {
            let _looks = Looks(inner);
            resume_unwind(Box::new("unwinding"))
        }));
        assert!(unwound.is_err());
        let payload = catch_unwind(AssertUnwindSafe(|| **failed)).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&1234_u64));
    });
}
