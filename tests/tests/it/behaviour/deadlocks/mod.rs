//! Tasks that wait for each other: found out, named, and only then.

mod awaits;
mod combined;
mod limits;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;
use std::sync::{Arc, OnceLock};

use background::{
    Background, DeadlockMember, Failure, Sentinel, Strategy, Task, background, scope, spawn, task,
};
use background_tests::{Gate, within};

/// Futures that their own bodies can reach, once the gate is open.
struct Ring<T, S: Sentinel> {
    gate: Gate,
    futures: Vec<OnceLock<Background<T, S>>>,
}

impl<T, S: Sentinel> Ring<T, S> {
    fn new(length: usize) -> Arc<Self> {
        let futures = (0..length).map(|_| OnceLock::new()).collect();
        Arc::new(Self { gate: Gate::new(), futures })
    }

    /// The future with this number, counted on round the ring.
    fn future(&self, nth: usize) -> &Background<T, S> {
        self.gate.pass();
        self.futures[nth % self.futures.len()].get().expect("the gate was opened when all were set")
    }

    fn set(&self, nth: usize, future: Background<T, S>) {
        self.futures[nth].set(future).ok().expect("each is set once");
    }
}

/// The ring's members, each of which touches the next.
fn ring(
    length: usize,
    start: impl Fn(Box<dyn FnOnce() -> usize + Send>) -> Background<usize>,
) -> Arc<Ring<usize, std::convert::Infallible>> {
    let ring = Ring::new(length);
    for nth in 0..length {
        let inside = Arc::clone(&ring);
        ring.set(nth, start(Box::new(move || **inside.future(nth + 1) + 1)));
    }
    ring.gate.open();
    ring
}

fn names(cycle: &[DeadlockMember]) -> Vec<&str> {
    cycle.iter().map(|member| member.call().name()).collect()
}

/// All of the ring's members have failed, all for the same reason. Returns that.
fn verdict<T>(ring: &Ring<T, std::convert::Infallible>) -> Arc<[DeadlockMember]> {
    let mut verdicts = (0..ring.futures.len()).map(|nth| {
        let failure = Background::outcome(ring.future(nth)).map(drop).unwrap_err();
        match failure {
            Failure::Deadlock { cycle, .. } => Arc::clone(cycle),
            other => panic!("no deadlock: {other}"),
        }
    });
    let first = verdicts.next().expect("a member");
    for other in verdicts {
        assert_eq!(first, other, "two reports of one deadlock");
    }
    first
}

fn quiet() {
    static QUIET: std::sync::Once = std::sync::Once::new();
    QUIET.call_once(|| {
        let shown = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let is_report = info
                .payload()
                .downcast_ref::<String>()
                .is_some_and(|text| text.contains("waits for itself, in a deadlock"));
            if !is_report {
                shown(info);
            }
        }));
    });
}

#[test]
fn rings_of_dedicated_tasks_fail() {
    quiet();
    for length in [1, 2, 3, 10, 64] {
        within(move || {
            let ring = ring(length, |body| task().dedicated().spawn(body));
            assert_eq!(verdict(&ring).len(), length);
        });
    }
}

#[test]
fn rings_in_the_pool_fail() {
    quiet();
    for length in [1, 2, 3, 10, 64] {
        within(move || {
            let ring = ring(length, |body| task().thread().spawn(body));
            assert_eq!(verdict(&ring).len(), length);
        });
    }
}

#[test]
fn long_rings_fail() {
    quiet();
    within(|| {
        let dedicated = ring(1000, |body| task().dedicated().spawn(body));
        assert_eq!(verdict(&dedicated).len(), 1000);
        let pooled = ring(1000, |body| task().thread().spawn(body));
        assert_eq!(verdict(&pooled).len(), 1000);
    });
}

