//! Cancels that race with the ends of calls.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use background::{Background, Cancel, ProcessPool, processes, task};
use background_tests::processes::children;
use background_tests::{Note, until};

/// Says that it runs, in a file that all workers write to, and takes a moment.
fn work((number, micros, at): (u64, u64, String)) -> u64 {
    static FILE: OnceLock<File> = OnceLock::new();
    let file =
        FILE.get_or_init(|| OpenOptions::new().append(true).create(true).open(at).expect("a file"));
    let mut file = file;
    file.write_all(&number.to_le_bytes()).expect("eight bytes at once");
    pass(micros);
    number
}

fn pass(micros: u64) {
    let end = Instant::now() + Duration::from_micros(micros);
    while Instant::now() < end {
        std::hint::spin_loop();
    }
}

/// Numbers that are random enough.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// What is to be believed of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ran {
    No,
    Perhaps,
    Yes,
}

/// So many calls are cancelled at random times. Every future ends as it was told, nothing runs twice,
/// and what is not cancelled has its value.
pub(crate) fn cancels(count: &str) {
    let count: u64 = count.parse().expect("a number");
    let note = Note::new();
    let pools = [processes().workers(1).build(), processes().workers(2).build()];
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut tally, mut ran, mut number) = ([0_u64; 3], Vec::new(), 0);
    while tally.iter().sum::<u64>() < count {
        let pool = &pools[usize::from(dice.below(3) == 0)];
        let batch = 1 + dice.below(6);
        let calls: Vec<_> = (0..batch)
            .map(|_| {
                number += 1;
                (number, call(pool, number, dice.below(40), note.at("ran")))
            })
            .collect();
        for (number, future) in calls {
            if dice.below(8) == 0 {
                assert_eq!(Background::join(future), Ok(number), "it was not cancelled");
                ran.push((number, Ran::Yes));
                continue;
            }
            pass(dice.below(60));
            let met = Background::cancel(&future);
            let outcome = Background::join(future);
            let (place, has_run) = match met {
                Cancel::NeverStarted => (0, Ran::No),
                Cancel::Stopping => (1, Ran::Perhaps),
                Cancel::TooLate => (2, Ran::Yes),
            };
            tally[place] += 1;
            match outcome {
                Ok(value) => assert!(met == Cancel::TooLate && value == number, "{met:?} {value}"),
                Err(failure) => {
                    assert!(failure.is_cancelled() && met != Cancel::TooLate, "{met:?} {failure}");
                }
            }
            ran.push((number, has_run));
        }
    }
    drop(pools);
    until("nobody is left", || children(std::process::id()).is_empty());
    let seen = check(&note.bytes("ran"), &ran);
    println!("{count} cancels: {tally:?} never started, running, too late; {seen} bodies");
    assert!(tally.iter().all(|it| *it > count / 1000), "one kind was not met: {tally:?}");
}

fn call(
    pool: &ProcessPool,
    number: u64,
    micros: u64,
    at: String,
) -> Background<u64, background::Failure> {
    task().on(pool.clone()).catch().spawn_with(work, (number, micros, at))
}

fn check(bytes: &[u8], ran: &[(u64, Ran)]) -> usize {
    let mut seen = HashSet::new();
    for number in bytes.chunks(8) {
        let number = u64::from_le_bytes(number.try_into().expect("whole numbers"));
        assert!(seen.insert(number), "{number} has run twice");
    }
    for (number, has_run) in ran {
        match has_run {
            Ran::No => assert!(!seen.contains(number), "{number} was never to run"),
            Ran::Yes => assert!(seen.contains(number), "{number} has not run"),
            Ran::Perhaps => {}
        }
    }
    seen.len()
}
