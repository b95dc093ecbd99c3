//! Queues over worker processes, and what becomes of calls whose processes die.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use background::{Background, Cancel, Detach, Failure, OnCrash, QueueWorker, TaskQueue, Timeout};
use background_tests::processes::{Watched, signal};
use background_tests::{Note, until, within};
use rustix::process::Signal;

fn pid(queue: &TaskQueue) -> u32 {
    Background::join(queue.task().spawn_with(|()| std::process::id(), ()))
}

/// Says which process it is, and waits to be killed; the second time it returns.
fn first_waits((at, again): (String, String)) -> u32 {
    if std::path::Path::new(&at).exists() {
        Note::leave(&again, std::process::id());
        return 7;
    }
    Note::leave(&at, std::process::id());
    loop {
        std::thread::park();
    }
}

/// Always waits to be killed.
fn waits(at: String) -> u32 {
    Note::leave(&at, std::process::id());
    loop {
        std::thread::park();
    }
}

#[test]
fn calls_run_in_as_many_processes_as_were_asked_for() {
    within(|| {
        let queue = TaskQueue::processes(2);
        let note = Note::new();
        let both: Vec<_> = [("a", "b"), ("b", "a")]
            .map(|(own, other)| {
                let arguments = (note.at(own), note.at(other));
                queue.task().spawn_with(
                    |(own, other): (String, String)| {
                        Note::leave(&own, "here");
                        until("the other is there", || std::path::Path::new(&other).exists());
                        std::process::id()
                    },
                    arguments,
                )
            })
            .into_iter()
            .map(Background::join)
            .collect();
        assert_ne!(both[0], both[1]);
        assert!(!both.contains(&std::process::id()));
        for _ in 0..10 {
            assert!(both.contains(&pid(&queue)));
        }
    });
}

#[test]
fn a_killed_worker_answers_for_its_call_and_the_next_call_works() {
    within(|| {
        let queue = TaskQueue::processes(1);
        let note = Note::new();
        for round in 0..3 {
            let name = format!("{round}");
            let call = queue.task().catch().spawn_with(waits, note.at(&name));
            let own = note.wait_for_number(&name);
            let next = queue.task().spawn_with(|()| std::process::id(), ());
            signal(own, Signal::KILL);
            let failure = Background::join(call).expect_err("it was killed");
            let Failure::Crashed { worker, signal, .. } = &failure else { panic!("{failure}") };
            assert_eq!((worker.pid(), *signal), (own, Some(9)));
            assert_ne!(Background::join(next), own);
        }
    });
}

#[test]
fn a_killed_workers_call_runs_again_if_that_is_asked_for() {
    within(|| {
        for by_policy in [true, false] {
            let policy = if by_policy { OnCrash::Rerun(1) } else { OnCrash::Answer };
            let queue = TaskQueue::builder().on_crash(policy).processes(2).build();
            let note = Note::new();
            let arguments = (note.at("first"), note.at("second"));
            let call = queue.task().catch();
            let call = if by_policy {
                call.spawn_with(first_waits, arguments)
            } else {
                call.retry(1).spawn_with(first_waits, arguments)
            };
            let killed = Watched::new(note.wait_for_number("first"));
            killed.signal(Signal::KILL);
            assert_eq!(Background::join(call), Ok(7));
            assert_ne!(note.wait_for_number("second"), killed.pid);
        }
    });
}

#[test]
fn a_call_that_always_kills_is_given_up() {
    within(|| {
        let queue = TaskQueue::processes(1);
        let poison = queue.task().name("poison").retry(2);
        let poison = poison.spawn_with(|()| -> u32 { std::process::abort() }, ());
        let failure = Background::join(poison).expect_err("it aborts");
        let Failure::GaveUp { tries, last, .. } = &failure else { panic!("{failure}") };
        assert!(*tries == 3 && last.is_crash(), "{failure}");
        let text = failure.to_string();
        assert!(text.starts_with("`poison`") && text.contains("crashed: worker process"), "{text}");
        assert!(text.ends_with("gave up after three tries"), "{text}");
        assert_ne!(pid(&queue), std::process::id());
    });
}

#[test]
fn a_time_out_ends_the_process_before_it_can_be_seen() {
    within(|| {
        let queue = TaskQueue::processes(1);
        let note = Note::new();
        let call = queue.task().timeout(Duration::from_millis(700));
        let late = call.spawn_with(waits, note.at("pid"));
        let own = Watched::new(note.wait_for_number("pid"));
        assert!(late == Timeout);
        assert!(own.is_dead());
        let call = queue.task().timeout(Duration::from_millis(700)).retry(1);
        let failure = Background::join(call.spawn_with(waits, note.at("again")));
        assert!(failure.is_err_and(|it| it.is_given_up()));
        assert_ne!(pid(&queue), own.pid);
    });
}

#[test]
fn a_cancel_ends_the_process_before_it_can_be_seen() {
    within(|| {
        let queue = TaskQueue::processes(1);
        let note = Note::new();
        for retries in [0, 3] {
            let name = format!("{retries}");
            let call = queue.task().retry(retries).spawn_with(waits, note.at(&name));
            let own = Watched::new(note.wait_for_number(&name));
            assert_eq!(Background::cancel(&call), Cancel::Stopping);
            assert_eq!(Background::join(call), Err(Failure::Cancelled));
            assert!(own.is_dead());
        }
        assert_ne!(pid(&queue), std::process::id());
    });
}

