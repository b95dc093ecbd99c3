//! What the original queue's suites of iteration and utilities look at, by behaviour.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, Write};
use std::ops::ControlFlow;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;

use background::{
    Background, BackgroundIter, DeliveryEnd, Failure, Promise, as_completed, deliver, feeder,
    join_all, map, promise, spawn, strategies, task,
};
use background_tests::{Gate, until, within};
use serde::{Deserialize, Serialize};

/// Multiples of `x`, as the generator of the original suites.
fn multiples(x: u32, count: u32) -> impl Iterator<Item = u32> + Send {
    (0..count).map(move |n| n * x)
}

/// Lets others run for a while that looks random and is the same every time.
fn dawdle(seed: u32) {
    for _ in 0..seed.wrapping_mul(2_654_435_761).rotate_left(11) % 1000 {
        thread::yield_now();
    }
}

/// `Deferator`: values come in order, each when it is made, and the end says that it was one.
#[test]
fn slow_values_come_in_order() {
    within(|| {
        let mut slow = task().look_ahead(1).stream(|| (0..6).inspect(|n| dawdle(*n)));
        for expected in 0..6 {
            assert_eq!(slow.next(), Some(expected));
        }
        assert_eq!(slow.next(), None);
        assert!(BackgroundIter::is_finished(&slow));
    });
}

/// `Deferator`: who breaks off after three of six leaves the other three.
#[test]
fn a_loop_may_be_left() {
    within(|| {
        let rest = Arc::new(Mutex::new(vec![5, 4, 3, 2, 1, 0]));
        let own = Arc::clone(&rest);
        let mut values = task()
            .look_ahead(1)
            .on_drop(background::OnDrop::Join)
            .stream(move || std::iter::from_fn(move || own.lock().unwrap().pop()));
        for (k, value) in values.by_ref().enumerate() {
            assert_eq!(value, k);
            if k == 2 {
                break;
            }
        }
        drop(values);
        // One more may have been looked ahead for; the original's own way is to make none.
        assert!([2, 3].contains(&rest.lock().unwrap().len()));
    });
}

/// `Prefetcherator`: the first value is there before anybody asks, and the last one says that it is it.
#[test]
fn one_value_is_fetched_ahead() {
    within(|| {
        let mut values = task().look_ahead(1).stream(|| multiples(6, 5));
        for k in 0..5 {
            until("the next one is fetched", || BackgroundIter::ahead(&values) == 1);
            assert_eq!(BackgroundIter::try_next(&mut values), Poll::Ready(Some(6 * k)));
        }
        until("it has ended", || BackgroundIter::is_finished(&values));
        assert_eq!(BackgroundIter::try_next(&mut values), Poll::Ready(None));
        assert_eq!(BackgroundIter::try_next(&mut values), Poll::Ready(None));
    });
}

/// `Prefetcherator`: a value that stands for nothing is not the end.
#[test]
fn nothing_is_a_value_too() {
    within(|| {
        let stuff = [Some("57"), None, Some("1.3"), Some("whatever")];
        assert!(task().stream(move || stuff.into_iter()).eq(stuff));
    });
}

/// `Prefetcherator`: the values may themselves be on their way.
#[test]
fn values_may_be_futures() {
    within(|| {
        let (promises, futures): (Vec<Promise<_>>, Vec<_>) = (0..4).map(|_| promise()).unzip();
        let mut values = task().stream(|| futures.into_iter().map(Background::join));
        assert_eq!(BackgroundIter::try_next(&mut values), Poll::Pending);
        for (n, promise) in promises.into_iter().enumerate().rev() {
            promise.set(n).expect("it is wanted");
        }
        assert!(values.eq(0..4));
    });
}

/// `IterationProducer`: a consumer gets everything and hears the end.
#[test]
fn a_consumer_gets_all() {
    within(|| {
        let (sender, receiver) = channel();
        let words = || (0..10).map(|n| "x".repeat(n));
        let delivery = BackgroundIter::for_each(task().stream(words), move |it| sender.send(it));
        assert!(delivery.wait().is_complete());
        assert!(receiver.iter().eq(words()));
    });
}

