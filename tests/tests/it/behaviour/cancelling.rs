//! Ending a task early.

use std::sync::mpsc::channel;

use background::strategies::Lazy;
use background::{Background, Cancel, Failure, Strategy, Task, checkpoint, spawn, task};
use background_tests::{Counter, Gate, within};

/// Keeps the task until it is asked for.
struct Shelf(std::sync::mpsc::Sender<Task>);

impl Strategy for Shelf {
    fn start(&self, task: Task) {
        self.0.send(task).unwrap();
    }
}

#[test]
fn before_the_start() {
    within(|| {
        let ((shelf, shelved), counter) = (channel(), Counter::new());
        let captured = counter.make();
        let future = task().on(Shelf(shelf)).spawn(move || -> u32 {
            unreachable!("{captured:?} must not be used");
        });
        let kept = shelved.recv().unwrap();
        assert!(kept.is_wanted());
        assert_eq!(Background::cancel(&future), Cancel::NeverStarted);
        assert!(!kept.is_wanted());
        assert_eq!(counter.dropped(), 1, "what the body has captured is dropped at once");
        assert_eq!(Background::outcome(&future), Err(&Failure::Cancelled));
        kept.run();
        assert_eq!(Background::outcome(&future), Err(&Failure::Cancelled));
        assert_eq!(Background::cancel(&future), Cancel::TooLate);
    });
}

#[test]
fn while_it_runs() {
    within(|| {
        let ((started, has_started), counter) = (channel(), Counter::new());
        let guard = counter.make();
        let future = spawn(move || -> u32 {
            let _guard = guard;
            started.send(()).unwrap();
            loop {
                checkpoint();
                std::thread::yield_now();
            }
        });
        has_started.recv().unwrap();
        assert_eq!(Background::cancel(&future), Cancel::Stopping);
        assert_eq!(Background::outcome(&future), Err(&Failure::Cancelled));
        assert_eq!(Background::cancel(&future), Cancel::TooLate);
        background_tests::until("the body has unwound", || counter.dropped() == 1);
    });
}

#[test]
fn after_the_end() {
    within(|| {
        let future = spawn(|| 5);
        assert_eq!(future, 5);
        assert_eq!(Background::cancel(&future), Cancel::TooLate);
        assert_eq!(Background::join(future), 5);
        let failed = task().catch().spawn(|| -> u8 { panic!("on purpose") });
        assert!(failed.is_err());
        assert_eq!(Background::cancel(&failed), Cancel::TooLate);
        assert!(failed.as_ref().unwrap_err().is_panic());
    });
}

#[test]
fn a_lazy_task_is_cancelled_before_its_first_touch() {
    within(|| {
        let future = task().on(Lazy).catch().spawn(|| -> u8 { unreachable!("cancelled") });
        assert_eq!(Background::cancel(&future), Cancel::NeverStarted);
        assert_eq!(Background::join(future), Err(Failure::Cancelled));
    });
}

/// A body without checkpoints runs to its end; what it returns is dropped there.
#[test]
fn a_body_without_checkpoints_is_left_alone() {
    within(|| {
        let ((started, has_started), gate, counter) = (channel(), Gate::new(), Counter::new());
        let future = spawn({
            let (gate, counter) = (gate.clone(), counter.clone());
            move || {
                started.send(()).unwrap();
                gate.pass();
                counter.make()
            }
        });
        has_started.recv().unwrap();
        assert_eq!(Background::cancel(&future), Cancel::Stopping);
        assert!(matches!(Background::outcome(&future), Err(Failure::Cancelled)));
        gate.open();
        background_tests::until("the value is dropped", || counter.dropped() == 1);
        drop(future);
        assert_eq!((counter.made(), counter.dropped()), (1, 1));
    });
}

/// Waiting in a touch is a checkpoint.
#[test]
fn a_body_that_waits_for_another_can_be_stopped() {
    within(|| {
        let ((started, has_started), gate, counter) = (channel(), Gate::new(), Counter::new());
        let (inside, guard) = (gate.clone(), counter.make());
        let outer = spawn(move || {
            let _guard = guard;
            let inner = task().dedicated().spawn(move || inside.pass());
            started.send(()).unwrap();
            Background::join(inner);
        });
        has_started.recv().unwrap();
        assert_eq!(Background::cancel(&outer), Cancel::Stopping);
        background_tests::until("the body has unwound", || counter.dropped() == 1);
        gate.open();
    });
}
