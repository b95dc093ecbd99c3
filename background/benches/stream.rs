//! What an item of a stream costs.

use std::process::ExitCode;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use background::{BackgroundIter, task};
use background_harness::{Goal, Run};

fn main() -> ExitCode {
    let run = Run::from_args();
    small_items(&run);
    if run.is_flawless() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The values that arrive, folded so that their order counts.
fn fold(items: impl Iterator<Item = u64>) -> u64 {
    items.fold(0, |sum, item| sum.wrapping_mul(31).wrapping_add(item))
}

/// What a channel of std has in a producer and a consumer, each on a thread.
fn by_channel(count: u64, bound: usize) -> u64 {
    let (sender, receiver) = sync_channel(bound);
    let producer = thread::spawn(move || {
        for item in 0..count {
            sender.send(item).expect("the consumer takes all");
        }
    });
    let sum = fold(receiver.into_iter());
    producer.join().expect("the producer has sent all");
    sum
}

fn small_items(run: &Run) {
    let count = run.size(1_000_000, 1_000);
    let items = u64::from(count);
    let mut workload = run.workload("a stream of numbers, per item", count, fold(0..items));
    workload = workload
        .contender("threads, 64 ahead", move || fold(task().stream(move || 0..items)))
        .contender("threads, 1024 ahead", move || {
            fold(task().look_ahead(1024).stream(move || 0..items))
        })
        .contender("`sync_channel(64)` of std", move || by_channel(items, 64))
        .contender("`sync_channel(1024)` of std", move || by_channel(items, 1024));
    #[cfg(feature = "process")]
    {
        let stream = move |look_ahead| -> BackgroundIter<u64> {
            task().process().look_ahead(look_ahead).stream_with(|items: u64| 0..items, items)
        };
        workload = workload
            .contender("process, 64 ahead", move || fold(stream(64)))
            .contender("process, 1024 ahead", move || fold(stream(1024)))
            .contender("process, 65536 ahead", move || fold(stream(65_536)))
            .goal(Goal::within(Duration::from_micros(1)).of("process, 1024 ahead"));
    }
    workload.finish();
}
