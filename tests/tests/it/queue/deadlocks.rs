//! Bodies that a queue may try more than once, and that wait for themselves.

use std::sync::{Arc, OnceLock};

use background::{Background, Failure, QueueWorker, TaskQueue, current, strategies};
use background_tests::{Gate, within};

type Futures = Arc<Vec<OnceLock<Background<usize, Failure>>>>;

/// So many tasks, each of which may be tried again, and touches the next.
fn ring(queue: &TaskQueue, length: usize) -> Futures {
    let futures: Futures = Arc::new((0..length).map(|_| OnceLock::new()).collect());
    let gate = Gate::new();
    for nth in 0..length {
        let (inside, gate) = (Arc::clone(&futures), gate.clone());
        let call = queue.task().name(format!("task {nth}")).retry(3);
        let future = call.spawn(move || {
            gate.pass();
            let next = inside[(nth + 1) % length].get().expect("all are set");
            match Background::outcome(next) {
                Ok(value) => value + 1,
                // As a touch of a future does that has no value for it.
                Err(failure) => panic!("{failure}"),
            }
        });
        futures[nth].set(future).expect("each is set once");
    }
    gate.open();
    futures
}

#[test]
fn a_circle_of_tries_is_found() {
    within(|| {
        for length in [1, 2, 3, 10] {
            let own = TaskQueue::threads(length);
            let foreign = TaskQueue::new();
            foreign.attach(QueueWorker::new(strategies::Thread).capacity(length));
            for queue in [own, foreign] {
                let futures = ring(&queue, length);
                let failures = futures.iter().map(|it| {
                    Background::outcome(it.get().expect("it is set")).copied().unwrap_err()
                });
                let cycles: Vec<_> = failures
                    .filter_map(|failure| match failure {
                        Failure::Deadlock { cycle, .. } => Some(Arc::clone(cycle)),
                        Failure::Panicked { .. } | Failure::Cancelled => None,
                        other => panic!("{other}"),
                    })
                    .collect();
                assert!(!cycles.is_empty(), "nobody says why");
                for cycle in cycles {
                    let mut names: Vec<_> = cycle.iter().map(|it| it.call().name()).collect();
                    names.sort_unstable();
                    let mut all: Vec<_> = (0..length).map(|nth| format!("task {nth}")).collect();
                    all.sort_unstable();
                    assert_eq!(names, all, "each once");
                    assert!(cycle.iter().all(|it| it.touched_at().is_some()), "{cycle:?}");
                }
            }
        }
    });
}

/// A plain task in the circle makes no difference.
#[test]
fn a_circle_of_a_try_and_a_plain_task_is_found() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let gate = Gate::new();
        let tried: Arc<OnceLock<Background<u32, Failure>>> = Arc::default();
        let (inside, pass) = (Arc::clone(&tried), gate.clone());
        let plain = background::task().name("plain").catch().dedicated().spawn(move || {
            pass.pass();
            let future = inside.get().expect("it is set");
            Background::outcome(future).map_or(0, |value| value + 1)
        });
        let (plain, pass) = (Arc::new(plain), gate.clone());
        let other = Arc::clone(&plain);
        let call = queue.task().name("tried").retry(1);
        let future = call.spawn(move || {
            pass.pass();
            Background::outcome(&*other).map_or(0, |value| value + 1)
        });
        tried.set(future).expect("it is set once");
        gate.open();
        let outcomes = [
            Background::outcome(&*plain).copied(),
            Background::outcome(tried.get().expect("set")).copied(),
        ];
        let found = outcomes.iter().filter(|it| it.as_ref().is_err_and(|it| it.is_deadlock()));
        assert!(found.count() >= 1, "{outcomes:?}");
    });
}

/// Waiting for a task that is only slow is no deadlock, also when that is tried again.
#[test]
fn waiting_for_a_try_is_no_deadlock() {
    within(|| {
        let queue = TaskQueue::threads(2);
        for _ in 0..50 {
            let (gate, pass) = (Gate::new(), Gate::new());
            let inner = gate.clone();
            let slow = queue.task().retry(1).spawn(move || {
                inner.pass();
                7
            });
            let begun = pass.clone();
            let reader = background::task().dedicated().spawn(move || {
                begun.open();
                Background::join(slow)
            });
            pass.pass();
            gate.open();
            assert_eq!(Background::join(reader), Ok(7));
        }
    });
}

/// Who asks within a try asks about the call.
#[test]
fn a_try_has_the_number_of_its_call() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let inside = queue.task().name("call").retry(1).spawn(|| {
            let current = current().expect("it runs");
            (current.id(), current.name().to_owned())
        });
        let id = Background::id(&inside);
        assert_eq!(Background::join(inside), Ok((id, "call".to_owned())));
    });
}
