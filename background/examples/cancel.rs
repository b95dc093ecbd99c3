//! Work that nobody wants any more: what stops, what never starts, and what comes too late.
//!
//! ```text
//! cargo run --example cancel
//! ```

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use background::{Background, Cancel, background, drain};

/// Says so when it goes.
struct CleanUp(Sender<&'static str>);

impl Drop for CleanUp {
    fn drop(&mut self) {
        // Nobody may be listening any more.
        let _ = self.0.send("cleaned up");
    }
}

/// Works until it is told to stop. `killable` makes each turn of the loop a checkpoint.
#[background(thread, killable)]
fn work(log: Sender<&'static str>) -> u32 {
    let log = CleanUp(log);
    let _ = log.0.send("started");
    loop {
        std::thread::yield_now();
    }
}

/// Starts when somebody looks at it.
#[background(lazy)]
fn unwanted() -> u32 {
    unreachable!("nobody looks at it, so it never starts")
}

/// The same as [`work`], for callers that lose interest by letting go.
#[background(thread, killable, on_drop = cancel)]
fn work_for_me(log: Sender<&'static str>) -> u32 {
    let log = CleanUp(log);
    let _ = log.0.send("started");
    loop {
        std::thread::yield_now();
    }
}

fn expect(log: &Receiver<&'static str>, line: &str) {
    let next = log.recv_timeout(Duration::from_secs(60));
    println!("  it says: {next:?}");
    assert_eq!(next, Ok(line));
}

fn main() {
    let (sender, log) = channel();

    // A body that runs unwinds at its next checkpoint, and cleans up on the way.
    let running = work(sender.clone());
    expect(&log, "started");
    let answer = Background::cancel(&running);
    println!("running: {answer:?}, {}", Background::status(&running).phase());
    assert_eq!(answer, Cancel::Stopping);
    assert!(Background::outcome(&running).unwrap_err().is_cancelled());
    expect(&log, "cleaned up");

    // A body that has not started never will.
    let waiting = unwanted();
    let answer = Background::cancel(&waiting);
    println!("waiting: {answer:?}");
    assert_eq!(answer, Cancel::NeverStarted);

    // What is there already stays there.
    let finished = background::spawn(|| 42);
    assert_eq!(finished, 42);
    let answer = Background::cancel(&finished);
    println!("finished: {answer:?}, and still {finished}");
    assert_eq!(answer, Cancel::TooLate);

    // Dropping a future lets its task run on, unless the function says otherwise.
    let mine = work_for_me(sender.clone());
    expect(&log, "started");
    drop(mine);
    expect(&log, "cleaned up");

    // Before the end of a program: wait for what still runs, and learn what does not end.
    Background::detach(background::spawn(move || sender.send("detached")));
    drain(Duration::from_secs(60)).expect("everything has been stopped or has ended");
    expect(&log, "detached");
}
