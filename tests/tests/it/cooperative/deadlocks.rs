//! Routines that wait for themselves.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use background::cooperative::{Worker, yield_now};
use background::{Background, Failure, promise, task};
use background_tests::within;

type Place = Rc<RefCell<Option<Background<u32>>>>;

fn names(failure: &Failure) -> Vec<String> {
    let Failure::Deadlock { cycle, .. } = failure else { panic!("no deadlock: {failure}") };
    cycle.iter().map(|member| member.call().name().to_owned()).collect()
}

fn failure(f: &Background<u32>) -> Failure {
    Background::outcome(f).expect_err("it waits for itself").clone()
}

#[test]
fn a_routine_that_awaits_itself() {
    within(|| {
        let (worker, place) = (Worker::new(), Place::default());
        let own = Rc::clone(&place);
        let itself = task().name("itself").assign(&worker, async move {
            let itself = own.take().expect("it was put there");
            (&itself).await + 1
        });
        *place.borrow_mut() = Some(itself);
        // Its future is its own, so the outcome is told by a callback.
        let (told, tells) = promise();
        Background::on_ready(place.borrow().as_ref().unwrap(), move |outcome| {
            told.set(outcome.map_err(Clone::clone).copied()).unwrap();
        });
        worker.work();
        let failure = Background::join(tells).unwrap_err();
        assert_eq!(names(&failure), ["itself"]);
    });
}

#[test]
fn a_routine_that_touches_itself() {
    within(|| {
        let (worker, place) = (Worker::new(), Place::default());
        let own = Rc::clone(&place);
        let itself = task().name("itself").assign(&worker, async move {
            let itself = own.take().expect("it was put there");
            *itself + 1
        });
        let (told, tells) = promise();
        Background::on_ready(&itself, move |outcome| {
            told.set(outcome.map_err(Clone::clone).copied()).unwrap();
        });
        *place.borrow_mut() = Some(itself);
        worker.work();
        assert_eq!(names(&Background::join(tells).unwrap_err()), ["itself"]);
    });
}

/// Each waits for the next: awaiting, or touching, or in turn.
fn ring(length: usize, touches: impl Fn(usize) -> bool + 'static) {
    let mixed = (0..length).any(&touches) && !(0..length).all(&touches);
    let worker = Worker::new();
    let places: Vec<Arc<std::sync::OnceLock<Background<u32>>>> =
        (0..length).map(|_| Arc::default()).collect();
    for nth in 0..length {
        let next = Arc::clone(&places[(nth + 1) % length]);
        let touches = touches(nth);
        let member = task().name(format!("member {nth}")).assign(&worker, async move {
            yield_now().await;
            let next = next.get().expect("all are there");
            if touches { **next + 1 } else { next.await + 1 }
        });
        places[nth].set(member).unwrap();
    }
    worker.work();
    let failures: Vec<_> = places.iter().map(|place| failure(place.get().unwrap())).collect();
    let deadlock = failures.iter().find(|it| it.is_deadlock()).expect("one says what it was");
    let mut names = names(deadlock);
    names.sort();
    let mut all: Vec<_> = (0..length).map(|nth| format!("member {nth}")).collect();
    all.sort();
    if mixed {
        // A touch has others on top of it, over which the way round may be shorter.
        assert!(names.len() > 1 && names.iter().all(|name| all.contains(name)), "{names:?}");
    } else {
        assert_eq!(names, all);
    }
    assert!(deadlock.to_string().contains("deadlocks.rs"), "it says where: {deadlock}");
}

#[test]
fn routines_that_await_each_other() {
    for length in [2, 3, 10] {
        within(move || ring(length, |_| false));
    }
}

#[test]
fn routines_that_touch_each_other() {
    for length in [2, 3, 10] {
        within(move || ring(length, |_| true));
    }
}

#[test]
fn routines_that_await_and_touch_each_other() {
    within(|| ring(2, |nth| nth == 0));
    within(|| ring(6, |nth| nth % 2 == 0));
    within(|| ring(6, |nth| nth % 3 == 0));
}

/// Over a task of the pool, which touches a routine that awaits it.
#[test]
fn a_circle_over_other_strategies() {
    within(|| {
        let worker = Worker::new();
        let place: Arc<std::sync::OnceLock<Background<u32>>> = Arc::default();
        let (sender, receiver) = std::sync::mpsc::channel();
        let pool = task().name("pool").dedicated().spawn({
            let place = Arc::clone(&place);
            move || {
                receiver.recv().unwrap();
                **place.get().expect("it is there") + 1
            }
        });
        let routine = task().name("routine").assign(&worker, async move { pool.await + 1 });
        place.set(routine).unwrap();
        worker.tick();
        sender.send(()).unwrap();
        worker.work();
        let failure = failure(place.get().unwrap());
        let deadlock = failure.to_string();
        assert!(deadlock.contains("`pool`") && deadlock.contains("`routine`"), "{deadlock}");
    });
}

/// Nobody waits for itself here, though it looks like that for a while.
#[test]
fn no_false_alarm() {
    within(|| {
        let worker = Worker::new();
        let (sender, mut receiver) = background::cooperative::unbounded::<u32>();
        let first = worker.assign(async move { receiver.recv().await.unwrap() });
        let second = worker.assign(async move { first.await + 1 });
        let third = worker.assign(async move { second.await + 1 });
        let _ = worker.assign(async move {
            for _ in 0..100 {
                yield_now().await;
            }
            sender.try_send(1).unwrap();
        });
        assert_eq!(third, 3);
    });
}
