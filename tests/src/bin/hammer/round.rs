//! Many calls at once, again and again.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use background::{Background, Failure, Output, ProcessPool, processes, task};
use background_tests::processes::{children, descriptors, threads};
use background_tests::until;

use crate::bodies::{Arguments, Value, pause, run};
use crate::plan::Plan;

/// Numbers that are random enough.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Those that wait for ever are ended after so long, and not one that is slow on a busy machine.
const SHORT: Duration = Duration::from_millis(30);
const LONG: Duration = Duration::from_secs(600);

struct Pools {
    plain: Vec<ProcessPool>,
    /// With a limit of memory.
    lean: ProcessPool,
    /// With a limit of processor time.
    lazy: ProcessPool,
    /// Where calls harm those that come after them.
    rough: ProcessPool,
}

impl Pools {
    fn new() -> Self {
        let pool = |workers: usize| {
            processes().stderr(Output::Null).workers(workers).env("RUST_BACKTRACE", "0")
        };
        Self {
            plain: vec![pool(1).build(), pool(2).build(), pool(3).max_calls(7).build()],
            lean: pool(1).memory(32 << 20).build(),
            lazy: pool(1).cpu(Duration::from_millis(20)).build(),
            rough: pool(1).build(),
        }
    }

    fn call(&self, plan: Plan, number: u64, dice: &mut Dice) -> Background<Value, Failure> {
        let pool = match plan {
            Plan::Eats => &self.lean,
            Plan::Spins => &self.lazy,
            Plan::Closes | Plan::Murdered => &self.rough,
            _ => &self.plain[usize::try_from(dice.roll() % 3).unwrap_or(0)],
        };
        let limit = if matches!(plan, Plan::Hangs | Plan::Stops) { SHORT } else { LONG };
        let ballast = match dice.roll() % 16 {
            0 => vec![1; 700_000],
            1 => vec![1; 10_000],
            _ => Vec::new(),
        };
        let call = task().on(pool.clone()).catch().timeout(limit);
        call.spawn_with(run, Arguments { plan, number, ballast })
    }
}

/// Goes on until so many calls have failed as they were to.
pub(crate) fn hammer(faults: u64, seed: u64) {
    let begin = Instant::now();
    let own = std::process::id();
    // Before there is any pool: one that has just ended its last worker may not be gone itself.
    let descriptors_before = descriptors();
    let mut dice = Dice(seed);
    let (mut done, mut number) = (BTreeMap::<&str, u64>::new(), 0);
    let mut failed = 0;
    while failed < faults {
        // New pools now and then: their beginning and their end are part of it.
        let pools = Pools::new();
        for _ in 0..20 {
            let batch = 1 + dice.roll() % 40;
            let calls: Vec<_> = (0..batch)
                .map(|_| {
                    number += 1;
                    let plan = Plan::of(dice.roll());
                    (plan, number, pools.call(plan, number, &mut dice))
                })
                .collect();
            for (plan, number, future) in calls {
                let outcome = finish(plan, future, &mut dice).map(|value| value.numbers);
                assert!(
                    plan.is_right(number, &outcome),
                    "call {number} of seed {seed}, {plan:?}, ended as {:?}",
                    outcome.map(|value| (value.len(), value.first().copied()))
                );
                failed += u64::from(plan.is_fault());
                *done.entry(plan.kind()).or_default() += 1;
            }
        }
        drop(pools);
    }
    settle(own);
    until("the descriptors are those of before", || descriptors() == descriptors_before);
    until("only this thread and those that watch time limits are left", || threads(own) <= 3);
    let kinds = done.len();
    println!("{failed} faults in {number} calls, {kinds} kinds: 0 wrong, 0 lost, 0 left behind");
    println!("{done:?}");
    println!("seed {seed}, {:.1?}", begin.elapsed());
}

/// Nobody is left.
fn settle(own: u32) {
    until("all workers are gone and reaped", || children(own).is_empty());
}

fn finish(
    plan: Plan,
    future: Background<Value, Failure>,
    dice: &mut Dice,
) -> Result<Value, Failure> {
    if plan == Plan::Cancelled {
        pause(dice.roll() % 1000);
        Background::cancel(&future);
    }
    Background::join(future)
}
