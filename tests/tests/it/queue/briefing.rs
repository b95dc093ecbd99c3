//! A worker process that takes the place of another one knows all updates before its first call.

use std::sync::Mutex;
use std::time::Duration;

use background::{Background, Detach, QueueWorker, TaskQueue, processes};
use background_tests::processes::{Watched, children, is_gone, signal};
use background_tests::{Note, until, within};
use rustix::process::{Pid, Signal, kill_process};

/// What this process was told, in order.
static TOLD: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn tell(n: u32) -> usize {
    let mut told = TOLD.lock().expect("nobody panics with it");
    told.push(n);
    told.len()
}

/// The process and what it was told.
fn told(_: ()) -> (u32, Vec<u32>) {
    (std::process::id(), TOLD.lock().expect("nobody panics with it").clone())
}

fn ask(queue: &TaskQueue) -> (u32, Vec<u32>) {
    Background::join(queue.task().spawn_with(told, ()))
}

fn one(worker: QueueWorker) -> TaskQueue {
    let queue = TaskQueue::new();
    queue.attach(worker);
    queue
}

#[test]
fn after_a_death_in_idleness() {
    within(|| {
        let queue = TaskQueue::processes(1);
        for n in 0..3 {
            drop(queue.update_with(tell, n));
        }
        drop(queue.update_with_ephemeral(tell, 99));
        let (mut last, all) = ask(&queue);
        assert_eq!(all, [0, 1, 2, 99]);
        for _ in 0..3 {
            let process = Watched::new(last);
            process.signal(Signal::KILL);
            process.wait();
            let (pid, all) = ask(&queue);
            assert_ne!(pid, last);
            assert_eq!(all, [0, 1, 2], "an ephemeral one is for those that are present");
            last = pid;
        }
    });
}

#[test]
fn after_so_many_calls() {
    within(|| {
        let queue = one(QueueWorker::process_of(processes().max_calls(2)));
        // More of them than a process has calls.
        for n in 0..5 {
            drop(queue.update_with(tell, n));
        }
        let mut pids: Vec<_> = (0..6)
            .map(|_| {
                let (pid, all) = ask(&queue);
                assert_eq!(all, [0, 1, 2, 3, 4]);
                pid
            })
            .collect();
        pids.dedup();
        assert!(pids.len() >= 3, "{pids:?}");
    });
}

#[test]
fn after_idling() {
    within(|| {
        let queue = one(QueueWorker::process_of(processes().idle(Duration::from_millis(1))));
        drop(queue.update_with(tell, 1));
        let (first, all) = ask(&queue);
        assert_eq!(all, [1]);
        until("it has left", || is_gone(first));
        drop(queue.update_with(tell, 2));
        let (second, all) = ask(&queue);
        assert_ne!(first, second);
        assert_eq!(all, [1, 2]);
    });
}

#[test]
fn after_a_crash_a_cancel_and_a_panic() {
    within(|| {
        let queue = TaskQueue::processes(1);
        drop(queue.update_with(tell, 1));
        let poison = queue.task().catch().spawn_with(|()| -> u32 { std::process::abort() }, ());
        assert!(Background::join(poison).is_err_and(|it| it.is_crash()));
        let (pid, all) = ask(&queue);
        assert_eq!(all, [1]);
        // A process that lives on is not told again.
        let panics = queue.task().catch().spawn_with(|()| -> u32 { panic!("boom") }, ());
        assert!(Background::join(panics).is_err_and(|it| it.is_panic()));
        assert_eq!(ask(&queue), (pid, vec![1]));
        let note = Note::new();
        let waits = |at: String| -> u32 {
            Note::leave(&at, "here");
            loop {
                std::thread::park();
            }
        };
        let stuck = queue.task().catch().spawn_with(waits, note.at("stuck"));
        drop(note.wait("stuck"));
        Background::cancel(&stuck);
        let (other, all) = ask(&queue);
        assert!(other != pid && all == [1]);
    });
}

/// An update whose process was killed by somebody else is not held against it, and the first call of the
/// next process sees it.
#[test]
fn an_update_that_was_killed_once_is_run_by_the_next_process() {
    within(|| {
        let queue = TaskQueue::processes(1);
        drop(queue.update_with(tell, 1));
        let note = Note::new();
        let slow = |(at, again): (String, String)| {
            if std::path::Path::new(&at).exists() {
                Note::leave(&again, "here");
                return tell(2);
            }
            Note::leave(&at, std::process::id());
            loop {
                std::thread::park();
            }
        };
        let results = queue.update_with(slow, (note.at("first"), note.at("second")));
        let after = queue.update_with(tell, 3);
        signal(note.wait_for_number("first"), Signal::KILL);
        for result in results {
            assert!(Background::join(result).is_err_and(|it| it.is_crash()));
        }
        assert!(after.into_iter().all(|it| Background::join(it) == Ok(3)));
        assert_eq!(ask(&queue).1, [1, 2, 3]);
        drop(note.wait("second"));
    });
}

/// Two processes die of it, and the third goes without.
#[test]
fn a_deadly_update_stops_the_worker_twice_at_most() {
    within(|| {
        let queue = TaskQueue::processes(1);
        let note = Note::new();
        drop(queue.update_with(tell, 1));
        let deadly = |folder: String| {
            let at = std::path::Path::new(&folder).join(std::process::id().to_string());
            Note::leave(at.to_str().expect("a text"), "dead");
            std::process::abort()
        };
        let results = queue.update_with(deadly, note.folder().to_owned());
        drop(queue.update_with(tell, 3));
        for result in results {
            assert!(Background::<(), _>::join(result).is_err_and(|it| it.is_crash()));
        }
        for _ in 0..2 {
            let (pid, all) = ask(&queue);
            assert_eq!(all, [1, 3]);
            let process = Watched::new(pid);
            process.signal(Signal::KILL);
            process.wait();
        }
        assert_eq!(note.names().len(), 2);
        // A worker that comes later is asked once more.
        let id = queue.workers()[0].id();
        queue.detach(id, Detach::Wait).expect("it is there");
        queue.attach(QueueWorker::process());
        assert_eq!(ask(&queue).1, [1, 3]);
    });
}

/// Whenever a process is killed: whoever is asked knows everything that was said before.
#[test]
fn killed_at_any_time_it_has_been_told_all() {
    within(|| {
        let queue = one(QueueWorker::process_of(processes().max_calls(7)));
        let mut pids = vec![ask(&queue).0];
        for n in 0..40_u32 {
            // The results may be crashes: the next process is told for itself.
            let results = queue.update_with(tell, n);
            if n % 3 == 0 {
                // It may have left by itself.
                let last = *pids.last().expect("the first");
                if children(std::process::id()).contains(&last) {
                    let last =
                        Pid::from_raw(i32::try_from(last).expect("a number")).expect("not 0");
                    let _ = kill_process(last, Signal::KILL);
                }
            }
            let call = queue.task().retry(20).spawn_with(told, ());
            let (pid, all) = Background::join(call).expect("it is tried again");
            assert_eq!(all, (0..=n).collect::<Vec<_>>(), "{pid} after {pids:?}");
            drop(results);
            pids.push(pid);
        }
        pids.dedup();
        assert!(pids.len() > 10, "{pids:?}");
    });
}
