//! Lazy tasks that are parked early, late, deep and in scopes.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use background::strategies::Lazy;
use background::{Background, Failure, Strategy, Task, drain, scope, task};
use background_tests::{Counter, Gate, until, within};

/// Hands its tasks to whoever holds the other end.
struct Through(Sender<Task>);

impl Through {
    fn new() -> (Self, Receiver<Task>) {
        let (sender, receiver) = channel();
        (Self(sender), receiver)
    }
}

impl Strategy for Through {
    fn start(&self, task: Task) {
        self.0.send(task).unwrap();
    }
}

#[test]
fn a_toucher_that_waits_already_gets_a_late_parked_task() {
    within(|| {
        let (through, tasks) = Through::new();
        let future = task().on(&through).spawn(|| 7);
        let toucher = thread::spawn(move || Background::join(future));
        Lazy.start(tasks.recv().unwrap());
        assert_eq!(toucher.join().unwrap(), 7);
    });
}

#[test]
fn a_late_parked_task_whose_future_is_gone_is_not_kept() {
    within(|| {
        let counter = Counter::new();
        let (through, tasks) = Through::new();
        let argument = counter.make();
        drop(task().on(&through).spawn(move || drop(argument)));
        Lazy.start(tasks.recv().unwrap());
        until("the argument is dropped", || counter.dropped() == 1);
    });
}

#[test]
fn a_scope_ends_though_its_task_was_parked_late_and_its_future_leaked() {
    within(|| {
        let (through, tasks) = Through::new();
        let parker = thread::spawn(move || tasks.into_iter().for_each(|task| Lazy.start(task)));
        let mut ran = false;
        scope(|s| std::mem::forget(s.spawn_with(task().on(&through), || ran = true)));
        assert!(ran);
        drop(through);
        parker.join().unwrap();
    });
}

#[test]
fn a_scope_runs_lazy_tasks_that_its_tasks_start() {
    within(|| {
        let (gate, (sender, receiver)) = (Gate::new(), channel());
        scope(|s| {
            let inside = gate.clone();
            let outer = s.spawn_with(task().dedicated(), move || {
                inside.pass();
                std::mem::forget(s.spawn_with(task().lazy(), move || sender.send(7).unwrap()));
            });
            std::mem::forget(outer);
            gate.open();
        });
        assert_eq!(receiver.recv(), Ok(7));
    });
}

#[test]
fn nested_lazy_calls_do_not_overflow_the_stack() {
    fn nest(n: u32) -> u32 {
        if n == 0 { 0 } else { *task().lazy().spawn(move || nest(n - 1)) + 1 }
    }

    within(|| assert_eq!(nest(50_000), 50_000));
}

#[test]
fn a_lazy_task_that_never_starts_does_not_confuse_the_drain() {
    // In a process of its own would be better to see, but a wrong count never mends: enough of
    // these and `drain` returns while the task below runs.
    within(|| {
        for _ in 0..1_000 {
            let late = task().lazy().deadline(Duration::ZERO).spawn(|| 1);
            assert_eq!(Background::outcome(&late), Err(&Failure::Timeout));
        }
        let (started, gate) = (Gate::new(), Gate::new());
        let (inside, go) = (started.clone(), gate.clone());
        let running = task().dedicated().spawn(move || {
            inside.open();
            go.pass();
        });
        started.pass();
        assert!(drain(Duration::ZERO).is_err());
        gate.open();
        assert_eq!(running, ());
    });
}
