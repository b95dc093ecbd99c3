//! Whatever happens in whatever order: each call has one outcome, and the order rules hold.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use background::strategies::{Dedicated, Thread};
use background::{
    Background, Detach, Failure, Leftover, QueueWorker, TaskQueue, WorkerId, checkpoint,
};
use background_tests::{Gate, within};
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Deed {
    /// A call that waits for the gate if it is to.
    Call {
        series: Option<u8>,
        niceness: i8,
        turn: u8,
        retries: u32,
        waits: bool,
    },
    Cancel(usize),
    CancelSeries(u8),
    CancelAll,
    Attach {
        kind: u8,
        series: Option<u8>,
    },
    Detach {
        nth: usize,
        how: u8,
    },
    Update,
    OpenGate,
    Shutdown,
}

fn deed() -> impl Strategy<Value = Deed> {
    let series = || proptest::option::weighted(0.4, 0..3_u8);
    let call = (series(), -20..=20_i8, 0..6_u8, 0..3_u32, any::<bool>());
    prop_oneof![
        12 => call.prop_map(|(series, niceness, turn, retries, waits)| Deed::Call {
            series, niceness, turn, retries, waits
        }),
        3 => any::<usize>().prop_map(Deed::Cancel),
        1 => (0..3_u8).prop_map(Deed::CancelSeries),
        1 => Just(Deed::CancelAll),
        3 => (0..4_u8, series()).prop_map(|(kind, series)| Deed::Attach { kind, series }),
        2 => (any::<usize>(), 0..4_u8).prop_map(|(nth, how)| Deed::Detach { nth, how }),
        1 => Just(Deed::Update),
        1 => Just(Deed::OpenGate),
        1 => Just(Deed::Shutdown),
    ]
}

/// What is known of a call beside its future.
struct Made {
    future: Background<usize, Failure>,
    runs: Arc<AtomicU32>,
    /// How often somebody was told of its outcome.
    told: Arc<AtomicU32>,
}

struct World {
    queue: TaskQueue,
    gate: Gate,
    made: Vec<Made>,
    workers: Vec<WorkerId>,
    left: Vec<Leftover>,
    updates: Vec<Background<(), Failure>>,
}

impl World {
    fn new() -> Self {
        Self {
            queue: TaskQueue::new(),
            gate: Gate::new(),
            made: Vec::new(),
            workers: Vec::new(),
            left: Vec::new(),
            updates: Vec::new(),
        }
    }

    fn call(&mut self, series: Option<u8>, niceness: i8, turn: u8, retries: u32, waits: bool) {
        let nth = self.made.len();
        let mut call = self.queue.task().priority(niceness);
        if let Some(series) = series {
            call = call.series(series.to_string());
        }
        call = match turn {
            0 => call.next(),
            1 => call.last(),
            _ => call,
        };
        let runs = Arc::new(AtomicU32::new(0));
        let (counted, gate) = (Arc::clone(&runs), self.gate.clone());
        let future = call.retry(retries).spawn(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            while waits && !gate.is_open() {
                checkpoint();
                std::thread::yield_now();
            }
            nth
        });
        let told = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&told);
        Background::on_ready(&future, move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        self.made.push(Made { future, runs, told });
    }

    fn attach(&mut self, kind: u8, series: Option<u8>) {
        let worker = match kind {
            0 | 1 => QueueWorker::thread(),
            2 => QueueWorker::new(Thread).capacity(2),
            _ => QueueWorker::new(Dedicated::new()),
        };
        let worker = match series {
            Some(series) => worker.series([series.to_string()]),
            None => worker,
        };
        self.workers.push(self.queue.attach(worker));
    }

    fn detach(&mut self, nth: usize, how: u8) {
        if self.workers.is_empty() {
            return;
        }
        let id = self.workers.swap_remove(nth % self.workers.len());
        let how = match how {
            0 => Detach::Wait,
            1 => Detach::Reassign,
            2 => Detach::Return,
            _ => Detach::Cancel,
        };
        // A queue that was shut down has let it go already.
        self.left.extend(self.queue.detach(id, how).unwrap_or_default());
    }

    fn act(&mut self, deed: Deed) {
        match deed {
            Deed::Call { series, niceness, turn, retries, waits } => {
                self.call(series, niceness, turn, retries, waits);
            }
            Deed::Cancel(nth) if !self.made.is_empty() => {
                let nth = nth % self.made.len();
                Background::cancel(&self.made[nth].future);
            }
            Deed::Cancel(_) => {}
            Deed::CancelSeries(series) => drop(self.queue.cancel_series(&series.to_string())),
            Deed::CancelAll => drop(self.queue.cancel_all()),
            Deed::Attach { kind, series } => self.attach(kind, series),
            Deed::Detach { nth, how } => self.detach(nth, how),
            Deed::Update => self.updates.extend(self.queue.update(|| ())),
            Deed::OpenGate => self.gate.open(),
            Deed::Shutdown => self.left.extend(self.queue.shutdown(Duration::ZERO)),
        }
    }

    /// Everything comes to its end, and each call to one.
    fn check(mut self) {
        self.gate.open();
        self.left.extend(self.queue.shutdown(Duration::from_millis(1)));
        // Half of what is left is run elsewhere, the rest is lost.
        for (nth, leftover) in std::mem::take(&mut self.left).into_iter().enumerate() {
            if nth % 2 == 0 {
                leftover.start(&Thread);
            }
        }
        for (nth, made) in self.made.into_iter().enumerate() {
            match Background::join(made.future) {
                Ok(value) => {
                    assert_eq!(value, nth);
                    assert!(made.runs.load(Ordering::SeqCst) > 0);
                }
                Err(failure) => assert!(
                    failure.is_cancelled() || failure.is_lost() || failure.is_rejected(),
                    "{nth}: {failure}"
                ),
            }
            assert_eq!(made.told.load(Ordering::SeqCst), 1, "{nth} was told more than once");
        }
        for update in self.updates {
            if let Err(failure) = Background::join(update) {
                assert!(failure.is_lost() || failure.is_cancelled(), "{failure}");
            }
        }
        background_tests::until("all workers have left", || self.queue.workers().is_empty());
        assert_eq!((self.queue.queued(), self.queue.running()), (0, 0));
    }
}

