//! One future of many: `join_all`, `race`, `first`.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use background::{
    Background, Cancel, Failure, OnDrop, Phase, Promise, Strategy, Task, Timeout, checkpoint,
    current, first, join_all, promise, race, spawn, task,
};
use background_tests::{Counter, Gate, until, within};

/// Keeps its tasks for ever: only a toucher can run them.
struct Stuck;

impl Strategy for Stuck {
    fn start(&self, task: Task) {
        Box::leak(Box::new(task));
    }

    fn claim_on_touch(&self) -> bool {
        true
    }
}

/// A promise that is told when its future is dropped.
fn dependent<T: Send + 'static>() -> (Promise<T>, Background<T>) {
    task().on_drop(OnDrop::Cancel).promise()
}

/// Runs until it is told to stop.
fn endless(started: Gate, witness: impl Send + 'static) -> Background<u32> {
    task().dedicated().spawn(move || {
        let _witness = witness;
        started.open();
        loop {
            checkpoint();
            thread::yield_now();
        }
    })
}

#[test]
fn values_come_in_the_order_of_the_parts() {
    within(|| {
        let (last, future) = promise();
        let parts =
            [future, spawn(|| 2), task().lazy().spawn(|| 3), task().dedicated().spawn(|| 4)];
        let all = join_all(parts);
        assert!(!Background::is_ready(&all));
        last.set(1).unwrap();
        assert_eq!(*all, [1, 2, 3, 4]);
        assert_eq!(Background::join(all), [1, 2, 3, 4]);
    });
}

#[test]
fn none_are_joined_at_once() {
    let all = join_all(Vec::<Background<u8>>::new());
    assert!(Background::is_ready(&all) && all.is_empty());
    let all = join_all((0..3).map(|n| task().inline().spawn(move || n)));
    assert!(Background::is_ready(&all));
    assert_eq!(*all, [0, 1, 2]);
}

#[test]
fn nobody_has_to_touch_what_is_joined() {
    within(|| {
        let (fillers, futures): (Vec<_>, Vec<_>) = (0..3).map(|_| promise::<u8>()).unzip();
        let all = join_all(futures);
        for filler in fillers.into_iter().rev() {
            assert!(!Background::is_ready(&all));
            filler.set(1).unwrap();
        }
        // The last to fill a part has filled the whole.
        assert!(Background::is_ready(&all));
        assert_eq!(*all, [1, 1, 1]);
    });
}

#[test]
fn a_toucher_sees_to_parts_that_nobody_starts() {
    within(|| {
        let here = thread::current().id();
        let stuck = || task().on(Stuck).spawn(|| thread::current().id());
        assert_eq!(*join_all([stuck(), stuck()]), [here, here]);
        // Not on its own thread, which has to see who wins.
        assert_ne!(race([stuck(), stuck()]), here);
        assert_ne!(first([stuck(), stuck()]), here);
        let failing = || task().on(Stuck).spawn(|| panic_any(1));
        assert_ne!(first([failing(), stuck(), stuck()]), here);
        let (never, future) = promise();
        assert_ne!(race([future, stuck()]), here);
        drop(never);
        // In a task, too, whose own thread is the only one that could.
        let inside = task().dedicated().spawn(move || {
            let own = thread::current().id();
            let all = join_all([stuck(), race([stuck()])]);
            all[0] == own && all[1] != own
        });
        assert!(*inside);
    });
}

#[test]
fn one_failure_fails_all_though_another_never_ends() {
    within(|| {
        let (never, future) = dependent();
        let (failing, failed) = promise::<u8>();
        let all = join_all([future, failed]);
        assert!(failing.set_with(|| panic_any(77_u64)));
        let payload = catch_unwind(AssertUnwindSafe(|| Background::join(all))).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&77_u64));
        // The other part was dropped.
        assert!(!never.is_wanted());
    });
}

#[test]
fn a_failure_reaches_who_touches_another_part_already() {
    within(|| {
        let (never, future) = dependent();
        let (failing, failed) = promise::<u8>();
        let all = Arc::new(join_all([future, failed]));
        let toucher = thread::spawn({
            let all = Arc::clone(&all);
            move || catch_unwind(AssertUnwindSafe(|| all.len())).unwrap_err()
        });
        until("the toucher runs the body", || Background::status(&all).phase() == Phase::Running);
        assert!(failing.set_with(|| panic_any(77_u64)));
        assert_eq!(toucher.join().unwrap().downcast_ref(), Some(&77_u64));
        assert!(Background::outcome(&all).is_err_and(Failure::is_panic));
        assert!(!never.is_wanted());
    });
}

