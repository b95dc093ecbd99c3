//! Tasks that wait for each other by way of combined futures and promises.

use std::sync::Arc;
use std::sync::mpsc::channel;

use background::{
    Background, Failure, Promise, as_completed, first, join_all, promise, race, spawn, task,
};
use background_tests::{Gate, within};

use super::{Ring, quiet};

/// How the first member waits for the futures of the second one and of another.
type Wait = fn(Vec<Background<u32>>) -> Result<u32, Failure>;

const WAITS: [(&str, Wait); 4] = [
    ("join_all", |parts| flat(&join_all(parts)).map(|values| values.iter().sum())),
    ("race", |parts| flat(&race(parts)).copied()),
    ("first", |parts| flat(&first(parts)).copied()),
    ("as_completed", |parts| {
        let mut last = Ok(0);
        for (_, part) in as_completed(parts) {
            last = flat(&part).copied();
        }
        last
    }),
];

fn flat<T>(future: &Background<T>) -> Result<&T, Failure> {
    Background::outcome(future).map_err(Failure::clone)
}

/// The parts all need the one who waits for them; so nobody would go on.
#[test]
fn combined_futures_are_followed() {
    quiet();
    for (name, wait) in WAITS {
        within(move || {
            let ring = Ring::<Result<u32, Failure>, std::convert::Infallible>::new(1);
            let (sender, receiver) = channel::<Vec<Background<u32>>>();
            ring.set(
                0,
                task()
                    .name("whole")
                    .dedicated()
                    .spawn(move || wait(receiver.recv().expect("the parts are sent"))),
            );
            let part = |_| {
                let ring = Arc::clone(&ring);
                task()
                    .name("part")
                    .dedicated()
                    .spawn(move || Result::clone(ring.future(0)).unwrap_or(7))
            };
            sender.send((0..2).map(part).collect()).expect("it listens");
            ring.gate.open();
            // Whoever closed the circle last has failed, and that has let all others go on.
            let failure = match Background::outcome(ring.future(0)) {
                Ok(Ok(value)) => panic!("{name}: {value} came from nowhere"),
                Ok(Err(failure)) | Err(failure) => failure,
            };
            let text = failure.to_string();
            assert!(text.contains("deadlock"), "{name}: {text}");
        });
    }
}

/// One part needs the whole, but the other one ends: that is no deadlock.
#[test]
fn a_race_that_somebody_wins_is_none() {
    quiet();
    within(|| {
        let ring = Ring::<u32, std::convert::Infallible>::new(1);
        let (sender, receiver) = channel::<Background<u32>>();
        let slow = Gate::new();
        let (gate, opened) = (slow.clone(), slow.clone());
        ring.set(
            0,
            task().dedicated().spawn(move || {
                let stuck = receiver.recv().expect("it is sent");
                let wins = task().dedicated().spawn(move || {
                    gate.pass();
                    7
                });
                Background::join(race([stuck, wins]))
            }),
        );
        let inside = Arc::clone(&ring);
        let stuck = task().dedicated().spawn(move || **inside.future(0));
        sender.send(stuck).expect("it listens");
        ring.gate.open();
        opened.open();
        assert_eq!(Background::outcome(ring.future(0)), Ok(&7));
    });
}

/// A promise that a task has adopted leads to that task; one that nobody has adopted, to nobody.
#[test]
fn an_adopted_promise_leads_to_its_task() {
    quiet();
    within(|| {
        let (own, future) = promise::<u32>();
        let (sender, receiver) = channel::<Background<u32>>();
        let keeper = task().name("keeper").dedicated().spawn(move || {
            let own: Promise<u32> = own.adopt();
            let other = receiver.recv().expect("it is sent");
            let answer = flat(&other).copied();
            own.set(1).ok();
            answer
        });
        let other = task().name("other").dedicated().spawn(move || *future + 1);
        sender.send(other).expect("it listens");
        match Background::join(keeper) {
            // The other one has closed the circle, and failed.
            Err(failure) => assert!(failure.to_string().contains("promise"), "{failure}"),
            // The promise was failed, and kept in vain.
            Ok(answer) => panic!("{answer} came from nowhere"),
        }
    });
}

#[test]
fn a_promise_that_somebody_else_keeps_is_waited_for() {
    within(|| {
        let (own, future) = promise::<u32>();
        let (sender, receiver) = channel();
        let waits = spawn(move || {
            sender.send(()).expect("the test listens");
            *future + 1
        });
        // It is claimed and waits for nobody who is known.
        let keeps = task().dedicated().spawn(move || {
            receiver.recv().expect("it comes to its touch");
            own.set(1).is_ok()
        });
        assert_eq!((Background::join(waits), Background::join(keeps)), (2, true));
    });
}