#[test]
fn panics_and_values_come_through() {
    within(|| {
        let queue = TaskQueue::processes(1);
        let bad = queue.task().catch().spawn_with(|()| -> u32 { panic!("boom") }, ());
        let failure = Background::join(bad).expect_err("it panics");
        assert!(failure.is_panic() && failure.to_string().contains("boom"), "{failure}");
        let bytes = vec![7_u8; 3 << 20];
        let back = queue.task().spawn_with(|bytes: Vec<u8>| bytes, bytes.clone());
        assert!(back == bytes);
        let same = pid(&queue);
        assert_eq!(pid(&queue), same, "a panic is no crash");
    });
}

#[test]
fn closures_go_where_they_can_run() {
    within(|| {
        let queue = TaskQueue::processes(1);
        let refused = queue.task().catch().spawn(|| 7);
        assert!(Background::join(refused).is_err_and(|it| it.is_unsupported()));
        let waits = queue.attach(QueueWorker::thread());
        let here = queue.call(std::process::id);
        assert_eq!(here, std::process::id());
        queue.detach(waits, Detach::Wait).expect("it is there");
    });
}

static LEVEL: AtomicU32 = AtomicU32::new(0);

fn raise(by: u32) -> u32 {
    LEVEL.fetch_add(by, Ordering::SeqCst) + by
}

fn level(_: ()) -> u32 {
    LEVEL.load(Ordering::SeqCst)
}

#[test]
fn processes_are_updated_also_those_that_come_later() {
    within(|| {
        let queue = TaskQueue::processes(2);
        for by in [1, 10] {
            let results = queue.update_with(raise, by);
            assert_eq!(results.len(), 2);
            for result in results {
                assert_eq!(Background::join(result), Ok(if by == 1 { 1 } else { 11 }));
            }
        }
        let _here_only: Vec<_> = queue.update_with_ephemeral(raise, 100);
        for worker in queue.workers() {
            queue.detach(worker.id(), Detach::Wait).expect("it is there");
        }
        queue.attach(QueueWorker::process());
        assert_eq!(Background::join(queue.task().spawn_with(level, ())), 11);
        // And so is one that takes the place of a dead one.
        let poison = queue.task().catch().spawn_with(|()| std::process::abort(), ());
        assert!(Background::<(), _>::join(poison).is_err_and(|it| it.is_crash()));
        assert_eq!(Background::join(queue.task().spawn_with(level, ())), 11);
    });
}

/// An update that a process dies of is not asked for again and again.
#[test]
fn a_deadly_update_is_asked_for_once() {
    within(|| {
        let queue = TaskQueue::processes(1);
        let fine = queue.update_with(raise, 5);
        let deadly = queue.update_with(|()| std::process::abort(), ());
        let after = queue.update_with(raise, 50);
        assert!(fine.into_iter().all(|it| Background::join(it) == Ok(5)));
        for result in deadly {
            assert!(Background::<(), _>::join(result).is_err_and(|it| it.is_crash()));
        }
        // The new process has been brought up to date before it.
        assert!(after.into_iter().all(|it| Background::join(it) == Ok(55)));
        assert_eq!(Background::join(queue.task().spawn_with(level, ())), 55);
    });
}

#[test]
fn a_detached_process_gives_its_call_back_and_is_gone() {
    within(|| {
        for how in [Detach::Reassign, Detach::Return] {
            let queue = TaskQueue::processes(1);
            let note = Note::new();
            let arguments = (note.at("first"), note.at("second"));
            let call = queue.task().catch().spawn_with(first_waits, arguments);
            let own = Watched::new(note.wait_for_number("first"));
            let id = queue.workers()[0].id();
            let back = queue.detach(id, how).expect("it is there");
            let other = TaskQueue::processes(1);
            if how == Detach::Return {
                assert!(own.is_dead());
                assert_eq!(back.len(), 1);
                for leftover in back {
                    leftover.start(&other);
                }
            } else {
                assert!(back.is_empty());
                queue.attach(QueueWorker::process());
            }
            assert_eq!(Background::join(call), Ok(7));
            own.wait();
        }
    });
}

#[test]
fn a_shutdown_leaves_no_process() {
    within(|| {
        let queue = TaskQueue::processes(2);
        let note = Note::new();
        let idle = Watched::new(pid(&queue));
        let call = queue.task().catch().spawn_with(waits, note.at("pid"));
        let busy = Watched::new(note.wait_for_number("pid"));
        let left = queue.shutdown(Duration::from_millis(50));
        assert_eq!(left.len(), 1, "it can be run again");
        assert!(busy.is_dead());
        drop(left);
        assert_eq!(Background::join(call), Err(Failure::Lost));
        idle.wait();
        busy.wait();
    });
}

/// Killed again and again, by whoever, the queue answers each call once.
#[test]
fn a_hammered_queue_answers_every_call() {
    within(|| {
        let queue = TaskQueue::builder().on_crash(OnCrash::Rerun(50)).processes(2).build();
        let calls: Vec<_> = (0..60_u32)
            .map(|n| {
                let call = queue.task().catch();
                call.spawn_with(
                    |n: u32| {
                        // Every process dies of some of its calls.
                        let fate = std::time::SystemTime::now()
                            .duration_since(std::time::UNIX_EPOCH)
                            .map_or(0, |time| time.subsec_micros());
                        if (fate + n) % 4 == 0 {
                            background_tests::faults::raise(9);
                        }
                        n
                    },
                    n,
                )
            })
            .collect();
        for (n, call) in (0..).zip(calls) {
            assert_eq!(Background::join(call), Ok(n));
        }
    });
}
