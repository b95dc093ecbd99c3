//! Whatever happens in whatever order, worker processes that are killed among it: each call has one
//! outcome, for which there is a reason.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use background::strategies::Thread;
use background::{
    Background, Detach, Failure, Leftover, QueueWorker, TaskQueue, WorkerId, checkpoint,
};
use background_tests::processes::{children, is_gone};
use background_tests::{Note, until, within};
use proptest::collection::vec;
use proptest::prelude::*;
use rustix::process::{Pid, Signal, kill_process};

use super::properties::expected;

#[derive(Clone, Copy, Debug)]
enum Deed {
    Call { niceness: i8, series: Option<u8>, retries: u32, waits: bool },
    Cancel(usize),
    CancelAll,
    Attach { process: bool, series: Option<u8> },
    Detach { nth: usize, how: u8 },
    Kill(usize),
    Update,
    Pause,
    Shutdown,
}

fn deed() -> impl Strategy<Value = Deed> {
    let series = || proptest::option::weighted(0.3, 0..2_u8);
    let call = (-20..=20_i8, series(), 0..3_u32, proptest::bool::weighted(0.4));
    prop_oneof![
        12 => call.prop_map(|(niceness, series, retries, waits)| Deed::Call {
            niceness, series, retries, waits
        }),
        2 => any::<usize>().prop_map(Deed::Cancel),
        1 => Just(Deed::CancelAll),
        4 => (proptest::bool::weighted(0.7), series())
            .prop_map(|(process, series)| Deed::Attach { process, series }),
        2 => (any::<usize>(), 0..4_u8).prop_map(|(nth, how)| Deed::Detach { nth, how }),
        5 => any::<usize>().prop_map(Deed::Kill),
        1 => Just(Deed::Update),
        5 => Just(Deed::Pause),
        1 => Just(Deed::Shutdown),
    ]
}

/// Leaves a note of the run; some wait until somebody ends them.
fn body((folder, nth, waits): (String, usize, bool)) -> usize {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let (pid, run) = (std::process::id(), RUNS.fetch_add(1, Ordering::SeqCst));
    Note::leave(&format!("{folder}/{nth}-{pid}-{run}"), "");
    if !waits {
        return nth;
    }
    loop {
        checkpoint();
        std::thread::park_timeout(Duration::from_millis(1));
    }
}

struct Made {
    future: Background<usize, Failure>,
    retries: u32,
    waits: bool,
    told: Arc<AtomicU32>,
}

struct World {
    queue: TaskQueue,
    note: Note,
    made: Vec<Made>,
    workers: Vec<WorkerId>,
    left: Vec<Leftover>,
    updates: Vec<Background<u32, Failure>>,
    kills: u32,
    /// Calls may have been run once more for that many reasons.
    recalls: usize,
    cancelled: BTreeSet<usize>,
}

impl World {
    fn new() -> Self {
        Self {
            queue: TaskQueue::new(),
            note: Note::new(),
            made: Vec::new(),
            workers: Vec::new(),
            left: Vec::new(),
            updates: Vec::new(),
            kills: 0,
            recalls: 0,
            cancelled: BTreeSet::new(),
        }
    }

    fn call(&mut self, niceness: i8, series: Option<u8>, retries: u32, waits: bool) {
        let nth = self.made.len();
        let mut call = self.queue.task().name(nth.to_string()).priority(niceness).catch();
        if let Some(series) = series {
            call = call.series(series.to_string());
        }
        let arguments = (self.note.folder().to_owned(), nth, waits);
        let future = if retries == 0 {
            call.spawn_with(body, arguments)
        } else {
            call.retry(retries).spawn_with(body, arguments)
        };
        let told = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&told);
        Background::on_ready(&future, move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        self.made.push(Made { future, retries, waits, told });
    }

    /// The runs so far: of which call, and where.
    fn runs(&self) -> Vec<(usize, u32)> {
        let parse = |name: &String| {
            let mut parts = name.split('-');
            Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
        };
        let names = self.note.names();
        // Drafts have a point in their names.
        names.iter().filter(|name| !name.contains('.')).filter_map(parse).collect()
    }

