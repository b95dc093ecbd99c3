//! Futures and calls in the order in which they end: `as_completed` and `map`.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use background::strategies::Dedicated;
use background::{
    Background, Failure, OnDrop, Promise, Strategy, Task, Timeout, as_completed, checkpoint,
    current, map, map_with, promise, spawn, task,
};
use background_tests::{Counter, Gate, until, within};

/// Keeps its tasks for ever: only a toucher can run them.
#[derive(Clone, Copy)]
struct Stuck;

impl Strategy for Stuck {
    fn start(&self, task: Task) {
        Box::leak(Box::new(task));
    }

    fn claim_on_touch(&self) -> bool {
        true
    }
}

fn promises(many: usize) -> (Vec<Promise<usize>>, Vec<Background<usize>>) {
    (0..many).map(|_| promise()).unzip()
}

#[test]
fn futures_come_as_they_end() {
    within(|| {
        let (fillers, futures) = promises(5);
        let mut items = as_completed(futures);
        let mut fillers: Vec<_> = fillers.into_iter().map(Some).collect();
        for (left, number) in [3, 0, 4, 2, 1].into_iter().enumerate() {
            assert_eq!(items.len(), 5 - left);
            fillers[number].take().unwrap().set(number * 10).unwrap();
            let (which, future) = items.next().unwrap();
            assert!(Background::is_ready(&future));
            assert!(which == number && future == number * 10);
        }
        assert!(items.next().is_none() && items.len() == 0);
    });
}

#[test]
fn a_sleeper_is_woken_by_the_next_end() {
    within(|| {
        let (mut fillers, mut futures) = promises(3);
        futures.push(spawn(|| panic_any(1)));
        let (sender, receiver) = std::sync::mpsc::channel();
        let reader = thread::spawn(move || {
            for (number, future) in as_completed(futures) {
                sender.send((number, Background::outcome(&future).is_ok())).unwrap();
            }
        });
        assert_eq!(receiver.recv(), Ok((3, false)));
        drop(fillers.pop());
        assert_eq!(receiver.recv(), Ok((2, false)));
        fillers.pop().unwrap().set(1).unwrap();
        assert_eq!(receiver.recv(), Ok((1, true)));
        fillers.pop().unwrap().set(1).unwrap();
        assert_eq!(receiver.recv(), Ok((0, true)));
        reader.join().unwrap();
    });
}

#[test]
fn who_waits_sees_to_what_nobody_starts() {
    within(|| {
        let here = thread::current().id();
        let stuck = (0..10).map(|_| task().on(Stuck).spawn(|| thread::current().id()));
        let mut items = as_completed(stuck);
        // Not on its own thread, which has to see what else ends.
        assert!(items.all(|(_, id)| id != here));
        // In order it is the very item that is waited for.
        let mut mapped = map_with(|| task().on(Stuck), 0..20, |n: u8| (n, thread::current().id()));
        assert!(mapped.by_ref().take(10).eq((0..10).map(|n| (n, here))));
        let mut rest: Vec<_> = mapped.as_completed().map(|(number, (n, _))| (number, n)).collect();
        rest.sort_unstable();
        assert!(rest.into_iter().eq((10..20).zip(10..20)));
    });
}

#[test]
fn a_slow_part_does_not_keep_the_reader() {
    within(|| {
        let gate = Gate::new();
        let slow = || {
            let gate = gate.clone();
            spawn(move || {
                gate.pass();
                0
            })
        };
        let mut items = as_completed([slow(), spawn(|| 1), slow()]);
        let (number, value) = items.next().unwrap();
        assert!(number == 1 && value == 1);
        gate.open();
        assert!(items.all(|(_, value)| value == 0));
    });
}

#[test]
fn the_time_for_all_is_limited() {
    within(|| {
        let (mut fillers, futures) = promises(4);
        fillers.swap_remove(1).set(1).unwrap();
        fillers.swap_remove(2).set(2).unwrap();
        let mut items = as_completed(futures).within(Duration::from_millis(5));
        let mut ended: Vec<_> = items.by_ref().take(2).map(|item| item.unwrap().0).collect();
        ended.sort_unstable();
        assert_eq!(ended, [1, 2]);
        let unfinished = items.next().unwrap().unwrap_err();
        assert_eq!(unfinished.to_string(), "2 (of 4) futures unfinished");
        assert_eq!((unfinished.len(), unfinished.of()), (2, 4));
        assert!(format!("{unfinished:?}").contains("futures: 2"));
        assert!(items.next().is_none() && items.next().is_none());
        // They go on, and are given back.
        for (filler, (number, future)) in fillers.into_iter().rev().zip(unfinished.into_futures()) {
            assert!(number == 0 || number == 3);
            drop((filler, future));
        }

        let mut items = as_completed([task().inline().spawn(|| 1)]).within(Duration::ZERO);
        assert!(items.next().unwrap().is_ok() && items.next().is_none());
        let mut items = as_completed([spawn(|| 1)]).within(Duration::MAX);
        assert!(items.next().unwrap().is_ok() && items.next().is_none());
    });
}

