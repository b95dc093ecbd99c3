//! Workers that come and go.

use background::strategies::{Dedicated, Thread};
use background::{
    Background, Cancel, Detach, Failure, QueueWorker, TaskQueue, checkpoint, current,
};
use background_tests::{Gate, until, within};

use super::{held, hire};

#[test]
fn ids_are_never_used_again() {
    within(|| {
        let queue = TaskQueue::new();
        let mut seen = std::collections::BTreeSet::new();
        for round in 0..50 {
            let worker =
                if round % 2 == 0 { QueueWorker::thread() } else { QueueWorker::new(Thread) };
            let id = queue.attach(worker);
            assert!(seen.insert(id), "{id} twice");
            assert_eq!(queue.workers().len(), 1);
            queue.detach(id, Detach::Wait).expect("it is there");
            until("it has left", || queue.workers().is_empty());
            assert!(queue.detach(id, Detach::Wait).is_err());
        }
    });
}

#[test]
fn what_waits_goes_to_others() {
    within(|| {
        let (queue, gate, hold) = held();
        let id = queue.workers()[0].id();
        let calls: Vec<_> = (0..10).map(|n| queue.call(move || n)).collect();
        queue.detach(id, Detach::Wait).expect("it is there");
        assert!(queue.workers()[0].is_leaving());
        assert_eq!(queue.queued(), 10);
        hire(&queue);
        for (n, call) in calls.into_iter().enumerate() {
            assert_eq!(call, n);
        }
        assert_eq!(queue.workers().len(), 2, "the first still runs something");
        gate.open();
        Background::join(hold);
        until("the first has left", || queue.workers().len() == 1);
    });
}

/// A body that waits on its first run, and says where it runs.
fn slow(gate: Gate, begun: Gate) -> impl Fn() -> u32 + Send + Sync + 'static {
    move || {
        if begun.is_open() {
            return 7;
        }
        begun.open();
        while !gate.is_open() {
            checkpoint();
            std::thread::yield_now();
        }
        8
    }
}

#[test]
fn what_can_be_run_again_is_reassigned() {
    within(|| {
        for foreign in [false, true] {
            let queue = TaskQueue::new();
            let worker = || {
                if foreign { QueueWorker::new(Dedicated::new()) } else { QueueWorker::thread() }
            };
            let first = queue.attach(worker());
            let (gate, begun) = (Gate::new(), Gate::new());
            // A recall does not count as a try.
            let again = queue.task().retry(1).spawn(slow(gate.clone(), begun.clone()));
            begun.pass();
            queue.attach(worker());
            let back = queue.detach(first, Detach::Reassign).expect("it is there");
            assert!(back.is_empty());
            assert_eq!(Background::join(again), Ok(7));
            gate.open();
        }
    });
}

#[test]
fn what_can_be_run_again_comes_back() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let id = queue.workers()[0].id();
        let (gate, begun) = (Gate::new(), Gate::new());
        let call = queue.task().name("slow").series("s").retry(1);
        let again = call.spawn(slow(gate.clone(), begun.clone()));
        begun.pass();
        let mut back = queue.detach(id, Detach::Return).expect("it is there");
        assert_eq!(back.len(), 1);
        let leftover = back.pop().expect("one");
        assert_eq!((leftover.name(), leftover.series()), ("slow", Some("s")));
        assert_eq!(leftover.call_site().file(), file!());
        assert!(!Background::is_ready(&again));
        leftover.start(&Thread);
        assert_eq!(Background::join(again), Ok(7));
        gate.open();
    });
}

#[test]
fn a_leftover_that_is_dropped_is_lost() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let id = queue.workers()[0].id();
        let (gate, begun) = (Gate::new(), Gate::new());
        let again = queue.task().retry(1).spawn(slow(gate.clone(), begun.clone()));
        begun.pass();
        let back = queue.detach(id, Detach::Return).expect("it is there");
        drop(back);
        assert_eq!(Background::join(again), Err(Failure::Lost));
        gate.open();
    });
}

