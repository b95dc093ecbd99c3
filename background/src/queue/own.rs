//! Threads of the queue's own.

use std::hint::spin_loop;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cell::parker::Parker;
use crate::clock::Tick;
use crate::queue::introduction::Introduction;
use crate::queue::member::{Member, Place};
use crate::queue::shared::Shared;
use crate::queue::state::{From, Phase, Step, Work};
use crate::queue::waiting::What;
use crate::queue::worker::{QueueWorker, WorkerId};
use crate::strategy::Strategy;
use crate::sync::global::{AtomicU64, Ordering, lock, thread};
use crate::task::Task;
use crate::task::threads::Berth;

/// How long a thread that has found nothing goes on looking before it sleeps: about what a wake-up
/// costs.
const SPIN: Duration = Duration::from_micros(50);

impl Shared {
    /// Takes a worker on.
    pub(super) fn attach(self: &Arc<Self>, worker: &QueueWorker) -> WorkerId {
        static LAST: AtomicU64 = AtomicU64::new(0);
        // ORDERING: Relaxed. The number stands for itself.
        let id = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        let bed = Parker::new();
        let place = match &worker.place {
            Some(strategy) => Place::Foreign(Arc::clone(strategy)),
            None => Place::Own(Arc::clone(&bed)),
        };
        let is_own = worker.place.is_none();
        worker.introduce(|| Arc::new(Introduction { queue: Arc::downgrade(self), worker: id }));
        let taken = self.change(|state| {
            if matches!(state.phase, Phase::Shut | Phase::Closing) {
                return false;
            }
            let mut member = Member::new(place, worker);
            member.updates = state.log.iter().map(|(nth, make)| (*nth, make())).collect();
            state.members.insert(id, member);
            true
        });
        if taken && is_own && !self.hire(id, &bed) {
            self.change(|state| {
                if let Some(member) = state.members.get_mut(&id) {
                    member.place = Place::Foreign(Arc::new(Offload));
                }
            });
        }
        self.hand_out();
        WorkerId(id)
    }

    fn hire(self: &Arc<Self>, id: u64, bed: &Arc<Parker>) -> bool {
        let Some(berth) = Berth::of_a_task() else { return false };
        let (shared, bed) = (Arc::clone(self), Arc::clone(bed));
        let builder = thread::Builder::new().name(format!("background-queue-{id}"));
        let hired = builder.spawn(move || {
            let _berth = berth;
            shared.adopt_thread(id);
            shared.serve(id, &bed);
        });
        let Ok(handle) = hired else { return false };
        let mut threads = lock(&self.threads);
        threads.retain(|(_, handle)| !handle.is_finished());
        threads.push((id, handle));
        true
    }

    /// The life of a thread.
    fn serve(self: &Arc<Self>, id: u64, bed: &Parker) {
        // As one that was just woken, it takes no time to look around.
        let mut from = From::Sleep;
        loop {
            let now = Tick::now();
            let (step, next) = self.change(|state| state.step(id, from, now));
            if let Some(next) = next {
                next.unpark();
            }
            from = match step {
                Step::Work(work) => From::Work(self.run(id, work)),
                Step::Look => {
                    self.look();
                    From::Look
                }
                Step::Sleep => {
                    bed.park(None);
                    From::Sleep
                }
                Step::Leave => return,
            };
        }
    }

    fn look(&self) {
        // ORDERING: Relaxed. What there is to find is found under the lock.
        let news = || self.news.load(Ordering::Relaxed);
        let (seen, since) = (news(), Instant::now());
        while news() == seen && since.elapsed() < SPIN {
            (0..8).for_each(|_| spin_loop());
        }
    }

    /// Runs a call. Returns its number.
    fn run(self: &Arc<Self>, id: u64, work: Work) -> u64 {
        let number = work.number;
        let own = match &work.what {
            What::Fresh(task) => task.address(),
            What::Again { .. } => 0,
        };
        if let Some(task) = self.prepare(id, work) {
            // How an attempt ends is told to its trial.
            let is_call = task.address() == own;
            let cause = if is_call { self.watch(task.job()) } else { None };
            task.run();
            self.look_at(cause.as_deref());
        }
        number
    }
}

/// Where the calls of a thread run that could not be had.
struct Offload;

impl Strategy for Offload {
    fn start(&self, task: Task) {
        task.offload();
    }
}