#[test]
fn an_iterator_gives_back_or_drops_what_is_left() {
    within(|| {
        let dependent = |_| task().on_drop(OnDrop::Cancel).promise::<u8>();
        let (fillers, futures): (Vec<_>, Vec<_>) = (0..2).map(dependent).unzip();
        let rest = as_completed(futures).into_rest();
        assert!(rest.iter().map(|(number, _)| *number).eq(0..2));
        drop(as_completed(rest.into_iter().map(|(_, future)| future)));
        assert!(fillers.iter().all(|filler| !filler.is_wanted()));
        assert_eq!(as_completed(Vec::<Background<u8>>::new()).count(), 0);
    });
}

#[test]
fn waiting_for_the_next_is_a_checkpoint() {
    within(|| {
        let counter = Counter::new();
        let (filler, future) = promise::<u8>();
        let (started, witness) = (Gate::new(), counter.make());
        let inside = started.clone();
        let waiting = task().dedicated().spawn(move || {
            let _witness = witness;
            inside.open();
            as_completed([future]).count()
        });
        started.pass();
        Background::cancel(&waiting);
        until("the waiting body has unwound", || counter.dropped() == 1);
        drop(filler);
    });
}

#[test]
fn a_hundred_thousand_come_as_they_end() {
    within(|| {
        const MANY: usize = 100_000;
        let mut seen = vec![false; MANY];
        for (number, value) in as_completed((0..MANY).map(|n| spawn(move || n))) {
            assert!(value == number && !std::mem::replace(&mut seen[number], true));
        }
        assert!(seen.into_iter().all(|seen| seen));
    });
}

#[test]
fn results_come_in_the_order_of_the_items() {
    within(|| {
        assert!(map(0..1_000_u64, |n| n * n).eq((0..1_000).map(|n| n * n)));
        let mut all: Vec<_> = map(0..1_000_usize, |n| n * 2).as_completed().collect();
        all.sort_unstable();
        assert!(all.into_iter().eq((0..1_000).map(|n| (n, n * 2))));
        assert_eq!(map(0..10, |n| n).size_hint(), (10, Some(10)));
        assert_eq!(map(Vec::<u8>::new(), |n| n).next(), None);
        let words = map(["a".to_owned(), "b".to_owned()], |word| word.repeat(2));
        assert_eq!(words.collect::<String>(), "aabb");
    });
}

#[test]
fn no_more_items_are_taken_than_may_be_in_flight() {
    fn strict(handed_out: &mut dyn FnMut() -> bool, taken: &AtomicUsize, most: usize) {
        for turn in 0..50 {
            assert!(handed_out());
            // This item and those before it are handed out.
            let open = taken.load(Ordering::SeqCst) - (turn + 1);
            assert_eq!(open, most - 1, "after {turn} turns");
        }
    }

    within(|| {
        for most in [1, 2, 3, 8] {
            let taken = Arc::new(AtomicUsize::new(0));
            let open = Arc::new(AtomicUsize::new(0));
            let counted = |taken: &Arc<AtomicUsize>| {
                let (taken, open) = (Arc::clone(taken), Arc::clone(&open));
                (0..).inspect(move |_: &u64| {
                    taken.fetch_add(1, Ordering::SeqCst);
                    assert!(open.fetch_add(1, Ordering::SeqCst) < most);
                })
            };
            let mut ordered = map(counted(&taken), |n| n).in_flight(most);
            assert_eq!(taken.load(Ordering::SeqCst), 0);
            let handed_out = || {
                let next = ordered.next().is_some();
                open.fetch_sub(1, Ordering::SeqCst);
                next
            };
            strict(&mut { handed_out }, &taken, most);
            drop(ordered);
            taken.store(0, Ordering::SeqCst);
            open.store(0, Ordering::SeqCst);
            let mut ended = map(counted(&taken), |n| n).in_flight(most).as_completed();
            let handed_out = || {
                let next = ended.next().is_some();
                open.fetch_sub(1, Ordering::SeqCst);
                next
            };
            strict(&mut { handed_out }, &taken, most);
        }
    });
}

#[test]
#[should_panic(expected = "a map with 0 calls in flight never begins; write 1 or more")]
fn nothing_in_flight_is_refused() {
    drop(map([1], |n| n).in_flight(0));
}