/// The rules of the order, as simple as they can be said; in hundredths, as ties count.
pub(super) fn expected(calls: &[(Option<u8>, i8, u8)]) -> Vec<usize> {
    let mut serials: BTreeMap<Option<u8>, (i64, i64)> = BTreeMap::new();
    let mut places = Vec::new();
    for (nth, (series, niceness, turn)) in calls.iter().enumerate() {
        let place = match turn {
            0 => (0, 0, nth),
            1 => (2, 0, nth),
            _ => {
                let highest = serials.values().map(|(serial, _)| *serial).max().unwrap_or(0);
                let (serial, number) = serials.entry(*series).or_insert((highest, 0));
                *serial += 1;
                let positive = i64::from(*niceness) + 20;
                let own = *serial * (100 + positive * positive);
                *number = if series.is_some() { own.max(*number) } else { own };
                (1, *number, nth)
            }
        };
        places.push(place);
    }
    places.sort_unstable();
    places.into_iter().map(|(_, _, nth)| nth).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn every_call_has_one_outcome(deeds in vec(deed(), 1..40)) {
        within(move || {
            let mut world = World::new();
            for deed in deeds {
                world.act(deed);
            }
            world.check();
        });
    }

    /// The same from two sides at once.
    #[test]
    fn every_call_has_one_outcome_whoever_acts(
        deeds in vec(deed(), 1..30),
        others in vec(deed(), 1..30),
    ) {
        within(move || {
            let mut world = World::new();
            let mut other = World { queue: world.queue.clone(), ..World::new() };
            other.gate = world.gate.clone();
            let side = std::thread::spawn(move || {
                for deed in others {
                    other.act(deed);
                }
                other
            });
            for deed in deeds {
                world.act(deed);
            }
            let other = side.join().expect("no panic");
            let (World { made, left, updates, .. }, gate) = (other, world.gate.clone());
            gate.open();
            drop(left);
            world.left.extend(world.queue.shutdown(Duration::from_millis(1)));
            world.check();
            World { made, left: Vec::new(), updates, ..World::new() }.check();
        });
    }

    #[test]
    fn calls_are_served_in_order(
        calls in vec((proptest::option::of(0..3_u8), -20..=20_i8, 0..8_u8), 1..100),
    ) {
        within(move || {
            let queue = TaskQueue::new();
            let (sender, order) = std::sync::mpsc::channel();
            for (nth, (series, niceness, turn)) in calls.iter().enumerate() {
                let mut call = queue.task().priority(*niceness);
                if let Some(series) = series {
                    call = call.series(series.to_string());
                }
                call = match turn {
                    0 => call.next(),
                    1 => call.last(),
                    _ => call,
                };
                let sender = sender.clone();
                Background::detach(call.spawn(move || sender.send(nth).expect("heard")));
            }
            drop(sender);
            queue.attach(QueueWorker::thread());
            assert_eq!(order.iter().collect::<Vec<_>>(), expected(&calls));
        });
    }
}
