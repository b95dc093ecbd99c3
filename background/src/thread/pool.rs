//! The pool.
//!
//! One queue, first in first out, behind one lock. A submission wakes an idle worker if there is
//! one, or starts one while there are fewer than cores. Beyond that the *overseer* decides: a
//! thread that is awake only while tasks are queued, and then looks, once in a while, how many
//! workers are on a core. As long as that are fewer than there are cores, it starts more; when
//! none is, twice as many as the last time, so that ten thousand sleepers are under way after a
//! dozen looks.

use std::collections::VecDeque;
use std::env;
use std::thread;
use std::time::Duration;

use crate::sync::global::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError, lock};
use crate::task::Task;
use crate::task::threads::Berth;
use crate::thread::load::ThreadId;

/// How long an idle worker stays.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// How often the overseer looks while tasks are queued.
const LOOK: Duration = Duration::from_millis(1);

/// How often it looks while no more threads can be had.
const SELDOM: Duration = Duration::from_millis(100);

pub(crate) struct Pool {
    state: Mutex<State>,
    /// For idle workers.
    work: Condvar,
    /// For the overseer.
    queued: Condvar,
    cores: usize,
    stack_size: usize,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Task>,
    /// How many tasks have left the queue: where thread states cannot be read, a queue that
    /// stands still tells that the workers wait.
    dequeued: u64,
    workers: usize,
    idle: usize,
    /// How many of the idle have been woken and have not looked yet.
    woken: usize,
    busy: Vec<ThreadId>,
    overseer: Overseer,
    /// How many workers there have been.
    named: u64,
}

/// The thread that decides about growth beyond the cores.
#[derive(Default)]
enum Overseer {
    #[default]
    Absent,
    /// The queue was empty when it looked last. It is woken for the next task that no worker was
    /// woken for.
    Asleep,
    Awake,
}

impl Pool {
    pub(crate) fn of_the_program() -> &'static Self {
        static POOL: OnceLock<Pool> = OnceLock::new();
        POOL.get_or_init(|| Self {
            state: Mutex::default(),
            work: Condvar::new(),
            queued: Condvar::new(),
            cores: thread::available_parallelism().map_or(1, usize::from),
            stack_size: stack_size(),
        })
    }

    pub(crate) fn start(&'static self, task: Task) {
        let mut state = lock(&self.state);
        state.queue.push_back(task);
        if state.idle > state.woken {
            state.woken += 1;
            drop(state);
            self.work.notify_one();
            return;
        }
        if state.workers < self.cores {
            let before = state.named;
            state = self.hire(state);
            if state.named == before {
                state = self.alert(state);
            }
        } else {
            state = self.alert(state);
        }
        if state.workers == 0 {
            // No thread can be had at all. The caller's will do: late beats never.
            let task = state.queue.pop_back();
            drop(state);
            if let Some(task) = task {
                task.run();
            }
        }
    }

    /// Starts a worker. When that fails, those there are have to do.
    fn hire<'a>(&'static self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let Some(berth) = Berth::of_the_pool() else {
            return state;
        };
        state.workers += 1;
        let name = format!("background-{}", state.named + 1);
        drop(state);
        let started = thread::Builder::new().name(name).stack_size(self.stack_size).spawn(|| {
            let _berth = berth;
            self.work();
        });
        let mut state = lock(&self.state);
        match started {
            Ok(_) => state.named += 1,
            Err(_) => state.workers -= 1,
        }
        state
    }

    /// Sees to it that the overseer watches the queue.
    fn alert<'a>(&'static self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        match state.overseer {
            Overseer::Awake => state,
            Overseer::Asleep => {
                state.overseer = Overseer::Awake;
                self.queued.notify_one();
                state
            }
            Overseer::Absent => {
                state.overseer = Overseer::Awake;
                drop(state);
                let name = "background-overseer".to_owned();
                let started = thread::Builder::new().name(name).spawn(|| self.oversee()).is_ok();
                let mut state = lock(&self.state);
                if !started {
                    state.overseer = Overseer::Absent;
                }
                state
            }
        }
    }

    fn work(&'static self) {
        let id = ThreadId::of_this_thread();
        let mut state = lock(&self.state);
        loop {
            if let Some(task) = state.queue.pop_front() {
                state.dequeued += 1;
                state.busy.push(id);
                if !state.queue.is_empty() {
                    state = self.alert(state);
                }
                drop(state);
                task.run();
                state = lock(&self.state);
                if let Some(at) = state.busy.iter().rposition(|busy| *busy == id) {
                    state.busy.swap_remove(at);
                }
                continue;
            }
            state.idle += 1;
            let (woken, waited) =
                self.work.wait_timeout(state, KEEP_ALIVE).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            // A wake-up and the end of the wait may coincide, or another worker may have been
            // woken in this one's stead: never more wake-ups on the way than workers that wait.
            if waited.timed_out() {
                state.woken = state.woken.min(state.idle);
            } else {
                state.woken = state.woken.saturating_sub(1);
            }
            if waited.timed_out() && state.queue.is_empty() {
                state.workers -= 1;
                return;
            }
        }
    }

    fn oversee(&'static self) {
        let mut state = lock(&self.state);
        let mut hired = 0;
        let mut pause = LOOK;
        loop {
            if state.queue.is_empty() {
                (hired, pause) = (0, LOOK);
                state.overseer = Overseer::Asleep;
                state = self.queued.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let dequeued = state.dequeued;
            drop(state);
            thread::sleep(pause);
            state = lock(&self.state);
            let standstill = state.dequeued == dequeued;
            let busy = state.busy.clone();
            drop(state);
            let runnable = self.runnable(&busy, standstill);
            state = lock(&self.state);
            if state.idle > state.woken && !state.queue.is_empty() {
                state.woken += 1;
                self.work.notify_one();
            }
            // Those that are idle, or on their way to the queue, will take a task each.
            let coming = state.workers.saturating_sub(state.busy.len());
            let missing = self.cores.saturating_sub(runnable + coming);
            let wanted = match missing {
                0 => 0,
                _ if runnable == 0 => missing.max(hired * 2),
                _ => missing,
            };
            let wanted = wanted.min(state.queue.len().saturating_sub(coming));
            hired = 0;
            while hired < wanted {
                let before = state.named;
                state = self.hire(state);
                if state.named == before {
                    break;
                }
                hired += 1;
            }
            // Where no thread can be had, there is no use in asking a thousand times a second.
            pause = if hired < wanted { (pause * 2).min(SELDOM) } else { LOOK };
        }
    }

    /// How many of these workers are on a core or want to be; counting stops at enough.
    fn runnable(&self, busy: &[ThreadId], standstill: bool) -> usize {
        let runnable = |id: &&ThreadId| id.is_runnable().unwrap_or(!standstill);
        busy.iter().rev().filter(runnable).take(self.cores).count()
    }
}

/// What std gives a thread, but never less: claims nest on a worker's stack, and a small one would
/// make every nested call take a thread of its own.
fn stack_size() -> usize {
    const LEAST: usize = 2 * 1024 * 1024;
    let asked = env::var("RUST_MIN_STACK").ok().and_then(|bytes| bytes.parse().ok());
    asked.unwrap_or(0).max(LEAST)
}
