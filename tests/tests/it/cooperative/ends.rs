//! How routines end before their time, and where their destructors run.

use std::sync::mpsc::{Sender, channel};
use std::thread::{self, ThreadId};
use std::time::Duration;

use background::cooperative::{Worker, sleep, yield_now};
use background::{Background, Cancel, Failure, OnDrop, task};
use background_tests::within;

/// Tells where it is dropped; not to be dropped anywhere else than where it was made.
struct Home(Sender<ThreadId>, std::marker::PhantomData<*const ()>);

impl Home {
    fn new(sender: Sender<ThreadId>) -> Self {
        Self(sender, std::marker::PhantomData)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.0.send(thread::current().id()).unwrap();
    }
}

#[test]
fn a_cancelled_sleeper_is_woken_and_dropped() {
    within(|| {
        let (sender, receiver) = channel();
        let worker = Worker::new();
        let home = Home::new(sender);
        let sleeper = worker.assign(async move {
            let _home = home;
            sleep(Duration::MAX).await;
        });
        worker.tick();
        let elsewhere = thread::spawn(move || Background::cancel(&sleeper));
        worker.work(); // ends only because the sleeper does
        assert_eq!(elsewhere.join().unwrap(), Cancel::Stopping);
        assert_eq!(receiver.recv(), Ok(thread::current().id()));
    });
}

/// The canceller drops the task's body, on its own thread; the future stays where it belongs.
#[test]
fn a_routine_that_never_started_is_dropped_at_home() {
    within(|| {
        let (sender, receiver) = channel();
        let worker = Worker::new();
        let home = Home::new(sender);
        let never = worker.assign(async move {
            let _home = home;
            unreachable!("it was cancelled");
            #[allow(unreachable_code)]
            ()
        });
        let never = thread::spawn(move || {
            assert_eq!(Background::cancel(&never), Cancel::NeverStarted);
            never
        });
        let never = never.join().unwrap();
        assert!(receiver.try_recv().is_err(), "not on the other thread");
        worker.work();
        assert_eq!(receiver.recv(), Ok(thread::current().id()));
        assert_eq!(Background::outcome(&never), Err(&Failure::Cancelled));
    });
}

#[test]
fn a_cancelled_routine_ends_at_its_next_yield() {
    let (worker, (sender, receiver)) = (Worker::new(), channel());
    let endless = worker.assign(async move {
        loop {
            sender.send(()).unwrap();
            yield_now().await;
        }
        #[allow(unreachable_code)]
        ()
    });
    worker.tick();
    worker.tick();
    assert_eq!(Background::cancel(&endless), Cancel::Stopping);
    worker.work();
    assert_eq!(receiver.iter().count(), 2);
}

#[test]
fn a_dropped_worker_drops_its_routines_on_its_thread() {
    within(|| {
        let (sender, receiver) = channel();
        let worker = Worker::new();
        for begins in [true, false] {
            let home = Home::new(sender.clone());
            let _ = worker.assign(async move {
                let _home = home;
                std::future::pending::<()>().await;
            });
            if begins {
                worker.tick();
            }
        }
        drop((worker, sender));
        let here = thread::current().id();
        assert_eq!(receiver.iter().collect::<Vec<_>>(), [here, here]);
    });
}

#[test]
fn a_dropped_future_may_cancel() {
    let worker = Worker::new();
    drop(task().on_drop(OnDrop::Cancel).assign(&worker, std::future::pending::<()>()));
    let joined = task().on_drop(OnDrop::Join).assign(&worker, async { yield_now().await });
    drop(joined); // runs the worker
    worker.work();
    assert!(worker.is_empty());
}

#[test]
fn what_comes_after_the_worker_is_rejected() {
    let worker = Worker::new();
    let handle = worker.handle();
    drop(worker);
    let late = handle.assign(async {});
    let failure = Background::outcome(&late).unwrap_err();
    assert_eq!(failure.to_string(), "was rejected: its cooperative worker is gone");
}

/// A destructor that starts another routine, while the worker goes.
#[test]
fn a_destructor_may_assign() {
    struct Again(std::rc::Rc<std::cell::Cell<bool>>);
    impl Drop for Again {
        fn drop(&mut self) {
            let late = background::cooperative::assign(async {});
            self.0.set(Background::outcome(&late).is_err());
        }
    }
    let rejected = std::rc::Rc::default();
    let worker = Worker::new();
    let again = Again(std::rc::Rc::clone(&rejected));
    let _ = worker.assign(async move {
        let _again = again;
        std::future::pending::<()>().await;
    });
    worker.tick();
    drop(worker);
    assert!(rejected.get());
}
