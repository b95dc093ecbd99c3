//! The thread that sees which workers wait without having said so.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::sync::global::{Condvar, Mutex, PoisonError, lock, thread};
use crate::task::threads;
use crate::thread::member::{Look, Member};
use crate::thread::pool::Shared;
use crate::thread::sleep::{Call, Sleep};

/// How often it looks while everybody computes.
const CALM: Duration = Duration::from_millis(1);

/// How often it looks while workers are found waiting.
const BUSY: Duration = Duration::from_micros(200);

/// How often it looks while no more threads can be had.
const SELDOM: Duration = Duration::from_millis(50);

/// After so many looks at empty queues it rests.
const LINGER: u32 = 16;

/// How many of those that were seen waiting are looked at again each time.
const AGAIN: usize = 8;

/// After so many threads it looks what has become of them.
const HIRES: usize = 64;

/// An overseer that is there while it is needed.
#[derive(Default)]
pub(super) struct Overseer {
    state: Mutex<State>,
    alerted: Condvar,
}

#[derive(Default)]
struct State {
    /// There is a thread.
    present: bool,
    /// Somebody wants it to look.
    wanted: bool,
    closed: bool,
}

impl Overseer {
    /// Sees to it that somebody looks after the workers, if a thread can be had for that.
    pub(super) fn alert(&self, shared: &Arc<Shared>) {
        if !shared.sleep().watch(true) {
            return;
        }
        let mut state = lock(&self.state);
        state.wanted = true;
        if state.present {
            drop(state);
            self.alerted.notify_one();
            return;
        }
        state.present = true;
        drop(state);
        let own = Arc::clone(shared);
        let name = format!("{}-overseer", shared.settings().thread_name);
        if threads::start(thread::Builder::new().name(name), move || oversee(&own)).is_err() {
            lock(&self.state).present = false;
            shared.sleep().watch(false);
        }
    }

    pub(super) fn close(&self) {
        lock(&self.state).closed = true;
        self.alerted.notify_one();
    }

    /// Rests until there is something to look at. `false` when it is to leave.
    fn rest(&self, patience: Duration) -> bool {
        let mut state = lock(&self.state);
        let begin = Instant::now();
        while !state.wanted {
            let left = patience.saturating_sub(begin.elapsed());
            if state.closed || left.is_zero() {
                state.present = false;
                return false;
            }
            state =
                self.alerted.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.wanted = false;
        true
    }
}

fn oversee(shared: &Arc<Shared>) {
    while shared.overseer().rest(shared.settings().keep_alive) {
        watch(shared);
    }
}

/// Looks after the workers until the queues have been empty for a while.
fn watch(shared: &Arc<Shared>) {
    let mut round = Round { since: Instant::now(), runs: 0, turn: 0 };
    let (mut pause, mut quiet) = (BUSY, 0);
    loop {
        thread::sleep(pause);
        let queued = shared.desks().len();
        if queued > 0 {
            quiet = 0;
            pause = round.look(shared, queued);
            continue;
        }
        (pause, quiet) = (CALM, quiet + 1);
        shared.sleep().set_spare(0);
        if quiet > LINGER {
            shared.sleep().watch(false);
            // What was queued before this bit was gone has alerted nobody.
            if !shared.desks().has_work() || !shared.sleep().watch(true) {
                return;
            }
        }
    }
}

/// What it remembers from one look to the next.
struct Round {
    since: Instant,
    /// How many bodies all workers had run.
    runs: u64,
    turn: usize,
}

/// What a look at some workers has shown.
#[derive(Default)]
struct Seen {
    busy: usize,
    /// Seen waiting for the first time since they began to run bodies.
    waiting: usize,
}

impl Round {
    /// Looks at all workers, and gets others going in the place of those that wait. Returns how
    /// long to pause.
    fn look(&mut self, shared: &Arc<Shared>, queued: usize) -> Duration {
        let sleep = shared.sleep();
        let interval = u64::try_from(self.since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.since = Instant::now();
        let roster = shared.roster();
        let standstill = !roster.iter().any(|member| member.has_moved());
        let (presumed, counted): (Vec<_>, Vec<_>) =
            roster.iter().partition(|member| member.is_presumed());
        let seen = look_at(sleep, &counted, interval, standstill);
        let again = self.look_again(sleep, &presumed, interval, standstill);
        let busy = seen.busy + again;
        let runs = roster.iter().map(|member| member.runs()).sum();
        let done = runs - self.runs.min(runs);
        self.runs = runs;
        // Most of those that came last time wait already, and they have not done much else: so it
        // will be with the next, and twice as many may come.
        let spare = sleep.spare();
        sleep.set_spare(match seen.waiting {
            waiting if waiting > busy && waiting as u64 >= done / 2 => {
                (spare * 2).max(sleep.workers())
            }
            waiting if waiting * 2 < busy => 0,
            _ => spare / 2,
        });
        let counts = sleep.glance();
        // Whoever is on the way to the queues takes one each.
        let unserved = queued.saturating_sub(counts.searching());
        let wanted = sleep.target().saturating_sub(counts.running()).min(unserved);
        for called in 0..wanted {
            match sleep.call_another() {
                Call::Woken => {}
                Call::Hire if shared.hire() => {}
                Call::Hire | Call::Exhausted => return SELDOM,
                // Others have called meanwhile.
                Call::Enough | Call::Crowded => break,
            }
            if called == HIRES {
                break;
            }
        }
        if wanted > 0 || seen.waiting > 0 { BUSY } else { CALM }
    }

    /// Looks at some of those that were seen waiting. Returns how many do not any more.
    fn look_again(
        &mut self,
        sleep: &Sleep,
        presumed: &[&Arc<Member>],
        interval: u64,
        standstill: bool,
    ) -> usize {
        let count = presumed.len().min(AGAIN);
        let some = presumed.iter().cycle().skip(self.turn % presumed.len().max(1)).take(count);
        self.turn = self.turn.wrapping_add(count);
        let on_core = |member: &&&Arc<Member>| {
            member.look(interval, standstill) == Look::Busy && member.restore(sleep)
        };
        some.filter(on_core).count()
    }
}

/// Looks at workers that are counted as having a core, and corrects that.
fn look_at(sleep: &Sleep, members: &[&Arc<Member>], interval: u64, standstill: bool) -> Seen {
    let mut seen = Seen::default();
    for member in members {
        match member.look(interval, standstill) {
            Look::Off => {}
            Look::Busy => seen.busy += 1,
            Look::Waiting => seen.waiting += usize::from(member.presume(sleep)),
        }
    }
    seen
}