    /// Kills a worker that has begun some call, whatever it does now.
    fn kill(&mut self, nth: usize) {
        let own = std::process::id();
        let mut pids: Vec<_> = self.runs().into_iter().map(|(_, pid)| pid).collect();
        pids.sort_unstable();
        pids.dedup();
        let alive = children(own);
        pids.retain(|pid| alive.contains(pid) && !is_gone(*pid));
        if pids.is_empty() {
            return;
        }
        let pid =
            Pid::from_raw(i32::try_from(pids[nth % pids.len()]).expect("a number")).expect("not 0");
        // It may have died meanwhile.
        if kill_process(pid, Signal::KILL).is_ok() {
            self.kills += 1;
        }
    }

    fn all_may_be_cancelled(&mut self) {
        self.cancelled.extend(0..self.made.len());
    }

    fn shutdown(&mut self) {
        // What runs on a thread is cancelled.
        self.all_may_be_cancelled();
        self.left.extend(self.queue.shutdown(Duration::ZERO));
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
        match how {
            Detach::Cancel => self.all_may_be_cancelled(),
            Detach::Wait => {}
            _ => self.recalls += 1,
        }
        // A queue that was shut down has let it go already.
        self.left.extend(self.queue.detach(id, how).unwrap_or_default());
    }

    fn act(&mut self, deed: Deed) {
        match deed {
            Deed::Call { niceness, series, retries, waits } => {
                self.call(niceness, series, retries, waits);
            }
            Deed::Cancel(nth) => {
                if let Some(nth) = nth.checked_rem(self.made.len()) {
                    self.cancelled.insert(nth);
                    Background::cancel(&self.made[nth].future);
                }
            }
            Deed::CancelAll => {
                self.all_may_be_cancelled();
                self.queue.cancel_all();
            }
            Deed::Attach { process, series } => {
                let worker = if process { QueueWorker::process() } else { QueueWorker::thread() };
                let worker = match series {
                    Some(series) => worker.series([series.to_string()]),
                    None => worker,
                };
                self.workers.push(self.queue.attach(worker));
            }
            Deed::Detach { nth, how } => self.detach(nth, how),
            Deed::Kill(nth) => {
                self.act(Deed::Pause);
                self.kill(nth);
            }
            Deed::Update => {
                self.updates.extend(self.queue.update_with(|()| std::process::id(), ()));
            }
            // Lets the workers come to something.
            Deed::Pause => drop(self.queue.wait_until_fewer_for(1, Duration::from_millis(20))),
            Deed::Shutdown => self.shutdown(),
        }
    }

    /// No worker is left, and no process.
    fn leave(&mut self) {
        self.shutdown();
        until("all workers have left", || self.queue.workers().is_empty());
        assert_eq!((self.queue.queued(), self.queue.running()), (0, 0));
        for (_, pid) in self.runs() {
            let own = std::process::id();
            until("its process has left", || pid == own || is_gone(pid));
        }
    }