/// The whole ring on one stack: each member runs the next one in its touch.
#[test]
fn rings_that_run_on_one_stack_fail() {
    quiet();
    for length in [1, 2, 3, 10, 64] {
        within(move || {
            let ring = ring(length, |body| task().lazy().spawn(body));
            let cycle = match Background::outcome(ring.future(0)) {
                Err(Failure::Deadlock { cycle, .. }) => Arc::clone(cycle),
                other => panic!("no deadlock: {other:?}"),
            };
            assert_eq!(cycle.len(), length);
            let place = cycle[0].touched_at().expect("it touches");
            assert!(cycle.iter().all(|it| it.touched_at() == Some(place)), "{cycle:?}");
            assert_eq!(verdict(&ring), cycle);
        });
    }
}

#[background(dedicated)]
fn follows(ring: Arc<Ring<u32, std::convert::Infallible>>, nth: usize) -> u32 {
    **ring.future(nth) + 1
}

/// A strategy of a user's own.
struct OwnThread;

impl Strategy for OwnThread {
    fn start(&self, task: Task) {
        std::thread::spawn(|| task.run());
    }
}

#[test]
fn a_ring_across_strategies_is_named_in_full() {
    quiet();
    within(|| {
        let ring = Ring::new(3);
        let body = |nth| {
            let inside = Arc::clone(&ring);
            move || **inside.future(nth) + 1
        };
        let line = line!();
        ring.set(0, follows(Arc::clone(&ring), 1));
        ring.set(1, task().name("follows").on(OwnThread).spawn(body(2)));
        ring.set(2, task().name("follows").thread().spawn(body(3)));
        ring.gate.open();
        let cycle = verdict(&ring);
        assert_eq!(names(&cycle), ["follows"; 3]);
        let mut lines: Vec<_> = cycle.iter().map(|it| it.call().call_site().line()).collect();
        let first = lines.iter().position(|it| *it == line + 1).expect("the first call");
        lines.rotate_left(first);
        assert_eq!(lines, [line + 1, line + 2, line + 3], "each waits for the next");

        let touch = catch_unwind(AssertUnwindSafe(|| **ring.future(0))).unwrap_err();
        let message = touch.downcast_ref::<String>().expect("a text");
        for member in &*cycle {
            let place = member.touched_at().expect("a touch");
            let told = format!("{} waits at {place} for `follows`", member.call());
            assert!(message.contains(&told), "{told} in {message}");
        }
    });
}

/// Whoever only needs a member is none, and has panicked.
#[test]
fn others_go_on() {
    quiet();
    within(|| {
        let ring = ring(2, |body| task().dedicated().spawn(body));
        let inside = Arc::clone(&ring);
        let outsider = task().dedicated().spawn(move || **inside.future(0));
        let inside = Arc::clone(&ring);
        let careful = spawn(move || Background::outcome(inside.future(0)).is_err());
        assert_eq!(verdict(&ring).len(), 2);
        let failure = Background::outcome(&outsider).unwrap_err();
        assert!(failure.is_panic() && failure.to_string().contains("deadlock of 2"), "{failure}");
        assert_eq!(careful, true);
        assert_eq!(spawn(|| 1), 1);
    });
}

/// A member that looks at the failure as a value goes on. Of two, the one whose value the other
/// needed to close the ring has failed by then; so one has a value.
#[test]
fn a_member_that_reads_the_failure_goes_on() {
    within(|| {
        let ring = Ring::<bool, Failure>::new(2);
        for nth in 0..2 {
            let inside = Arc::clone(&ring);
            let body = move || Background::outcome(inside.future(nth + 1)).is_err();
            ring.set(nth, task().dedicated().catch().spawn(body));
        }
        ring.gate.open();
        let outcomes = [0, 1].map(|nth| Background::outcome(ring.future(nth)).cloned());
        let failed = outcomes.iter().filter(|it| it.is_err()).count();
        assert_eq!(failed, 1, "{outcomes:?}");
        assert!(outcomes.contains(&Ok(true)), "{outcomes:?}");
        assert!(outcomes.iter().all(|it| it.as_ref().err().is_none_or(|it| it.is_deadlock())));
    });
}

