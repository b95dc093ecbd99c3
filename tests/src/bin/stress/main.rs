//! Everything that can happen to a task against everything that can be done to its future, in random
//! order and for a while; for itself, and for tools that watch memory and threads.
//!
//! `stress [SECONDS] [--steps N] [--seed N] [--delays]`
//!
//! Ends with the code 0 when every body ran at most once, every future had one outcome and one that
//! it may have, every callback was called once, and everything that was made was dropped. A hang
//! ends it too, with a message.

mod account;
mod combine;
mod delay;
mod dice;
mod odd_pools;
mod options;
mod plan;
mod poll;
mod start;
mod ticket;
mod treat;
mod watchdog;

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use account::Account;
use dice::Dice;
use options::Options;
use watchdog::Watchdog;

/// Drivers beside the pool's own threads: enough to overtake each other on two cores.
const DRIVERS: u64 = 4;

/// So many tasks may be under way before the drivers wait for them.
const BACKLOG: u64 = 3_000;

fn main() {
    let options = Options::from_args();
    println!("{options}");
    // Bodies panic by the thousand, on purpose.
    std::panic::set_hook(Box::new(|panic| {
        if !panic.to_string().contains("on purpose") {
            eprintln!("{panic}");
        }
    }));
    if options.delays {
        delay::switch_on();
    }
    let account = Arc::new(Account::default());
    let watchdog = Watchdog::start(&account);
    let end = Instant::now() + options.time;
    thread::scope(|scope| {
        for nth in 0..DRIVERS {
            let dice = Dice::new(options.seed.wrapping_add(nth));
            let (account, steps) = (&account, options.steps / DRIVERS);
            scope.spawn(move || drive(dice, account, end, steps));
        }
    });
    background::drain(Duration::from_secs(600)).expect("every body ends");
    while account.under_way() > 0 || account.values_left() > 0 {
        thread::yield_now();
    }
    watchdog.stop();
    println!("{account}");
}

/// Starts tasks and does things to their futures until the time is over, or all steps are done.
fn drive(mut dice: Dice, account: &Arc<Account>, end: Instant, steps: u64) {
    let mut step = 0;
    while step < steps && Instant::now() < end {
        for _ in 0..100 {
            treat::something(&mut dice, account);
        }
        step += 100;
        while account.under_way() > BACKLOG {
            thread::yield_now();
        }
    }
}
