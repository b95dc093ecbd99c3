//! Who is served before whom.

use background::{Background, QueueWorker, TaskQueue, strategies::Inline};
use background_tests::within;

use super::{Log, held, hire};

/// Of 300 calls of each of two kinds, each kind a series, so many are among the first 150.
fn shares(one: i32, other: i32) -> (usize, usize) {
    let (queue, log) = (TaskQueue::new(), Log::default());
    let mut futures = Vec::new();
    for _ in 0..300 {
        for (kind, niceness) in [(0, one), (1, other)] {
            let name = if kind == 0 { "one" } else { "other" };
            let call = queue.task().series(name).priority(niceness);
            futures.push(call.spawn(log.body(kind)));
        }
    }
    hire(&queue);
    futures.into_iter().for_each(Background::join);
    let served = log.take();
    assert_eq!(served.len(), 600);
    let ones = served[..150].iter().filter(|kind| **kind == 0).count();
    (ones, 150 - ones)
}

#[test]
fn turns_are_divided_by_weight() {
    within(|| {
        assert_eq!(shares(0, 10), (101, 49));
        assert_eq!(shares(-20, -10), (101, 49));
        assert_eq!(shares(10, 20), (95, 55));
        assert_eq!(shares(-20, 20), (143, 7));
    });
}

/// Calls of no series are weighed too, each by its own number.
#[test]
fn the_kth_call_stands_at_k_times_its_weight() {
    within(|| {
        let (queue, log) = (TaskQueue::new(), Log::default());
        let nicenesses = [20_i32, 0, -20, 10, -10, 5, 0, -5, 20, -20, 15, 0];
        let mut expected = Vec::new();
        for (index, niceness) in (0_u32..).zip(nicenesses) {
            let positive = i64::from(niceness) + 20;
            // In hundredths, as ties count.
            expected.push(((i64::from(index) + 1) * (100 + positive * positive), index));
            drop(queue.task().priority(niceness).spawn(log.body(index)));
        }
        expected.sort_unstable();
        hire(&queue);
        queue.wait_until_fewer(1);
        let expected: Vec<_> = expected.into_iter().map(|(_, index)| index).collect();
        assert_eq!(log.take(), expected);
    });
}

#[test]
fn calls_alike_are_served_in_order() {
    within(|| {
        let (queue, log) = (TaskQueue::new(), Log::default());
        (0..1000).for_each(|n| drop(queue.call(log.body(n))));
        hire(&queue);
        queue.wait_until_fewer(1);
        assert_eq!(log.take(), (0..1000).collect::<Vec<_>>());
    });
}

#[test]
fn the_next_comes_first_and_the_last_comes_last() {
    within(|| {
        let (queue, gate, hold) = held();
        let log = Log::default();
        drop(queue.task().last().spawn(log.body(9)));
        // The first is under way when the others come.
        drop(queue.call(log.body(2)));
        drop(queue.task().next().priority(20).spawn(log.body(3)));
        drop(queue.task().last().priority(-20).spawn(log.body(10)));
        drop(queue.task().next().spawn(log.body(4)));
        drop(queue.task().priority(20).spawn(log.body(8)));
        gate.open();
        queue.wait_until_fewer(1);
        assert_eq!(log.take(), [3, 4, 2, 8, 9, 10]);
        Background::join(hold);
    });
}

#[test]
fn of_three_calls_the_third_may_be_the_second() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let log = Log::default();
        let (gate, begun) = (background_tests::Gate::new(), background_tests::Gate::new());
        let (outer, inner, first) = (gate.clone(), begun.clone(), log.body(1));
        drop(queue.call(move || {
            inner.open();
            outer.pass();
            first();
        }));
        begun.pass();
        drop(queue.call(log.body(2)));
        drop(queue.task().next().spawn(log.body(3)));
        gate.open();
        queue.wait_until_fewer(1);
        assert_eq!(log.take(), [1, 3, 2]);
    });
}

/// The second series begins where the first one is, so the two take turns.
#[test]
fn a_late_series_does_not_jump_the_queue() {
    within(|| {
        let (queue, log) = (TaskQueue::new(), Log::default());
        (0..100).for_each(|n| drop(queue.task().series("early").spawn(log.body(n))));
        (0..5).for_each(|n| drop(queue.task().series("late").spawn(log.body(1000 + n))));
        (100..105).for_each(|n| drop(queue.task().series("early").spawn(log.body(n))));
        hire(&queue);
        queue.wait_until_fewer(1);
        let expected: Vec<_> = (0..100).chain((0..5).flat_map(|n| [1000 + n, 100 + n])).collect();
        assert_eq!(log.take(), expected);
    });
}

#[test]
fn a_series_keeps_its_order_whatever_the_niceness() {
    within(|| {
        let (queue, log) = (TaskQueue::new(), Log::default());
        for n in 0..200_u32 {
            let niceness = i32::try_from(n * 7 % 41).expect("small") - 20;
            drop(queue.task().series("all").priority(niceness).spawn(log.body(n)));
        }
        hire(&queue);
        queue.wait_until_fewer(1);
        assert_eq!(log.take(), (0..200).collect::<Vec<_>>());
    });
}

/// A series that comes back after the others have gone on does not come before all of them.
#[test]
fn a_series_that_comes_back_does_not_jump_the_queue() {
    within(|| {
        let queue = TaskQueue::new();
        let log = Log::default();
        drop(queue.task().series("rare").spawn(log.body(0)));
        let (gate, begun) = (background_tests::Gate::new(), background_tests::Gate::new());
        for n in 1..=200 {
            let (gate, begun, add) = (gate.clone(), begun.clone(), log.body(n));
            drop(queue.task().series("busy").spawn(move || {
                if n == 100 {
                    begun.open();
                    gate.pass();
                }
                add();
            }));
        }
        hire(&queue);
        begun.pass();
        (0..100).for_each(|n| drop(queue.task().series("rare").spawn(log.body(1000 + n))));
        gate.open();
        queue.wait_until_fewer(1);
        let order = log.take();
        let rare = order[101..151].iter().filter(|n| **n >= 1000).count();
        assert!((24..=26).contains(&rare), "{rare} of 50");
    });
}

#[test]
fn a_niceness_is_between_minus_20_and_20() {
    for niceness in [-21, 21, i32::MIN, i32::MAX] {
        let panic = std::panic::catch_unwind(|| drop(background::task().priority(niceness)));
        let payload = panic.expect_err("out of range");
        let message = payload.downcast_ref::<String>().expect("a text");
        assert!(
            message.starts_with("Niceness must be an integer between -20 and +20"),
            "{message}"
        );
    }
    for niceness in [-20, 20] {
        drop(background::task().priority(niceness));
    }
}

/// A worker that is given its calls one at a time gets them in the same order.
#[test]
fn strategies_are_served_in_the_same_order() {
    within(|| {
        let (queue, log) = (TaskQueue::new(), Log::default());
        for (n, niceness) in [(0, 10), (1, -20), (2, 0), (3, 20)] {
            drop(queue.task().priority(niceness).spawn(log.body(n)));
        }
        drop(queue.task().next().spawn(log.body(4)));
        queue.attach(QueueWorker::new(Inline));
        assert_eq!(log.take(), [4, 1, 0, 2, 3]);
    });
}