#[test]
fn caught_failures_are_deadlocks_too() {
    within(|| {
        let ring = Ring::<u32, Failure>::new(3);
        for nth in 0..3 {
            let inside = Arc::clone(&ring);
            let body = move || *inside.future(nth + 1).as_ref().unwrap_or(&7) + 1;
            ring.set(nth, task().thread().catch().spawn(body));
        }
        ring.gate.open();
        let values: Vec<_> = (0..3).map(|nth| (**ring.future(nth)).clone()).collect();
        assert_eq!(values.iter().filter(|it| it.is_err()).count(), 1, "{values:?}");
        assert!(values.contains(&Ok(8)) && values.contains(&Ok(9)), "{values:?}");
    });
}

/// Futures that reach each other through channels.
#[test]
fn futures_sent_to_each_other() {
    quiet();
    within(|| {
        let (to_first, first_gets) = channel::<Background<u32>>();
        let (to_second, second_gets) = channel::<Background<u32>>();
        let first = task().dedicated().spawn(move || first_gets.recv().unwrap() + 1);
        let second = task().dedicated().spawn(move || second_gets.recv().unwrap() + 1);
        let (told, tells) = channel();
        Background::on_ready(&first, {
            let told = told.clone();
            move |outcome| told.send(outcome.map(|_| ()).map_err(Clone::clone)).unwrap()
        });
        Background::on_ready(&second, move |outcome| {
            told.send(outcome.map(|_| ()).map_err(Clone::clone)).unwrap();
        });
        to_first.send(second).unwrap();
        to_second.send(first).unwrap();
        for _ in 0..2 {
            let outcome = tells.recv().unwrap();
            assert!(outcome.as_ref().is_err_and(Failure::is_deadlock), "{outcome:?}");
        }
    });
}

/// A future that joins its task when it is dropped waits as a touch does.
#[test]
fn joining_in_a_destructor_is_a_wait() {
    use background::OnDrop;
    quiet();
    within(|| {
        let (sender, receiver) = channel::<Arc<OnceLock<Background<u32>>>>();
        let joined = task()
            .dedicated()
            .name("joined")
            .on_drop(OnDrop::Join)
            .spawn(move || **receiver.recv().unwrap().get().unwrap());
        let cell = Arc::new(OnceLock::new());
        let owner = task().dedicated().name("owner").spawn({
            let cell = Arc::clone(&cell);
            move || {
                sender.send(cell).unwrap();
                drop(joined);
                5
            }
        });
        cell.set(owner).ok().unwrap();
        // Whoever of the two was last: `owner` ends, with its value or as a member.
        let outcome = Background::outcome(cell.get().unwrap());
        assert!(outcome.is_ok_and(|it| *it == 5) || outcome.unwrap_err().is_deadlock());
    });
}

/// Tasks inside of a scope that wait for the task around it.
#[test]
fn a_scope_that_waits_for_its_own_task() {
    quiet();
    within(|| {
        let ring = Ring::new(1);
        let inside = Arc::clone(&ring);
        let line = line!() + 2;
        let around = task().dedicated().name("around").spawn(move || {
            let (ring, entered) = (&inside, Gate::new());
            scope(|s| {
                for _ in 0..2 {
                    drop(s.spawn_with(task().dedicated().name("within").catch(), || {
                        entered.open();
                        **ring.future(0) + 1
                    }));
                }
                entered.pass();
            });
            5
        });
        ring.set(0, around);
        ring.gate.open();
        let cycle = verdict(&ring);
        let mut named = names(&cycle);
        named.sort_unstable();
        assert_eq!(named, ["around", "within"]);
        let around = cycle.iter().find(|it| it.call().name() == "around").unwrap();
        assert_eq!(around.touched_at().map(std::panic::Location::line), Some(line + 1));
    });
}