#[test]
fn an_endless_map_stops_when_it_is_dropped() {
    within(|| {
        for as_completed in [false, true] {
            let (counter, started) = (Counter::new(), Gate::new());
            let witnesses = counter.clone();
            let inside = started.clone();
            let mut calls = map_with(
                || task().dedicated(),
                (0..).map(move |n| (n, witnesses.make())),
                move |(n, _witness)| {
                    if n > 0 {
                        inside.open();
                        loop {
                            checkpoint();
                            thread::yield_now();
                        }
                    }
                },
            )
            .in_flight(3);
            if as_completed {
                let mut calls = calls.as_completed();
                assert_eq!(calls.next(), Some((0, ())));
                started.pass();
                drop(calls);
            } else {
                assert_eq!(calls.next(), Some(()));
                started.pass();
                drop(calls);
            }
            assert_eq!(counter.made(), 3);
            until("all calls have unwound", || counter.dropped() == 3);
        }
        // What has not started never runs.
        let calls = map_with(|| task().on(Stuck), 0.., |n| assert_eq!(n, 0));
        assert_eq!(calls.in_flight(5).next(), Some(()));
    });
}

#[test]
fn panics_surface_where_their_item_is_and_the_rest_goes_on() {
    within(|| {
        let odd = |n: u32| if n % 2 == 0 { n } else { panic_any(n) };
        let mut calls = map(0..4, odd);
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(
                catch_unwind(AssertUnwindSafe(|| calls.next().unwrap()))
                    .map_err(|payload| *payload.downcast_ref::<u32>().unwrap()),
            );
        }
        assert_eq!(seen, [Ok(0), Err(1), Ok(2), Err(3)]);
        assert_eq!(calls.next(), None);

        let caught: Vec<_> = map_with(|| task().catch(), 0..4, odd).as_completed().collect();
        assert!(caught.iter().all(|(n, call)| call.is_ok() == (n % 2 == 0)));

        let items = (0..).inspect(|n| assert!(*n < 3, "no more items"));
        let mut calls = map(items, |n| n).in_flight(2);
        assert_eq!((calls.next(), calls.next()), (Some(0), Some(1)));
        let payload = catch_unwind(AssertUnwindSafe(|| calls.next())).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"no more items"));
        // Nothing is lost, and nothing is asked again.
        assert_eq!((calls.next(), calls.next()), (Some(2), None));
    });
}

#[test]
fn calls_are_made_as_described() {
    within(|| {
        let timed = map_with(|| task().timeout(Duration::ZERO), 0..3, |n| n);
        assert_eq!(timed.collect::<Vec<_>>(), [Err(Timeout); 3]);
        let named = map_with(
            || task().on(Dedicated::new()).name("own"),
            0..3,
            |_| (current().unwrap().name().to_owned(), thread::current().id()),
        );
        let here = thread::current().id();
        assert!(named.into_iter().all(|(name, id)| name == "own" && id != here));
        let line = line!() + 1;
        let mut places = map([()], |()| current().unwrap().call_site());
        let place = places.next().unwrap();
        assert_eq!((place.file(), place.line()), (file!(), line));
        let name = map([()], |()| current().unwrap().name().to_owned()).next();
        assert_eq!(name.as_deref(), Some("map"));
    });
}

#[test]
fn a_map_works_in_tasks_and_in_maps() {
    within(|| {
        let sums = map(0..20_u64, |n| map(0..=n, |k| k).sum::<u64>());
        assert_eq!(sums.collect::<Vec<_>>(), (0..20).map(|n| n * (n + 1) / 2).collect::<Vec<_>>());
        let inside = spawn(|| map(0..100, |n: u32| n).as_completed().map(|(_, n)| n).sum::<u32>());
        assert_eq!(inside, 4_950);
        // Sent away half way.
        let mut calls = map(0..10, |n| n);
        assert_eq!(calls.next(), Some(0));
        let rest = thread::spawn(move || calls.collect::<Vec<_>>()).join().unwrap();
        assert_eq!(rest, (1..10).collect::<Vec<_>>());
    });
}

#[test]
fn a_cancelled_reader_cancels_its_calls() {
    within(|| {
        let (counter, started) = (Counter::new(), Gate::new());
        let (witnesses, inside) = (counter.clone(), started.clone());
        let reader = task().dedicated().spawn(move || {
            let items = (0..).map(move |_: u64| witnesses.make());
            let endless = move |_witness| {
                inside.open();
                loop {
                    checkpoint();
                    thread::yield_now();
                }
            };
            map_with(|| task().dedicated(), items, endless).in_flight(2).for_each(|()| {});
        });
        started.pass();
        Background::cancel(&reader);
        assert_eq!(Background::outcome(&reader), Err(&Failure::Cancelled));
        until("its calls have unwound", || counter.dropped() == 2);
    });
}