/// `IterationProducer`: a consumer that stops after half has had half, and the end says so.
#[test]
fn a_consumer_that_stops_has_had_its_part() {
    within(|| {
        let (sender, receiver) = channel();
        let stops = move |word: String| {
            let enough = word.len() == 4;
            sender.send(word).expect("the test listens");
            if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let words = || (0..10).map(|n| "x".repeat(n));
        let delivered = BackgroundIter::for_each(task().stream(words), stops).wait();
        assert_eq!((delivered.items(), delivered.end()), (5, &DeliveryEnd::Enough));
        assert!(receiver.iter().eq(words().take(5)));
    });
}

/// `ListConsumer`: each item is worked on for a while, and the list has them in order.
#[test]
fn a_list_of_what_was_made_of_the_items() {
    within(|| {
        let list = Arc::new(Mutex::new(Vec::new()));
        let own = Arc::clone(&list);
        let worked = map(task().stream(|| multiples(1, 10)), |item| {
            dawdle(item);
            ("foo", item)
        });
        let delivered = deliver(worked, move |item| own.lock().unwrap().push(item)).wait();
        assert!(delivered.is_complete());
        assert!(list.lock().unwrap().iter().copied().eq((0..10).map(|item| ("foo", item))));
    });
}

/// `Consumerator` and `Filerator`: what is pushed is iterated, and what is written is read by lines.
#[test]
fn what_others_push_is_an_iterator_or_a_file() {
    within(|| {
        let (pusher, items) = feeder();
        let pushing = spawn(move || (0..50).try_for_each(|item| pusher.push(item)));
        assert!(items.eq(0..50));
        assert_eq!(*pushing, Ok(()));
        let (mut file, written) = feeder::<Vec<u8>>();
        let writing = spawn(move || (0..50).try_for_each(|n| writeln!(file, "line {n}")).is_ok());
        let lines = BackgroundIter::into_reader(written).lines();
        assert!(lines.map(|line| line.expect("a line")).eq((0..50).map(|n| format!("line {n}"))));
        assert_eq!(writing, true);
    });
}

/// `DeferredTracker`: to wait for none takes no time, for all as long as the slowest, for the last one
/// of them as long as that.
#[test]
fn tracked_futures_are_waited_for() {
    within(|| {
        let none: Vec<Background<u32>> = Vec::new();
        assert_eq!(Background::join(join_all(none)), [0; 0]);
        let slow = |n: u32| {
            spawn(move || {
                dawdle(n);
                n
            })
        };
        assert_eq!(join_all((0..3).map(slow).collect::<Vec<_>>()), [0, 1, 2]);
        let last = (0..3).map(slow).next_back().expect("three");
        assert_eq!(last, 2);
    });
}

/// `DeferredTracker`: to any of them, until fewer are left, and until somebody has no more patience.
#[test]
fn tracked_futures_come_as_they_end() {
    within(|| {
        let gates: Vec<_> = (0..4).map(|_| Gate::new()).collect();
        let futures: Vec<_> = gates
            .iter()
            .enumerate()
            .map(|(n, gate)| {
                let gate = gate.clone();
                task().dedicated().spawn(move || {
                    gate.pass();
                    n
                })
            })
            .collect();
        let mut ends = as_completed(futures);
        for n in [2, 0] {
            gates[n].open();
            let (at, future) = ends.next().expect("one has ended");
            assert_eq!((at, Background::join(future)), (n, n));
        }
        let left = ends.within(std::time::Duration::ZERO).next().expect("two are left");
        let unfinished = left.expect_err("and nobody waits for them");
        for gate in &gates {
            gate.open();
        }
        assert_eq!(unfinished.into_futures().len(), 2);
    });
}

/// Pickling: values of every kind come back as they were.
#[cfg(target_os = "linux")]
#[test]
fn values_of_every_kind_come_back() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    enum Any {
        Nothing,
        Text(String),
        Number(i64),
        Fraction(f64),
        Table(HashMap<String, Vec<Any>>),
    }
    within(|| {
        let table = [("a".to_owned(), vec![Any::Nothing, Any::Number(1)])];
        let values = vec![
            Any::Nothing,
            Any::Text("Some text!".to_owned()),
            Any::Number(37_311),
            Any::Fraction(-1.37),
            Any::Table(table.into_iter().collect()),
        ];
        let back =
            task().process().stream_with(|values: Vec<Any>| values.into_iter(), values.clone());
        assert!(back.eq(values));
    });
}

/// Info: every call has a number of its own, and says what and where it is, also of what has failed.
#[test]
fn every_call_can_be_told() {
    within(|| {
        let calls: Vec<_> =
            (1..=4).map(|n| task().name("foo").lazy().spawn(move || 12 / n)).collect();
        let ids: HashSet<_> = calls.iter().map(Background::id).collect();
        assert_eq!(ids.len(), 4);
        for call in &calls {
            let text = Background::status(call).to_string();
            assert!(text.contains("foo") && text.contains("originals.rs"), "{text}");
        }
        assert_eq!(Background::join(join_all(calls)), [12, 6, 4, 3]);
        let divide = |x: u32, y: u32| x / y;
        let failed = task().catch().on(strategies::Inline).spawn(move || divide(1, u32::default()));
        let failure = Background::join(failed).expect_err("it cannot be divided");
        assert!(failure.is_panic());
        let text = Failure::to_string(&failure);
        assert!(text.contains("divide by zero") && text.contains("originals.rs"), "{text}");
    });
}
