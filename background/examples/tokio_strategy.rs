//! A tokio runtime behind the trait `Strategy`.
//!
//! For programs that run on tokio and want one set of threads for blocking work, under one limit
//! (`max_blocking_threads`) and with one shutdown. Nothing of it is needed to `.await` a background
//! function: that works in every runtime, whatever the strategy is.
//!
//! ```text
//! cargo run --example tokio_strategy
//! ```

use std::time::{Duration, Instant};

use background::{Strategy, Task, background};
use tokio::runtime::Handle;

/// A runtime, by its handle.
#[derive(Clone)]
struct Tokio(Handle);

impl Strategy for Tokio {
    fn start(&self, task: Task) {
        self.0.spawn_blocking(|| task.run());
    }
}

/// Blocks its thread, which no async function may do.
#[background(on = Tokio(Handle::current()))]
fn very_slow_task(arg: u32) -> u32 {
    // Proof of where we are: elsewhere this panics.
    let _runtime = Handle::current();
    std::thread::sleep(Duration::from_millis(300));
    arg
}

/// One thread for all that is async: it is never blocked.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let begin = Instant::now();
    let (x, y, z) = (very_slow_task(1), very_slow_task(2), very_slow_task(3));
    let (z, y, x) = (z.await, y.await, x.await);
    println!("{z} {y} {x}");
    println!("{:.1?}", begin.elapsed());
    assert_eq!([z, y, x], [3, 2, 1]);
    assert!(begin.elapsed() < Duration::from_millis(900), "one after the other");
}