    /// Everything comes to its end, and each call to one, for which there is a reason.
    fn check(mut self) {
        self.shutdown();
        let mut fates = BTreeMap::new();
        for leftover in std::mem::take(&mut self.left) {
            let nth: usize = leftover.name().parse().expect("it is named after its number");
            let goes_on = nth % 2 == 0 && !self.made[nth].waits;
            assert_eq!(fates.insert(nth, goes_on), None, "{nth} has come back twice");
            if goes_on {
                leftover.start(&Thread);
            }
        }
        let mut crashes = 0;
        let mut again = BTreeMap::new();
        for (nth, made) in std::mem::take(&mut self.made).into_iter().enumerate() {
            let outcome = Background::join(made.future);
            assert_eq!(made.told.load(Ordering::SeqCst), 1, "{nth} was told more than once");
            again.insert(nth, made.retries);
            let fate = fates.get(&nth);
            let has_reason = match &outcome {
                Ok(value) => *value == nth && !made.waits && fate != Some(&false),
                Err(Failure::Cancelled) => self.cancelled.contains(&nth),
                Err(Failure::Crashed { .. }) => {
                    crashes += 1;
                    made.retries == 0 && fate.is_none()
                }
                Err(Failure::GaveUp { tries, last, .. }) => {
                    crashes += tries;
                    *tries == made.retries + 1 && made.retries > 0 && last.is_crash()
                }
                Err(Failure::Lost) => fate == Some(&false),
                Err(Failure::Rejected { .. }) => fate.is_none(),
                Err(_) => false,
            };
            assert!(has_reason, "{nth}: {outcome:?}, {fate:?}");
        }
        assert!(crashes <= self.kills, "{crashes} crashes of {} kills", self.kills);
        for update in std::mem::take(&mut self.updates) {
            if let Err(failure) = Background::join(update) {
                let lost = failure.is_lost() || failure.is_cancelled();
                assert!(lost || (failure.is_crash() && self.kills > 0), "{failure}");
            }
        }
        self.leave();
        let mut runs: BTreeMap<usize, usize> = BTreeMap::new();
        for (nth, _) in self.runs() {
            *runs.entry(nth).or_default() += 1;
        }
        for (nth, count) in runs {
            // The shut-down may have brought it back, and it was started elsewhere.
            let most = 2 + self.recalls + usize::try_from(again[&nth]).expect("small");
            assert!(count <= most, "{nth} has run {count} times");
        }
    }
}

/// Leaves its number behind those that have run before.
fn append((folder, nth): (String, usize)) -> usize {
    use std::io::Write;
    let pid = std::process::id();
    Note::leave(&format!("{folder}/{nth}-{pid}"), "");
    let at = format!("{folder}/order");
    let order = std::fs::OpenOptions::new().create(true).append(true).open(at);
    // In one piece: a process that is killed leaves all of it or nothing.
    order.expect("a file").write_all(format!("{nth}\n").as_bytes()).expect("is written");
    nth
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn every_call_has_one_outcome_whoever_is_killed(deeds in vec(deed(), 1..60)) {
        within(move || {
            let mut world = World::new();
            world.act(Deed::Attach { process: true, series: None });
            for deed in deeds {
                world.act(deed);
            }
            world.check();
        });
    }

    /// The calls of one worker run in order, and each once, however often its process dies.
    #[test]
    fn deaths_change_no_order(
        calls in vec((proptest::option::of(0..3_u8), -20..=20_i8, 0..8_u8), 1..40),
        kills in vec(any::<usize>(), 0..4),
    ) {
        within(move || {
            let mut world = World::new();
            let folder = world.note.folder().to_owned();
            let futures: Vec<_> = calls.iter().enumerate().map(|(nth, (series, niceness, turn))| {
                let mut call = world.queue.task().catch().priority(*niceness);
                if let Some(series) = series {
                    call = call.series(series.to_string());
                }
                call = match turn {
                    0 => call.next(),
                    1 => call.last(),
                    _ => call,
                };
                call.spawn_with(append, (folder.clone(), nth))
            }).collect();
            world.queue.attach(QueueWorker::process());
            for nth in kills {
                world.queue.wait_until_fewer_for(1, Duration::from_millis(5));
                world.kill(nth);
            }
            let outcomes: Vec<_> = futures.into_iter().map(Background::join).collect();
            let order = world.note.read("order").unwrap_or_default();
            let order: Vec<usize> = order.lines().map(|it| it.parse().expect("a number")).collect();
            let crashed = |nth: &usize| match &outcomes[*nth] {
                Ok(value) => { assert_eq!(value, nth); false }
                Err(failure) => { assert!(failure.is_crash(), "{failure}"); true }
            };
            let crashes = (0..calls.len()).filter(crashed).count();
            assert!(crashes <= world.kills as usize, "{crashes} of {} kills", world.kills);
            // What has crashed may have run or not.
            let mut wanted = expected(&calls);
            wanted.retain(|nth| order.contains(nth) || !crashed(nth));
            assert_eq!(order, wanted);
            world.leave();
        });
    }
}
