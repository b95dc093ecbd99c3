//! What a checkpoint in a loop costs.
//!
//! Two loops: one whose iterations depend on each other, as in a hash or a generator, and one over
//! a slice, which the compiler turns into vector instructions as long as nothing stands in its way.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use background::{Background, background, checkpoint, spawn};
use background_harness::{Goal, Run};

fn main() -> ExitCode {
    let run = Run::from_args();
    dependent(&run);
    vectors(&run);
    if run.is_flawless() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One step of a generator. The shift keeps the compiler from taking several steps at once.
fn step(x: u64) -> u64 {
    (x ^ (x >> 7)).wrapping_mul(6_364_136_223_846_793_005)
}

fn bare(steps: u32) -> u64 {
    let mut x = 1;
    for _ in 0..steps {
        x = step(x);
    }
    x
}

fn by_hand(steps: u32) -> u64 {
    let mut x = 1;
    for _ in 0..steps {
        checkpoint();
        x = step(x);
    }
    x
}

#[background(killable)]
fn injected(steps: u32) -> u64 {
    let mut x = 1;
    for _ in 0..steps {
        x = step(x);
    }
    x
}

/// What one writes without checkpoints.
fn with_flag(steps: u32, stop: &AtomicBool) -> u64 {
    let mut x = 1;
    for _ in 0..steps {
        // ORDERING: Relaxed. Only the flag itself counts, and late is early enough.
        if stop.load(Ordering::Relaxed) {
            break;
        }
        x = step(x);
    }
    x
}

fn dependent(run: &Run) {
    let steps = run.size(1_000_000, 1_000);
    run.workload("a loop of dependent steps, per iteration", steps, bare(steps))
        .contender("checkpoint", move || Background::join(spawn(move || by_hand(black_box(steps)))))
        .contender("injected by `killable`", move || Background::join(injected(black_box(steps))))
        .contender("checkpoint outside of a task", move || by_hand(black_box(steps)))
        .contender("an `Arc<AtomicBool>` by hand", move || {
            let stop = Arc::new(AtomicBool::new(false));
            with_flag(black_box(steps), black_box(&stop))
        })
        .contender("no checkpoint", move || Background::join(spawn(move || bare(black_box(steps)))))
        .goal(costs_a_nanosecond("checkpoint"))
        .goal(costs_a_nanosecond("injected by `killable`"))
        .finish();
}

fn costs_a_nanosecond(of: &'static str) -> Goal {
    Goal::times(1.0, "no checkpoint").plus(Duration::from_nanos(1)).of(of)
}

/// How often a slice that fits into a cache is gone through: enough to outweigh a task's start.
const PASSES: u32 = 200;

fn sum(numbers: &[u32]) -> u32 {
    let mut sum = 0_u32;
    for _ in 0..PASSES {
        for number in black_box(numbers) {
            sum = sum.wrapping_add(*number);
        }
    }
    sum
}

#[background(to_owned)]
fn sum_in_background(numbers: &Arc<[u32]>) -> u32 {
    sum(numbers)
}

#[background(to_owned, killable)]
fn sum_killable(numbers: &Arc<[u32]>) -> u32 {
    let mut sum = 0_u32;
    for _ in 0..PASSES {
        for number in black_box(&**numbers) {
            sum = sum.wrapping_add(*number);
        }
    }
    sum
}

fn vectors(run: &Run) {
    let length = run.size(20_000, 100);
    let numbers: Arc<[u32]> = (0..length).collect();
    let [first, second, third] = [(); 3].map(|()| Arc::clone(&numbers));
    run.workload("the sum of a slice, per number", length * PASSES, sum(&numbers))
        .contender("killable", move || Background::join(sum_killable(&first)))
        .contender("not killable", move || Background::join(sum_in_background(&second)))
        .contender("without a task", move || sum(black_box(&third)))
        .goal(Goal::times(1.0, "not killable").plus(Duration::from_nanos(1)).of("killable"))
        .goal(Goal::times(1.25, "without a task").of("not killable"))
        .finish();
}