#[test]
fn a_leftover_can_be_cancelled() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let id = queue.workers()[0].id();
        let (gate, begun) = (Gate::new(), Gate::new());
        let again = queue.task().retry(1).spawn(slow(gate.clone(), begun.clone()));
        begun.pass();
        let back = queue.detach(id, Detach::Return).expect("it is there");
        assert_eq!(Background::cancel(&again), Cancel::Stopping);
        for leftover in back {
            leftover.start(&Thread);
        }
        assert_eq!(Background::join(again), Err(Failure::Cancelled));
        gate.open();
    });
}

/// What cannot be run again goes on to its end, unless it is to be cancelled.
#[test]
fn the_others_go_on_or_are_cancelled() {
    within(|| {
        for how in [Detach::Wait, Detach::Reassign, Detach::Return, Detach::Cancel] {
            let queue = TaskQueue::threads(1);
            let id = queue.workers()[0].id();
            let (gate, begun) = (Gate::new(), Gate::new());
            let body = slow(gate.clone(), begun.clone());
            let once = queue.task().catch().spawn(body);
            begun.pass();
            assert!(queue.detach(id, how).expect("it is there").is_empty());
            gate.open();
            let expected = if how == Detach::Cancel { Err(Failure::Cancelled) } else { Ok(8) };
            assert_eq!(Background::join(once), expected, "{how:?}");
            until("it has left", || queue.workers().is_empty());
        }
    });
}

#[test]
fn workers_serve_only_their_series() {
    within(|| {
        let queue = TaskQueue::new();
        let here = || std::thread::current().id();
        queue.attach(QueueWorker::thread().series(["a", "b"]));
        let other = queue.task().series("c").spawn(here);
        let none = queue.call(here);
        let a = Background::join(queue.task().series("a").spawn(here));
        let b = Background::join(queue.task().series("b").spawn(here));
        assert_eq!(a, b);
        assert_eq!(queue.queued(), 2);
        queue.attach(QueueWorker::thread().series(["c"]));
        let c = Background::join(other);
        assert_ne!(a, c);
        assert!(!Background::is_ready(&none));
        hire(&queue);
        assert!(![a, c].contains(&*none));
    });
}

#[test]
fn a_strategy_gets_as_many_calls_as_it_has_room_for() {
    within(|| {
        let queue = TaskQueue::new();
        let gate = Gate::new();
        let calls: Vec<_> = (0..10)
            .map(|_| {
                let gate = gate.clone();
                queue.call(move || gate.pass())
            })
            .collect();
        queue.attach(QueueWorker::new(Dedicated::new()).capacity(3));
        assert_eq!((queue.running(), queue.queued()), (3, 7));
        queue.attach(QueueWorker::new(Thread).capacity(2));
        assert_eq!((queue.running(), queue.queued()), (5, 5));
        gate.open();
        calls.into_iter().for_each(Background::join);
        until("all have ended", || queue.running() == 0);
    });
}

/// A strategy that panics loses the call that it was given, and nothing else.
#[test]
fn a_strategy_that_panics_loses_one_call() {
    struct Panics;
    impl background::Strategy for Panics {
        fn start(&self, task: background::Task) {
            assert!(task.name() != "bad", "no, thank you");
            task.run();
        }
    }
    within(|| {
        let queue = TaskQueue::new();
        queue.attach(QueueWorker::new(Panics));
        let bad = queue.task().name("bad").catch().spawn(|| 7);
        assert_eq!(Background::join(bad), Err(Failure::Lost));
        assert_eq!(queue.call(|| 7), 7);
    });
}

#[test]
fn a_thread_has_a_name() {
    within(|| {
        let queue = TaskQueue::threads(1);
        let name = queue.call(|| std::thread::current().name().map(str::to_owned));
        assert!(name.as_deref().is_some_and(|name| name.starts_with("background-queue-")));
        assert_eq!(
            queue.task().name("known").spawn(|| current().unwrap().name().to_owned()),
            "known"
        );
    });
}
