//! A thread of the pool.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_deque::Stealer;

use crate::cell::parker::Parker;
use crate::task::Task;
use crate::task::host::{self, Host};
use crate::task::job_ref::JobRef;
use crate::task::panics;
use crate::task::threads::Berth;
use crate::thread::desk::{Copy, insist};
use crate::thread::local::{self, Local};
use crate::thread::member::Member;
use crate::thread::pool::Shared;
use crate::thread::sleep::Morning;

/// How long a worker that has found nothing goes on looking before it sleeps: about what a wake-up
/// costs, so that it never loses more than twice what it could have saved.
const SPIN: Duration = Duration::from_micros(50);

/// How long it leaves the others' queues alone between two looks, in pauses of the processor. Each
/// look takes a cache line away from the queue's owner.
const PAUSES: u32 = 32;

/// How much work is taken at once: what is done in this time, judged by the latest tasks.
const HELPING: Duration = Duration::from_micros(20);

/// How many tasks are taken at once at most.
const MOST: usize = 32;

/// Once in so many tasks the oldest of all come before the worker's own.
const FAIR: u32 = 61;

/// The life of a worker.
pub(super) fn run(shared: &Arc<Shared>, number: u64, berth: Berth) {
    let inbox = crossbeam_deque::Worker::new_fifo();
    let worker = Rc::new(Worker {
        local: Rc::new(Local::new(Arc::clone(shared), Some(inbox.stealer()))),
        shared: Arc::clone(shared),
        inbox,
        member: Arc::new(Member::of_this_thread()),
        bed: Parker::new(),
        copy: RefCell::default(),
        turn: Cell::new(0),
        pace: Cell::new(Pace::unknown()),
        gave_up_core: Cell::new(false),
    });
    local::adopt(Rc::clone(&worker.local));
    host::move_in(Rc::clone(&worker) as Rc<dyn Host>);
    shared.enroll(&worker.member);
    let settings = shared.settings();
    if let Some(hook) = &settings.on_thread_start {
        // It may wait as a body may: as long as a worker is said to search, nobody else is called.
        worker.found();
        panics::guarded("a pool's `on_thread_start`", || hook(number));
        worker.search_again();
    }
    worker.work();
    worker.clear_desk();
    if let Some(hook) = &settings.on_thread_exit {
        panics::guarded("a pool's `on_thread_exit`", || hook(number));
    }
    shared.dismiss(&worker.member);
    host::move_out();
    drop(berth);
}

struct Worker {
    shared: Arc<Shared>,
    local: Rc<Local>,
    /// Taken from others in advance. On the worker's desk too.
    inbox: crossbeam_deque::Worker<Task>,
    member: Arc<Member>,
    bed: Arc<Parker>,
    copy: RefCell<Copy>,
    turn: Cell<u32>,
    pace: Cell<Pace>,
    gave_up_core: Cell<bool>,
}

/// How fast tasks have been done lately.
#[derive(Clone, Copy)]
struct Pace {
    since: Option<Instant>,
    ran: u32,
    batch: usize,
}

impl Pace {
    const fn unknown() -> Self {
        Self { since: None, ran: 0, batch: 1 }
    }

    /// How many to take now.
    fn next(self) -> Self {
        let now = Instant::now();
        let batch = match self.since {
            Some(since) if self.ran > 0 => {
                let each = (now - since).as_nanos() / u128::from(self.ran);
                let fit = HELPING.as_nanos() / each.max(1);
                usize::try_from(fit).unwrap_or(MOST).clamp(1, MOST)
            }
            _ => 1,
        };
        Self { since: Some(now), ran: 0, batch }
    }
}

impl Worker {
    /// Runs tasks until nobody needs this worker any more. It begins as one that searches.
    fn work(&self) {
        let sleep = self.shared.sleep();
        let mut searching = true;
        loop {
            let task = if searching { self.search() } else { self.take_own() };
            if let Some(task) = task {
                if searching {
                    searching = false;
                    self.found();
                }
                task.run();
                self.count();
                if sleep.is_crowded() {
                    self.member.end(sleep);
                    match self.rest(false) {
                        Morning::Stay => self.member.begin(),
                        Morning::Search => searching = true,
                        Morning::Leave => return,
                    }
                }
            } else if searching {
                if self.rest(true) == Morning::Leave {
                    return;
                }
            } else {
                self.search_again();
                searching = true;
            }
        }
    }

