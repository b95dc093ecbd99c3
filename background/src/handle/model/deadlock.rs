//! Up to three tasks that wait for each other, in every interleaving: every task ends, a circle is
//! found, and nothing else is taken for one.

use std::panic::Location;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use loom::thread;

use crate::failure::Failure;
use crate::handle::Background;
use crate::handle::model::SITE;
use crate::task::block_on::block_on;
use crate::task::body::Direct;
use crate::task::header::{Clocks, OnDrop, Settings};
use crate::task::limit::Held;
use crate::task::{Task, job};

type Futures = Vec<OnceLock<Background<usize, Failure>>>;

/// How the tasks look at each other.
type Look = fn(&Background<usize, Failure>) -> usize;

/// What is seen in the place of a value that is not there.
const NONE: usize = 100;

fn touch(future: &Background<usize, Failure>) -> usize {
    *Background::outcome(future).unwrap_or(&NONE)
}

fn awaited(future: &Background<usize, Failure>) -> usize {
    block_on(async { *future.await.as_ref().unwrap_or(&NONE) })
}

fn start(
    claimable: bool,
    body: impl FnOnce() -> usize + Send + 'static,
) -> (Background<usize, Failure>, Task) {
    let settings = Settings {
        site: &SITE,
        caller: Location::caller(),
        name: None,
        clocks: Clocks::NONE,
        clock: None,
        on_drop: OnDrop::Detach,
        claimable,
        offload: Task::run,
        scoped: false,
        held: Held::default(),
        parcel: None,
        rank: None,
    };
    // SAFETY: all of it is Send and borrows nothing.
    let (shared, task) = unsafe { job::allocate(settings, None, Direct(body), ()) };
    // SAFETY: the job was just made, and this is its handle.
    (unsafe { Background::from_raw(shared) }, task)
}

/// Task n looks at the task `next[n]`, if that is one. Returns how many tasks have failed.
fn run(next: &[usize], claimable: bool, look: Look) -> usize {
    let futures: Arc<Futures> = Arc::new(next.iter().map(|_| OnceLock::new()).collect());
    let mut tasks = Vec::new();
    for (own, next) in next.iter().copied().enumerate() {
        let inside = Arc::clone(&futures);
        let (future, task) = start(claimable, move || {
            let next = inside.get(next).and_then(OnceLock::get);
            1 + next.map_or(0, look)
        });
        assert!(futures[own].set(future).is_ok());
        tasks.push(task);
    }
    let first = tasks.remove(0);
    let threads: Vec<_> = tasks.into_iter().map(|it| thread::spawn(move || it.run())).collect();
    first.run();
    for thread in threads {
        thread.join().unwrap();
    }
    let outcomes = futures.iter().map(|it| Background::outcome(it.get().expect("it was set")));
    outcomes
        .filter(|outcome| match outcome {
            Ok(_) => false,
            Err(Failure::Deadlock { cycle }) => {
                assert!(!cycle.is_empty() && cycle.len() <= next.len());
                true
            }
            Err(other) => panic!("another failure: {other}"),
        })
        .count()
}

/// Two preemptions for two tasks, and one for three: their schedules are many already, as every sleep
/// and every wake-up passes through the lock of the graph.
fn model(next: &'static [usize], check: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(if next.len() < 3 { 2 } else { 1 });
    let executions = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&executions);
    model.check(move || {
        // ORDERING: SeqCst. A count that is only printed.
        counted.fetch_add(1, Ordering::SeqCst);
        check();
    });
    // ORDERING: SeqCst, as above.
    println!("{next:?}: {} executions", executions.load(Ordering::SeqCst));
}

#[test]
fn model_circles_are_found() {
    for look in [touch as Look, awaited] {
        for claimable in [false, true] {
            for next in [&[0][..], &[1, 0], &[1, 2, 0]] as [&'static [usize]; 3] {
                // The member whose value was needed by the last has failed; the others have seen
                // that, and gone on.
                model(next, move || assert_eq!(run(next, claimable, look), 1, "{next:?}"));
            }
        }
    }
}

/// A task outside of the circle waits for a member.
#[test]
fn model_who_waits_for_a_circle_goes_on() {
    for look in [touch as Look, awaited] {
        model(&[0, 0], move || assert_eq!(run(&[0, 0], false, look), 1));
    }
}

#[test]
fn model_no_false_alarm() {
    for look in [touch as Look, awaited] {
        for claimable in [false, true] {
            let graphs: [&'static [usize]; 4] = [&[1, 9], &[1, 2, 9], &[2, 2, 9], &[9, 0, 1]];
            for next in graphs {
                model(next, move || assert_eq!(run(next, claimable, look), 0, "{next:?}"));
            }
        }
    }
}
