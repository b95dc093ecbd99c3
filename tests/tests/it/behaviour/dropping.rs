//! What becomes of a task whose future is dropped.

use std::sync::mpsc::channel;

use background::{Background, OnDrop, background, checkpoint, spawn, task};
use background_tests::{Counter, Gate, within};

#[test]
fn detached_by_default() {
    within(|| {
        let ((sender, receiver), gate) = (channel(), Gate::new());
        let inside = gate.clone();
        drop(spawn(move || {
            inside.pass();
            sender.send("ran on").unwrap();
        }));
        gate.open();
        assert_eq!(receiver.recv(), Ok("ran on"));
    });
}

#[test]
fn detached_in_so_many_words() {
    within(|| {
        let (sender, receiver) = channel();
        let body = || {
            let sender = sender.clone();
            move || sender.send(7)
        };
        Background::detach(task().lazy().spawn(body()));
        assert_eq!(receiver.recv(), Ok(7));
        Background::detach(task().on_drop(OnDrop::Cancel).spawn(body()));
        assert_eq!(receiver.recv(), Ok(7));
        Background::detach(task().on_drop(OnDrop::Join).spawn(body()));
        assert_eq!(receiver.recv(), Ok(7));
    });
}

#[test]
fn cancelled() {
    within(|| {
        let ((started, has_started), counter) = (channel(), Counter::new());
        let guard = counter.make();
        drop(task().on_drop(OnDrop::Cancel).spawn(|| 1));
        let future = task().on_drop(OnDrop::Cancel).spawn(move || -> u8 {
            let _guard = guard;
            started.send(()).unwrap();
            loop {
                checkpoint();
                std::thread::yield_now();
            }
        });
        has_started.recv().unwrap();
        drop(future);
        background_tests::until("the body has unwound", || counter.dropped() == 1);
    });
}

#[background(on_drop = join)]
fn joined(gate: Gate, counter: Counter) -> u64 {
    gate.pass();
    counter.make().nth()
}

#[test]
fn waited_for() {
    within(|| {
        let (gate, counter) = (Gate::new(), Counter::new());
        let future = joined(gate.clone(), counter.clone());
        gate.open();
        drop(future);
        assert_eq!((counter.made(), counter.dropped()), (1, 1));
        // A lazy one runs at the latest now.
        drop(task().lazy().on_drop(OnDrop::Join).spawn({
            let counter = counter.clone();
            move || counter.make()
        }));
        assert_eq!((counter.made(), counter.dropped()), (2, 2));
    });
}

#[test]
fn a_lazy_task_never_runs() {
    within(|| {
        let counter = Counter::new();
        let captured = counter.make();
        drop(task().lazy().spawn(move || -> u8 { unreachable!("{captured:?}") }));
        assert_eq!(counter.dropped(), 1);
    });
}

/// One allocation stays behind, and nobody waits for it.
#[test]
fn a_forgotten_future_keeps_nobody() {
    within(|| {
        let counter = Counter::new();
        let (sender, receiver) = channel();
        std::mem::forget(spawn({
            let counter = counter.clone();
            move || {
                sender.send(()).unwrap();
                counter.make()
            }
        }));
        assert_eq!(receiver.recv(), Ok(()));
        assert!(receiver.recv().is_err(), "the body is dropped");
        assert_eq!(counter.dropped(), 0, "the value is not");
    });
}

#[test]
fn a_hundred_thousand_untouched() {
    within(|| {
        const MANY: usize = 100_000;
        let counter = Counter::new();
        for _ in 0..MANY {
            let counter = counter.clone();
            drop(spawn(move || counter.make()));
        }
        background_tests::until("all values are dropped", || counter.dropped() == MANY);
        assert_eq!(counter.made(), MANY);
    });
}
