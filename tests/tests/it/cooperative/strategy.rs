//! A worker as the strategy of tasks from any thread.

use std::cell::RefCell;
use std::sync::OnceLock;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use background::cooperative::{Handle, Worker, sleep, yield_now};
use background::{Background, Cancel, Timeout, background, current, task};
use background_tests::within;

/// A thread that serves until all its handles are gone.
fn served() -> (Handle, thread::JoinHandle<()>) {
    let (sender, receiver) = channel();
    let thread = thread::spawn(move || {
        let worker = Worker::new();
        sender.send(worker.handle()).unwrap();
        drop(sender);
        worker.serve();
    });
    (receiver.recv().unwrap(), thread)
}

fn shared() -> &'static Handle {
    static SHARED: OnceLock<Handle> = OnceLock::new();
    SHARED.get_or_init(|| served().0)
}

thread_local! {
    static TRACE: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

#[background(on = shared())]
async fn writes(x: u32) -> (thread::ThreadId, String) {
    for _ in 0..3 {
        TRACE.with_borrow_mut(|trace| trace.push(x));
        yield_now().await;
    }
    (thread::current().id(), current().map(|it| it.name().to_owned()).unwrap_or_default())
}

#[background(on = shared())]
fn trace() -> Vec<u32> {
    TRACE.take()
}

/// Step by step, in turn, on the thread that ticks.
#[test]
fn async_functions_take_turns_on_the_workers_thread() {
    within(|| {
        // Starts all three in one step, so that none is ahead.
        let all = task().on(shared()).spawn(|| [1, 2, 3].map(writes));
        let places = Background::join(all).map(Background::join);
        assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
        assert_eq!(places[0].1, "writes");
        assert_ne!(places[0].0, thread::current().id());
        assert_eq!(*trace(), [1, 2, 3, 1, 2, 3, 1, 2, 3]);
    });
}

#[background(on = shared(), timeout = 20ms)]
async fn sleeps_long() -> u32 {
    sleep(Duration::from_secs(3600)).await;
    1
}

#[test]
fn a_timed_function_ends_at_its_limit() {
    within(|| assert!(sleeps_long() == Timeout));
}

struct Told(std::sync::mpsc::Sender<thread::ThreadId>);

impl Drop for Told {
    fn drop(&mut self) {
        self.0.send(thread::current().id()).unwrap();
    }
}

#[test]
fn a_cancel_drops_the_body_at_its_next_yield() {
    within(|| {
        let (handle, thread) = served();
        let (started, has_started) = channel();
        let (sender, receiver) = channel();
        let endless = handle.assign(async move {
            let _told = Told(sender);
            loop {
                let _ = started.send(());
                yield_now().await;
            }
            #[allow(unreachable_code)]
            ()
        });
        has_started.recv().unwrap();
        assert_eq!(Background::cancel(&endless), Cancel::Stopping);
        assert_eq!(receiver.recv(), Ok(thread.thread().id()));
        drop(handle);
        thread.join().unwrap();
    });
}

#[test]
fn serving_ends_when_nobody_can_send_any_more() {
    within(|| {
        let (handle, thread) = served();
        let other = handle.clone();
        let x = handle.assign(async {
            sleep(Duration::from_millis(10)).await;
            1
        });
        drop((handle, other));
        thread.join().unwrap();
        assert_eq!(x, 1);
    });
}

#[test]
fn serving_ends_when_it_is_told_to() {
    within(|| {
        let (handle, thread) = served();
        let endless = handle.assign(std::future::pending::<()>());
        handle.stop();
        thread.join().unwrap();
        assert!(Background::outcome(&endless).is_err());
    });
}

#[test]
fn eight_threads_send_at_once() {
    within(|| {
        const EACH: u64 = 2_000;
        let (handle, thread) = served();
        let senders: Vec<_> = (0..8)
            .map(|_| {
                let handle = handle.clone();
                thread::spawn(move || {
                    let all: Vec<_> = (0..EACH)
                        .map(|x| {
                            handle.assign(async move {
                                yield_now().await;
                                x
                            })
                        })
                        .collect();
                    all.into_iter().map(Background::join).sum::<u64>()
                })
            })
            .collect();
        drop(handle);
        for sender in senders {
            assert_eq!(sender.join().unwrap(), EACH * (EACH - 1) / 2);
        }
        thread.join().unwrap();
    });
}

/// A task that serves can be told to stop.
#[test]
fn a_task_that_serves_can_be_cancelled() {
    within(|| {
        let (sender, receiver) = channel();
        let serves = task().dedicated().spawn(move || {
            let worker = Worker::new();
            sender.send(worker.handle()).unwrap();
            worker.serve();
        });
        let handle = receiver.recv().unwrap();
        assert_eq!(handle.assign(async { 1 }), 1);
        Background::cancel(&serves);
        background_tests::until("the worker is gone", || {
            Background::outcome(&handle.assign(async {})).is_err()
        });
    });
}

mod conformance {
    background::conformance!(super::served().0);
}
