//! A rayon pool behind the trait `Strategy`.
//!
//! For programs that have a rayon pool anyway: background functions then share its threads with the
//! parallel iterators, and both together never use more of them than the machine has cores. Since
//! the pool does not grow, bodies that wait for long belong elsewhere.
//!
//! ```text
//! cargo run --example rayon_strategy
//! ```

use std::sync::LazyLock;
use std::time::Duration;

use background::{Background, Strategy, Task, background};
use rayon::prelude::*;

/// A pool of rayon's.
struct Rayon(rayon::ThreadPool);

impl Strategy for Rayon {
    fn start(&self, task: Task) {
        self.0.spawn(|| task.run());
    }

    /// Its threads are all alike, so whoever needs a value may as well compute it: a task that
    /// waits for its own tasks then never waits for a free thread.
    fn claim_on_touch(&self) -> bool {
        true
    }
}

static POOL: LazyLock<Rayon> = LazyLock::new(|| {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build();
    Rayon(pool.expect("two threads can be had"))
});

/// Calls itself in the background, thousands of times, and two threads are enough.
#[background(on = *POOL)]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

/// A parallel iterator in the background: in a thread of a pool it uses that pool.
#[background(on = *POOL)]
fn sum_of_squares(most: u64) -> (u64, usize) {
    let sum = (1..=most).into_par_iter().map(|n| n * n).sum();
    (sum, rayon::current_num_threads())
}

fn main() {
    let fib = fib(20);
    println!("fib(20) = {fib}");
    assert_eq!(fib, 6765);

    let sum = sum_of_squares(1000);
    // A reader with a limit leaves the body to the pool, and does not run it here.
    let sum = Background::get_timeout(&sum, Duration::from_secs(60)).expect("a minute is enough");
    let (sum, threads) = *sum;
    println!("sum of squares = {sum}, on {threads} threads");
    assert_eq!(sum, 333_833_500);
    assert_eq!(threads, 2);
}
