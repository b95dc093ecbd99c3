//! Who runs when.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::mpsc::channel;

use background::cooperative::{Worker, assign, wrap, yield_now};
use background::{Background, Cancel, Failure, Phase, current, spawn, task};
use background_tests::within;

use super::Log;

#[test]
fn everybody_gets_every_nth_tick() {
    const ROUTINES: usize = 7;
    const TURNS: usize = 50;
    let (worker, log) = (Worker::new(), Rc::new(RefCell::new(Vec::new())));
    for nth in 0..ROUTINES {
        let log = Rc::clone(&log);
        let _ = worker.assign(async move {
            for _ in 0..TURNS {
                log.borrow_mut().push(nth);
                yield_now().await;
            }
        });
    }
    worker.work();
    let expected: Vec<_> = (0..ROUTINES).cycle().take(ROUTINES * TURNS).collect();
    assert_eq!(*log.borrow(), expected);
}

#[test]
fn a_routine_starts_another_without_waiting() {
    let log = Log::default();
    let own = log.clone();
    let sum = wrap(async move {
        own.note("outer");
        let inner = own.clone();
        let started = assign(async move {
            inner.note("inner");
            20
        });
        own.note("goes on");
        yield_now().await;
        own.note("again");
        started.await + 1
    });
    assert_eq!((sum, log.all().as_str()), (21, "outer,goes on,inner,again"));
}

#[test]
fn wrap_ends_when_all_have_ended() {
    let turns = Rc::new(Cell::new(0));
    let own = Rc::clone(&turns);
    wrap(async {
        let _ = assign(async move {
            for turn in 1..=100 {
                own.set(turn);
                yield_now().await;
            }
        });
    });
    assert_eq!(turns.get(), 100);
}

#[test]
fn wrap_gives_what_is_not_send_and_borrows() {
    let text = String::from("borrowed");
    let value = wrap(async { Rc::new(text.len()) });
    assert_eq!(*value, 8);
}

#[test]
fn a_routine_is_a_task() {
    let worker = Worker::new();
    let named = task().name("chore").assign(&worker, async {
        yield_now().await;
        current().map(|current| (current.name().to_owned(), current.id().get()))
    });
    assert_eq!(Background::status(&named).phase(), Phase::Waiting);
    worker.tick();
    assert_eq!(Background::status(&named).phase(), Phase::Running);
    let id = Background::id(&named).get();
    worker.work();
    assert_eq!(*named, Some(("chore".into(), id)));
    assert!(current().is_none());
}

#[test]
fn a_panic_is_its_futures_own() {
    let worker = Worker::new();
    let panics = worker.assign(async {
        yield_now().await;
        panic!("no luck");
        #[allow(unreachable_code)]
        ()
    });
    let fine = worker.assign(async { 1 });
    worker.work();
    assert!(Background::outcome(&panics).unwrap_err().is_panic());
    assert_eq!(fine, 1);
}

#[test]
fn endless_routines_run_until_they_are_stopped() {
    within(|| {
        let worker = Rc::new(Worker::new());
        let count = Rc::new(Cell::new(0_u32));
        let (own, stops) = (Rc::clone(&count), Rc::clone(&worker));
        let endless = worker.assign(async move {
            loop {
                own.set(own.get() + 1);
                if own.get() % 10 == 0 {
                    stops.stop();
                }
                yield_now().await;
            }
            #[allow(unreachable_code)]
            ()
        });
        worker.work();
        assert_eq!(count.get(), 10);
        worker.work();
        assert_eq!((count.get(), worker.len()), (20, 1));
        assert_eq!(Background::cancel(&endless), Cancel::Stopping);
        worker.work();
        assert_eq!((count.get(), worker.len()), (20, 0));
    });
}

#[test]
fn several_workers_in_one_program() {
    within(|| {
        let log = Log::default();
        let (one, other) = (Worker::new(), Worker::new());
        let both = [("one", &one), ("other", &other)].map(|(name, worker)| {
            let log = log.clone();
            worker.assign(async move {
                for turn in 0..2 {
                    log.note(format!("{name}{turn}"));
                    yield_now().await;
                }
                name.len()
            })
        });
        one.tick();
        other.tick();
        other.tick();
        one.tick();
        assert_eq!(log.all(), "one0,other0,other1,one1");
        let elsewhere = spawn(|| {
            let worker = Worker::new();
            let x = worker.assign(async { 4 });
            worker.work();
            Background::join(x)
        });
        let [first, second] = both;
        assert_eq!(first + second + elsewhere, 12);
    });
}

/// A routine awaits one of another worker of its thread, which nobody else runs.
#[test]
fn workers_of_one_thread_help_each_other() {
    within(|| {
        let (one, other) = (Worker::new(), Worker::new());
        let there = other.assign(async {
            yield_now().await;
            5
        });
        let here = one.assign(async move { there.await + 1 });
        one.work();
        assert_eq!(here, 6);
    });
}

#[test]
fn a_thousand_routines_start_a_thousand() {
    let worker = Worker::new();
    let sums: Vec<_> = (0..1000_u64)
        .map(|x| {
            worker.assign(async move {
                let inner = assign(async move {
                    yield_now().await;
                    x
                });
                inner.await
            })
        })
        .collect();
    worker.work();
    assert_eq!(sums.into_iter().map(Background::join).sum::<u64>(), 499_500);
}

#[test]
fn a_routine_awaits_what_runs_elsewhere() {
    within(|| {
        let (sender, receiver) = channel();
        let worker = Worker::new();
        let elsewhere = worker.assign(async move { spawn(move || receiver.recv().unwrap()).await });
        // The other one goes on meanwhile, or the first would wait for ever.
        let _ = worker.assign(async move {
            yield_now().await;
            sender.send(9).unwrap();
        });
        worker.work();
        assert_eq!(elsewhere, 9);
    });
}

#[test]
fn starting_one_outside_of_a_routine_says_what_to_write() {
    let outcome = std::panic::catch_unwind(|| assign(async {}));
    let message = *outcome.unwrap_err().downcast::<&str>().unwrap();
    assert!(message.ends_with("outside of a routine, write `worker.assign(…)`"), "{message}");
}

#[test]
fn a_lost_worker_loses_its_routines() {
    let worker = Worker::new();
    let (begun, waiting) = (worker.assign(std::future::pending::<()>()), worker.assign(async {}));
    worker.tick();
    drop(worker);
    assert_eq!(Background::outcome(&begun), Err(&Failure::Lost));
    assert_eq!(Background::outcome(&waiting), Err(&Failure::Lost));
}
