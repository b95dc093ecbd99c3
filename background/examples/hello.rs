//! The smallest program: three slow calls in the time of one.
//!
//! ```text
//! cargo run --example hello
//! ```

use std::thread::sleep;
use std::time::{Duration, Instant};

use background::background;

/// Something slow, like a download.
#[background]
fn very_slow_task(arg: u32) -> u32 {
    sleep(Duration::from_secs(1));
    arg
}

fn main() {
    let begin = Instant::now();

    // Each call starts its body in the background and returns at once...
    let (x, y, z) = (very_slow_task(1), very_slow_task(2), very_slow_task(3));

    // ...and what it returned stands for the number: only reading it waits.
    println!("{z} {y} {x}");
    println!("{:.1?}", begin.elapsed());

    assert_eq!(x + y + z, 6);
}