    /// Leaves to others what it has taken in advance. What it has submitted follows when its own
    /// queue is dropped.
    fn clear_desk(&self) {
        let mut left = false;
        while let Some(task) = self.inbox.pop() {
            self.shared.desks().inject(task);
            left = true;
        }
        if left {
            self.shared.announce();
        }
    }

    /// From searching to running.
    fn found(&self) {
        self.member.begin();
        if self.shared.sleep().found() && self.copy.borrow_mut().has_work(self.shared.desks()) {
            self.shared.call();
        }
    }

    /// From running to searching.
    fn search_again(&self) {
        let sleep = self.shared.sleep();
        self.member.end(sleep);
        sleep.search();
    }

    fn count(&self) {
        self.member.ran(self.shared.sleep());
        let mut pace = self.pace.get();
        pace.ran += 1;
        self.pace.set(pace);
    }

    fn rest(&self, searching: bool) -> Morning {
        self.local.unlist_if_empty();
        self.pace.set(Pace::unknown());
        let (sleep, desks) = (self.shared.sleep(), self.shared.desks());
        let patience = self.shared.settings().keep_alive;
        sleep.lie_down(&self.bed, searching, patience, || desks.has_work())
    }

    /// Looks for a task everywhere, for a while.
    fn search(&self) -> Option<Task> {
        let mut since = None;
        loop {
            if let Some(task) = self.take_own().or_else(|| self.take_elsewhere()) {
                return Some(task);
            }
            if !self.shared.settings().spin
                || since.get_or_insert_with(Instant::now).elapsed() > SPIN
            {
                return None;
            }
            for _ in 0..PAUSES {
                std::hint::spin_loop();
            }
        }
    }

    /// The next task on this worker's own desk; once in a while the oldest of all.
    fn take_own(&self) -> Option<Task> {
        let turn = self.turn.get().wrapping_add(1);
        self.turn.set(turn);
        if turn % FAIR == 0 {
            // What was taken from others in advance is older than what they still have.
            let old = wanted(|| self.inbox.pop()).or_else(|| {
                self.copy.borrow_mut().move_on();
                self.take_elsewhere()
            });
            if old.is_some() {
                return old;
            }
        }
        wanted(|| self.local.pop().or_else(|| self.inbox.pop()))
    }

    /// A task from others, and some more for later if they are small.
    fn take_elsewhere(&self) -> Option<Task> {
        let desks = self.shared.desks();
        wanted(|| {
            desks.take_injected().or_else(|| {
                let mut copy = self.copy.borrow_mut();
                copy.find(desks, |stealer| self.take_from(stealer))
            })
        })
    }

    fn take_from(&self, stealer: &Stealer<Task>) -> Option<Task> {
        // A look that does not disturb the owner more than it has to.
        if stealer.is_empty() {
            return None;
        }
        let first = insist(|| stealer.steal())?;
        let pace = self.pace.get().next();
        self.pace.set(pace);
        let more = (pace.batch - 1).min(stealer.len() / 2);
        for taken in 0..more {
            let Some(task) = insist(|| stealer.steal()) else { break };
            if taken == 0 {
                self.local.list();
            }
            if task.is_wanted() {
                self.inbox.push(task);
            }
        }
        if more > 0 {
            // Between two desks nobody could see them.
            self.shared.announce();
        }
        Some(first)
    }
}

/// The next task that nobody has claimed or cancelled meanwhile.
fn wanted(mut take: impl FnMut() -> Option<Task>) -> Option<Task> {
    loop {
        let task = take()?;
        if task.is_wanted() {
            return Some(task);
        }
    }
}

impl Host for Worker {
    fn retract(&self, job: &JobRef) -> Option<Task> {
        self.local.retract(job)
    }

    fn blocking(&self) {
        let sleep = self.shared.sleep();
        let gave_up_core = self.member.end(sleep);
        self.gave_up_core.set(gave_up_core);
        if gave_up_core {
            sleep.leave_core();
            if self.shared.desks().has_work() {
                self.shared.call();
            }
        }
    }

    fn resumed(&self) {
        if self.gave_up_core.replace(false) {
            self.shared.sleep().take_core();
            self.member.begin();
        }
    }
}
