//! Routines that run on top of others, whose thread waits.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use background::cooperative::{Worker, assign, sleep, yield_now};
use background::{Background, Failure, spawn, task};
use background_tests::{Gate, within};
use std::time::Duration;

#[test]
fn a_routine_that_is_woken_while_it_touches_has_another_turn() {
    within(|| {
        let worker = Worker::new();
        let both = worker.assign(async {
            let other = assign(async {
                yield_now().await;
                7
            });
            let mut turn = pin!(yield_now());
            let mut got = 0;
            poll_fn(|context| {
                if turn.as_mut().poll(context).is_ready() {
                    return Poll::Ready(got);
                }
                // Runs other routines, while this one has been woken.
                got = *other;
                Poll::Pending
            })
            .await
        });
        worker.work();
        assert_eq!(both, 7);
    });
}

#[test]
fn a_routine_that_is_woken_from_elsewhere_while_it_touches_has_another_turn() {
    within(|| {
        let worker = Worker::new();
        let both = worker.assign(async move {
            let first = spawn(|| 1);
            let mut first = pin!(first.into_future());
            poll_fn(|context| {
                if let Poll::Ready(value) = first.as_mut().poll(context) {
                    return Poll::Ready(value);
                }
                let slow = assign(async {
                    sleep(Duration::from_millis(20)).await;
                    1
                });
                assert_eq!(slow, 1);
                Poll::Pending
            })
            .await
        });
        worker.work();
        assert_eq!(both, 1);
    });
}

#[test]
fn who_waits_for_a_routine_below_it_on_the_stack_is_a_deadlock() {
    within(|| {
        let worker = Worker::new();
        let (gate, begun) = (Gate::new(), Gate::new());
        let (own, begins) = (gate.clone(), begun.clone());
        let slow = spawn(move || {
            begins.open();
            own.pass();
            1
        });
        begun.pass();
        // Touches something slow, so that the next one runs on top of it.
        let below = task().catch().assign(&worker, async move { slow + 1 });
        let above = task().catch().assign(&worker, async move {
            // Only now the one below can go on, once this one is done.
            gate.open();
            Background::join(below)
        });
        worker.work();
        let ended = Background::join(above);
        assert!(matches!(ended, Err(_) | Ok(Err(_))), "{ended:?}");
        let failure = ended.and_then(|inner| inner).unwrap_err();
        assert!(matches!(failure, Failure::Deadlock { .. }), "{failure:?}");
    });
}

#[test]
fn streams_of_routines_nest() {
    within(|| {
        let worker = Worker::new();
        let handle = worker.handle();
        for look_ahead in [1, 2, 64] {
            let on = || task().on(handle.clone()).look_ahead(look_ahead);
            let mut stream = on().stream(|| 0..200_u32);
            for _ in 0..4 {
                stream = on().stream(move || stream.map(|n| n + 1));
            }
            // The thread's own routines make what it waits for.
            assert!(stream.eq(4..204));
        }
    });
}
