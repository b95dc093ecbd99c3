//! What the calls do in their workers.

use std::hint::black_box;
use std::panic::panic_any;

use background_tests::faults::{Fault, close_all, fork_and_wait, raise_for_all};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};

use crate::plan::Plan;

/// How many numbers a large value has: more than a ring holds.
pub(crate) const LARGE: usize = 100_000;

const SIGSTOP: i32 = 19;

/// The arguments of a call. Those that are to strike early do so when they are read.
#[derive(Debug, Serialize)]
pub(crate) struct Arguments {
    pub(crate) plan: Plan,
    pub(crate) number: u64,
    pub(crate) ballast: Vec<u8>,
}

impl<'de> Deserialize<'de> for Arguments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Plain {
            plan: Plan,
            number: u64,
            ballast: Vec<u8>,
        }
        let Plain { plan, number, ballast } = Plain::deserialize(deserializer)?;
        if let Plan::StrikesEarly(fault) = plan {
            fault.strike();
        }
        Ok(Self { plan, number, ballast })
    }
}

/// The value of a call. Those that are to strike late do so when they are written.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Value {
    pub(crate) numbers: Vec<u64>,
    #[serde(skip)]
    plan: Option<Plan>,
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.plan {
            Some(Plan::StrikesLate(fault)) => fault.strike(),
            Some(Plan::Refuses) => Err(ser::Error::custom("it refuses")),
            _ => self.numbers.serialize(serializer),
        }
    }
}

struct Explosive;

impl Drop for Explosive {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

pub(crate) fn run(arguments: Arguments) -> Value {
    let Arguments { plan, number, ballast } = arguments;
    drop(ballast);
    match plan {
        Plan::Panics => panic!("call {number}"),
        Plan::PanicsTwice => panic_any(Explosive),
        Plan::Strikes(fault) => fault.strike(),
        Plan::Orphans => {
            let _ = fork_and_wait();
            Fault::Exit(0).strike()
        }
        Plan::Hangs => hang(),
        Plan::Stops => {
            raise_for_all(SIGSTOP);
            hang()
        }
        Plan::Eats => drop(black_box(vec![1_u8; 64 << 20])),
        Plan::Spins => loop {
            black_box(0);
        },
        Plan::Closes => close_all(),
        Plan::Murdered => {
            // It may meet this call, its answer, or one of those that come next.
            std::thread::spawn(move || {
                pause(number % 2000);
                Fault::Signal(9).strike()
            });
            pause(number % 1000);
        }
        // Long enough to be met alive, often.
        Plan::Cancelled => pause(number % 2000),
        _ => {}
    }
    let count = if plan == Plan::Large { LARGE } else { 1 };
    Value { numbers: vec![number; count], plan: Some(plan) }
}

fn hang() -> ! {
    loop {
        std::thread::park();
    }
}

pub(crate) fn pause(micros: u64) {
    let end = std::time::Instant::now() + std::time::Duration::from_micros(micros);
    while std::time::Instant::now() < end {
        std::thread::yield_now();
    }
}
