//! At most so many of one function at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread::{self, ThreadId};

use background::{Background, Failure, background};
use background_tests::{Gate, within};

static INSIDE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[background(limit = 3)]
fn three(n: usize) -> usize {
    let inside = INSIDE.fetch_add(1, Ordering::SeqCst) + 1;
    MOST.fetch_max(inside, Ordering::SeqCst);
    thread::yield_now();
    INSIDE.fetch_sub(1, Ordering::SeqCst);
    n
}

#[test]
fn never_more_than_the_limit() {
    within(|| {
        let futures: Vec<_> = (0..300).map(three).collect();
        assert_eq!(futures.into_iter().map(Background::join).sum::<usize>(), 300 * 299 / 2);
        let most = MOST.load(Ordering::SeqCst);
        assert!((1..=3).contains(&most), "{most} at once");
    });
}

#[background(limit = 1, when_full = block)]
fn blocking(gate: Gate) -> u8 {
    gate.pass();
    1
}

#[test]
fn a_full_limit_blocks_the_call() {
    within(|| {
        let (gate, (sender, receiver)) = (Gate::new(), channel());
        let first = blocking(gate.clone());
        let inside = gate.clone();
        let caller = thread::spawn(move || {
            let second = blocking(inside);
            sender.send(()).unwrap();
            Background::join(second)
        });
        assert!(!Background::is_ready(&first));
        assert!(receiver.try_recv().is_err(), "the call has returned");
        gate.open();
        assert_eq!(receiver.recv(), Ok(()));
        assert_eq!(first + caller.join().unwrap(), 2);
    });
}

#[background(limit = 1, when_full = inline)]
fn inlined(gate: Gate) -> ThreadId {
    gate.pass();
    thread::current().id()
}

#[test]
fn a_full_limit_runs_the_body_here() {
    within(|| {
        let (gate, open) = (Gate::new(), Gate::new());
        open.open();
        let first = inlined(gate.clone());
        assert_eq!(inlined(open), thread::current().id());
        gate.open();
        Background::join(first);
    });
}

#[background(limit = 2, when_full = reject, catch)]
fn rejecting(gate: Gate) -> u8 {
    gate.pass();
    1
}

#[test]
fn a_full_limit_rejects_the_call() {
    within(|| {
        let gate = Gate::new();
        let (first, second) = (rejecting(gate.clone()), rejecting(gate.clone()));
        let third = rejecting(gate.clone());
        let Err(Failure::Rejected { reason, .. }) = &*third else { panic!("{third:?}") };
        assert!(reason.contains('2'), "{reason}");
        gate.open();
        assert_eq!((Background::join(first), Background::join(second)), (Ok(1), Ok(1)));
        // There is room again.
        assert_eq!(Background::join(rejecting(gate)), Ok(1));
    });
}

#[background(limit = 1)]
fn recursive(n: u32) -> u32 {
    if n == 0 { 0 } else { *recursive(n - 1) + 1 }
}

#[test]
fn a_limit_does_not_wait_for_itself() {
    within(|| assert_eq!(recursive(50), 50));
}

#[background(limit = 1, catch)]
fn failing() -> u8 {
    panic!("on purpose")
}

#[test]
fn a_failure_gives_its_place_back() {
    within(|| {
        for _ in 0..10 {
            assert!(failing().is_err());
        }
    });
}
