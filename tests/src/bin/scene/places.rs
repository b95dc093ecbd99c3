//! Where bodies run when the environment has a say, or when no thread can be had.

use std::thread;
use std::time::Duration;

use background::{Background, background, task};
use background_tests::{Gate, until};

#[background]
fn anywhere() -> (thread::ThreadId, String) {
    let current = thread::current();
    (current.id(), current.name().unwrap_or_default().to_owned())
}

#[background(inline)]
fn here() -> thread::ThreadId {
    thread::current().id()
}

#[background]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

/// A function that names no strategy. Prints whether it was ready at once, whether it ran on the
/// caller's thread, and the name of the thread.
pub(crate) fn place(eager: &str) {
    let future = anywhere();
    let at_once = Background::is_ready(&future);
    if eager == "wait" {
        until("the body has run", || Background::is_ready(&future));
    }
    let (id, name) = Background::join(future);
    println!("{at_once} {} {name}", id == thread::current().id());
    assert_eq!(fib(12), 144);
}

/// A function that names its strategy keeps it.
pub(crate) fn named() {
    let future = here();
    assert!(Background::is_ready(&future));
    assert_eq!(future, thread::current().id());
    let lazy = task().lazy().spawn(|| 1);
    assert!(!Background::is_ready(&lazy));
    let dedicated =
        task().dedicated().name("own").spawn(|| thread::current().name().map(str::to_owned));
    assert_eq!(Background::join(dedicated).as_deref(), Some("own"));
}

#[background]
fn deep(n: u32) -> u32 {
    if n == 0 { 0 } else { *deep(n - 1) + 1 }
}

#[background(deadline = 1h)]
fn deep_with_deadline(n: u32) -> u32 {
    if n == 0 { 0 } else { Background::join(deep_with_deadline(n - 1)).unwrap_or(0) + 1 }
}

#[background(timeout = 1h)]
fn deep_with_timeout(n: u32) -> u32 {
    if n == 0 { 0 } else { Background::join(deep_with_timeout(n - 1)).unwrap_or(0) + 1 }
}

/// Each waits for the next, many times deeper than a stack is high.
pub(crate) fn nested(how: &str) {
    let (how, depth) = how.split_once('=').expect("HOW=DEPTH");
    let depth = depth.parse().expect("a depth");
    match how {
        "plain" => assert_eq!(deep(depth), depth),
        "deadline" => assert_eq!(Background::join(deep_with_deadline(depth)), Ok(depth)),
        "timeout" => assert_eq!(Background::join(deep_with_timeout(depth)), Ok(depth)),
        _ => panic!("how: {how}"),
    }
}

/// All that needs threads: with none to be had, each is done all the same, or refused.
pub(crate) fn all() {
    let futures: Vec<_> = (0..100).map(|n| task().catch().spawn(move || n)).collect();
    for (n, future) in futures.into_iter().enumerate() {
        accept(Background::join(future), &n);
    }
    accept(Background::join(task().catch().dedicated().spawn(|| 1)), &1);
    accept(Background::join(task().catch().timeout(Duration::from_secs(3600)).spawn(|| 2)), &2);
    accept(Background::join(task().catch().deadline(Duration::from_secs(3600)).spawn(|| 3)), &3);
    let slow = task().dedicated().timeout(Duration::from_millis(20)).catch();
    let slow = slow.spawn(|| {
        loop {
            background::checkpoint();
        }
    });
    let _: &Background<u8, _> = &slow;
    assert!(Background::join(slow).is_err());
    let (sender, receiver) = std::sync::mpsc::channel();
    Background::detach(task().lazy().spawn(move || sender.send(4)));
    assert_eq!(receiver.recv(), Ok(4));
    let nested = task().catch().spawn(|| fib(10) + 0);
    accept(Background::join(nested), &55);
    background::drain(Duration::from_secs(60)).expect("everything ends");
}

fn accept<T: PartialEq + std::fmt::Debug>(outcome: Result<T, background::Failure>, expected: &T) {
    match outcome {
        Ok(value) => assert_eq!(value, *expected),
        Err(failure) => assert!(failure.is_rejected(), "{failure:?}"),
    }
}

/// More dedicated tasks at once than may have threads of their own: none is lost, and the pool, which
/// takes the rest, still serves.
pub(crate) fn crowd() {
    let gate = Gate::new();
    let crowd: Vec<_> = (0..3_500)
        .map(|n| {
            let inside = gate.clone();
            task().dedicated().spawn(move || {
                inside.pass();
                n
            })
        })
        .collect();
    let here = thread::current().id();
    let served = task().timeout(Duration::from_secs(60)).spawn(|| thread::current().id());
    assert_ne!(Background::join(served), Ok(here), "the pool has no thread left");
    gate.open();
    for (n, future) in crowd.into_iter().enumerate() {
        assert_eq!(Background::join(future), n);
    }
}