#[test]
fn parts_may_yield_sentinels() {
    within(|| {
        let patience = Duration::from_millis(1);
        let (filler, late) = task().deadline(patience).promise();
        let fine = task().deadline(Duration::from_secs(3600)).spawn(|| 1);
        assert_eq!(*join_all([late, fine]), [Err(Timeout), Ok(1)]);
        assert_eq!(filler.set(2), Err(2));

        let caught = || task().catch().spawn(|| -> u8 { panic_any(1) });
        let all = join_all([caught(), task().catch().spawn(|| 7)]);
        assert!(all[0].as_ref().is_err_and(Failure::is_panic) && all[1] == Ok(7));
        assert!(race([caught()]).as_ref().is_err_and(Failure::is_panic));
        assert_eq!(first([caught(), task().catch().spawn(|| 7)]), 7);
    });
}

#[test]
fn a_cancelled_whole_lets_go_of_its_parts() {
    within(|| {
        let (filler, future) = dependent::<u8>();
        let all = join_all([future]);
        assert_eq!(Background::cancel(&all), Cancel::NeverStarted);
        assert!(!filler.is_wanted());

        let (started, counter) = (Gate::new(), Counter::new());
        let cancelled = task().on_drop(OnDrop::Cancel).dedicated();
        let (inside, witness) = (started.clone(), counter.make());
        let part = cancelled.spawn(move || {
            let _witness = witness;
            inside.open();
            loop {
                checkpoint();
                thread::yield_now();
            }
        });
        started.pass();
        let all: Background<Vec<u8>> = join_all([part]);
        Background::cancel(&all);
        until("the part has unwound", || counter.dropped() == 1);
    });
}

#[test]
fn a_dropped_whole_goes_on() {
    within(|| {
        let (filler, future) = promise();
        let (sender, receiver) = std::sync::mpsc::channel();
        let all = join_all([future]);
        drop(Background::then(all, move |all| sender.send(all).unwrap()));
        filler.set(5).unwrap();
        assert_eq!(receiver.recv(), Ok(vec![5]));
    });
}

#[test]
fn the_winner_is_the_first_to_end_and_the_others_are_stopped() {
    within(|| {
        let counter = Counter::new();
        let (started, unstarted) = (Gate::new(), counter.make());
        let running = endless(started.clone(), counter.make());
        let waiting = task().on(Stuck).spawn(move || {
            drop(unstarted);
            unreachable!("it was cancelled before anybody touched it")
        });
        started.pass();
        let (filler, future) = promise();
        let winner = race([running, waiting, future]);
        assert!(!Background::is_ready(&winner));
        filler.set(7).unwrap();
        // Nobody touches it.
        until("there is a winner", || Background::is_ready(&winner));
        assert!(counter.dropped() >= 1, "the one that has not started is dropped by now");
        until("the running one has unwound", || counter.dropped() == 2);
        assert_eq!(winner, 7);
    });
}

#[test]
fn a_failure_wins_a_race_but_is_no_first_value() {
    within(|| {
        let (failing, failed) = promise();
        let (never, future) = promise::<u8>();
        let winner = race([future, failed]);
        drop(failing);
        // A touch of a part that is lost panics, and so the whole does.
        assert!(Background::outcome(&winner).unwrap_err().to_string().contains("was lost"));
        assert!(!never.is_wanted());

        let (failing, failed) = promise();
        let (filler, future) = promise::<u8>();
        let value = first([failed, future]);
        drop(failing);
        assert!(filler.is_wanted() && !Background::is_ready(&value));
        filler.set(8).unwrap();
        assert_eq!(value, 8);
    });
}

#[test]
fn when_all_fail_the_first_names_them() {
    within(|| {
        let named = |name: &'static str| task().name(name);
        let (filler, lost) = named("lost").promise::<u8>();
        let failing = named("failing").spawn(|| panic!("on purpose"));
        let cancelled = named("cancelled").lazy().spawn(|| 1);
        Background::cancel(&cancelled);
        let none = first([lost, failing, cancelled]);
        drop(filler);
        until("it has failed untouched", || Background::is_ready(&none));
        let failure = Background::outcome(&none).unwrap_err();
        assert!(failure.is_all_failed());
        let Failure::AllFailed { failures, .. } = failure else { unreachable!() };
        assert!(
            failures[0].1.is_lost() && failures[1].1.is_panic() && failures[2].1.is_cancelled()
        );
        let text = failure.to_string();
        for part in ["all 3 failed: `lost` (called at ", "on purpose; `cancelled` (called at "] {
            assert!(text.contains(part), "`{part}` in {text}");
        }

        let timed = |_| task().timeout(Duration::ZERO).spawn(|| 1);
        let failure = Background::outcome(&first((0..2).map(timed))).unwrap_err().to_string();
        assert_eq!(failure.matches("has timed out").count(), 2, "{failure}");
    });
}

#[test]
fn of_no_futures_there_is_no_first() {
    let none = Vec::<Background<u8>>::new;
    let payloads = [
        catch_unwind(|| drop(race(none()))).unwrap_err(),
        catch_unwind(|| drop(first(none()))).unwrap_err(),
    ];
    for payload in payloads {
        let message = payload.downcast_ref::<String>().expect("a message");
        assert!(message.contains("of no futures") && message.contains("at least one"), "{message}");
    }
}

