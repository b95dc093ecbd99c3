//! Tasks that await each other.

use std::sync::Arc;
use std::sync::mpsc::channel;

use background::{Background, Failure, background, task};
use background_tests::{Gate, within};

use super::{Ring, follows, names, quiet, verdict};

#[background(dedicated)]
async fn awaits(ring: Arc<Ring<u32, std::convert::Infallible>>, nth: usize) -> u32 {
    let future = ring.future(nth);
    *future.await + 1
}

#[test]
fn awaiting_each_other_is_a_deadlock() {
    quiet();
    for length in [1, 2, 3, 10] {
        within(move || {
            let ring = Ring::new(length);
            for nth in 0..length {
                ring.set(nth, awaits(Arc::clone(&ring), nth + 1));
            }
            ring.gate.open();
            let cycle = verdict(&ring);
            assert_eq!(names(&cycle), vec!["awaits"; length]);
            let place = cycle[0].touched_at().expect("an await");
            assert!(place.file().ends_with("awaits.rs"), "{place}");
        });
    }
}

/// Awaits and touches in one ring.
#[test]
fn awaits_and_touches_mix() {
    quiet();
    within(|| {
        let ring = Ring::new(2);
        ring.set(0, awaits(Arc::clone(&ring), 1));
        ring.set(1, follows(Arc::clone(&ring), 2));
        ring.gate.open();
        assert_eq!(verdict(&ring).len(), 2);
    });
}

/// Polls two futures until both are done.
async fn both<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (std::pin::pin!(a), std::pin::pin!(b));
    let (mut first, mut second) = (None, None);
    std::future::poll_fn(|context| {
        use std::task::Poll;
        if first.is_none() {
            if let Poll::Ready(output) = a.as_mut().poll(context) {
                first = Some(output);
            }
        }
        if second.is_none() {
            if let Poll::Ready(output) = b.as_mut().poll(context) {
                second = Some(output);
            }
        }
        if first.is_some() && second.is_some() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    (first.expect("just seen"), second.expect("just seen"))
}

/// A task that waits for two others is a member once the one that could still end has ended.
#[test]
fn awaiting_several_waits_for_the_last() {
    quiet();
    within(|| {
        let ring = Ring::new(2);
        let slow = Gate::new();
        let other = task().dedicated().spawn({
            let slow = slow.clone();
            move || slow.pass()
        });
        ring.set(0, awaits_both(Arc::clone(&ring), other));
        ring.set(1, follows(Arc::clone(&ring), 0));
        ring.gate.open();
        // There is nothing to be seen from outside while `other` could still help.
        slow.open();
        assert_eq!(verdict(&ring).len(), 2);
    });
}

#[background(dedicated)]
async fn awaits_both(ring: Arc<Ring<u32, std::convert::Infallible>>, other: Background<()>) -> u32 {
    let next = ring.future(1);
    *both(next.into_future(), other.into_future()).await.0
}

/// Whoever else has the waker may wake the task: then there is no deadlock.
#[test]
fn a_foreign_waker_is_no_deadlock() {
    within(|| {
        let ring = Ring::<u32, Failure>::new(2);
        let (to_first, channel) = channel();
        let inside = Arc::clone(&ring);
        let body = move || {
            background::__private::drive(async move || {
                let future = inside.future(1);
                // Ready when the other task is, or when somebody uses the waker that was sent.
                let mut sent = false;
                let mut awaited = std::pin::pin!(future.into_future());
                std::future::poll_fn(|context| {
                    use std::task::Poll;
                    if let Poll::Ready(yielded) = awaited.as_mut().poll(context) {
                        return Poll::Ready(yielded.clone().unwrap_or(7));
                    }
                    if sent {
                        return Poll::Ready(5);
                    }
                    sent = true;
                    to_first.send(context.waker().clone()).unwrap();
                    Poll::Pending
                })
                .await
            })
        };
        ring.set(0, task().dedicated().catch().spawn(body));
        let inside = Arc::clone(&ring);
        let (touching, touches) = std::sync::mpsc::channel();
        let body = move || {
            let future = inside.future(0);
            touching.send(()).unwrap();
            *future.as_ref().unwrap() + 1
        };
        ring.set(1, task().dedicated().catch().spawn(body));
        ring.gate.open();
        let waker: std::task::Waker = channel.recv().unwrap();
        touches.recv().unwrap();
        waker.wake();
        assert_eq!(**ring.future(1), Ok(6));
        assert_eq!(**ring.future(0), Ok(5));
    });
}
