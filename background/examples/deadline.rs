//! Three kinds of patience: a limit for the body, a limit for the caller, and one reader's own.
//!
//! ```text
//! cargo run --example deadline
//! ```

use std::thread::sleep;
use std::time::Duration;

use background::{Background, Timeout, background};

/// Answers after a while.
#[background]
fn answer(pause: Duration) -> u32 {
    sleep(pause);
    42
}

/// `timeout` counts from the moment the body starts. The loop ends too: in a function with a limit
/// every turn of a loop is a checkpoint, at which a body that is out of time unwinds.
#[background(timeout = 100ms)]
fn search() -> u32 {
    loop {
        sleep(Duration::from_millis(1));
    }
}

/// `deadline` counts from the call, waiting for a thread included.
#[background(deadline = 200ms)]
fn journey() -> u32 {
    // Both inherit what is left: `first` is in time, and during `second` the time is up.
    let first = answer(Duration::from_millis(10));
    let second = answer(Duration::from_secs(5));
    first + second
}

fn main() {
    let found = search();
    let journey = journey();
    println!("search: {found}");
    println!("journey: {journey}");
    // A sentinel, and no exception: it compares, prints, and is an `Err` to whoever takes it.
    assert!(found == Timeout && Timeout == journey);
    assert_eq!(Background::join(journey), Err(Timeout));

    // One reader's patience is none of the task's business: it goes on, and the next one to look
    // finds the value.
    let slow = answer(Duration::from_millis(300));
    let impatient = Background::get_timeout(&slow, Duration::from_millis(10));
    println!("at first: {impatient:?}, in the end: {slow}");
    assert_eq!(slow, 42);
}