#[test]
fn a_cancelled_race_cancels_all() {
    within(|| {
        let counter = Counter::new();
        let started = [Gate::new(), Gate::new()];
        let winner = race(started.clone().map(|gate| endless(gate, counter.make())));
        started.iter().for_each(Gate::pass);
        assert_ne!(Background::cancel(&winner), Cancel::TooLate);
        until("both have unwound", || counter.dropped() == 2);

        // Also while somebody touches it.
        let gate = Gate::new();
        let winner = Arc::new(race([endless(gate.clone(), counter.make())]));
        let toucher = thread::spawn({
            let winner = Arc::clone(&winner);
            move || Background::outcome(&winner).is_err_and(Failure::is_cancelled)
        });
        gate.pass();
        Background::cancel(&winner);
        assert!(toucher.join().unwrap());
        until("it has unwound", || counter.dropped() == 3);
    });
}

#[test]
fn a_slow_part_does_not_keep_the_toucher_of_a_race() {
    within(|| {
        // It ends only after the race, so whoever ran it there would wait for ever.
        let gate = Gate::new();
        let slow = || {
            let gate = gate.clone();
            task().on(Stuck).spawn(move || {
                gate.pass();
                0
            })
        };
        let (filler, future) = promise();
        let winner = race([slow(), slow(), future]);
        let filler = spawn(move || filler.set(1));
        assert_eq!(winner, 1);
        gate.open();
        assert_eq!(Background::join(filler), Ok(()));
    });
}

#[test]
fn a_hundred_thousand_parts_are_joined() {
    within(|| {
        const MANY: usize = 100_000;
        let all = join_all((0..MANY).map(|n| spawn(move || n)));
        assert!(all.iter().enumerate().all(|(n, value)| *value == n));
        let (fillers, futures): (Vec<_>, Vec<_>) = (0..MANY).map(|_| promise()).unzip();
        let all = join_all(futures);
        for (n, filler) in fillers.into_iter().enumerate() {
            filler.set(n).unwrap();
        }
        assert!(Background::is_ready(&all));
        assert_eq!(all.len(), MANY);
    });
}

#[test]
fn a_long_chain_of_wholes_does_not_overflow_the_stack() {
    within(|| {
        let (filler, future) = promise::<u32>();
        let mut whole = Background::then(future, |n| n);
        for _ in 0..20_000 {
            whole = Background::then(join_all([whole]), |all| all[0] + 1);
        }
        filler.set(1).unwrap();
        assert_eq!(whole, 20_001);

        let (filler, future) = promise::<u32>();
        let mut nested = join_all([future]);
        for _ in 0..20_000 {
            let first = Background::then(nested, |all| all[0]);
            nested = join_all([first]);
        }
        filler.set(1).unwrap();
        assert_eq!(*nested, [1]);
    });
}

#[test]
fn wholes_of_wholes_reduce() {
    within(|| {
        fn sum(n: u64) -> Background<u64> {
            if n < 2 {
                return spawn(move || n);
            }
            let halves = join_all([sum(n / 2), sum(n - n / 2)]);
            Background::then(halves, |halves| halves.iter().sum())
        }
        assert_eq!(sum(1_000), 1_000);
    });
}

#[test]
fn wholes_inherit_the_deadline_of_their_caller() {
    within(|| {
        let outer = task().deadline(Duration::from_millis(20)).spawn(|| {
            let (never, future) = promise::<u8>();
            let all = join_all([future]);
            let winner = race([all]);
            until("the race is over", || Background::is_ready(&winner));
            drop(never);
            checkpoint();
        });
        assert!(outer == Timeout);
    });
}

#[test]
fn a_whole_knows_where_it_was_made() {
    let line = line!() + 1;
    let all = join_all([spawn(|| current().is_some())]);
    let place = Background::call_site(&all);
    assert_eq!((place.file(), place.line()), (file!(), line));
    assert_eq!(Background::status(&all).name(), "join_all");
    assert_eq!(Background::join(all), [true]);
    for (winner, name) in [(race([spawn(|| 1)]), "race"), (first([spawn(|| 1)]), "first")] {
        assert_eq!(Background::status(&winner).name(), name);
        assert_eq!(winner, 1);
    }
}

#[test]
fn of_many_races_each_part_runs_at_most_once() {
    within(|| {
        let runs = Arc::new(AtomicUsize::new(0));
        for round in 0..500 {
            let parts = (0..4).map(|n| {
                let runs = Arc::clone(&runs);
                spawn(move || {
                    runs.fetch_add(1, Ordering::Relaxed);
                    n
                })
            });
            assert!(if round % 2 == 0 { race(parts) } else { first(parts) } < 4);
        }
        assert!((500..=2_000).contains(&runs.load(Ordering::Relaxed)));
    });
}
