//! Everything that can happen to a task against everything that can be done to its future, in random
//! order and for a while, for tools that watch memory and threads. `stress [SECONDS]`.
//!
//! Ends with the code 0 when every value that was made was dropped, and every future yielded what
//! it may yield.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use background::{Background, Failure, task};
use background_tests::{Counted, Counter, until};

/// Drivers beside the pool's own threads: enough to overtake each other on two cores.
const DRIVERS: u64 = 4;

fn main() {
    let seconds = std::env::args().nth(1).map_or(5, |it| it.parse().expect("seconds"));
    // Bodies panic by the thousand, on purpose.
    std::panic::set_hook(Box::new(|_| {}));
    let end = Instant::now() + Duration::from_secs(seconds);
    let counter = Counter::new();
    let rounds: u64 = thread::scope(|scope| {
        let drivers: Vec<_> = (0..DRIVERS)
            .map(|nth| {
                let counter = counter.clone();
                scope.spawn(move || drive(Dice(0x9e37_79b9_7f4a_7c15 ^ nth), &counter, end))
            })
            .collect();
        drivers.into_iter().map(|driver| driver.join().expect("a driver ends well")).sum()
    });
    background::drain(Duration::from_secs(600)).expect("every body ends");
    until("everything is dropped", || counter.dropped() == counter.made());
    println!("{rounds} tasks, {} values", counter.made());
}

/// A generator of numbers that look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// Starts tasks and does things to their futures until the time is over. Returns how many.
fn drive(mut dice: Dice, counter: &Counter, end: Instant) -> u64 {
    let mut rounds = 0;
    while Instant::now() < end {
        for _ in 0..100 {
            let future = start(&mut dice, counter);
            treat(&mut dice, counter, future);
            rounds += 1;
        }
    }
    rounds
}

fn start(dice: &mut Dice, counter: &Counter) -> Background<Counted, Failure> {
    let (counter, captured) = (counter.clone(), counter.make());
    let (ending, work) = (dice.below(4), dice.below(200));
    let body = move || {
        let _captured = captured;
        for _ in 0..work {
            background::checkpoint();
            std::hint::spin_loop();
        }
        assert!(ending != 0, "on purpose");
        counter.make()
    };
    let task = task().catch();
    let budget = Duration::from_micros(dice.below(50));
    match dice.below(8) {
        0 => task.timeout(budget).spawn(body),
        1 => task.deadline(budget).spawn(body),
        2 => task.lazy().spawn(body),
        3 => task.inline().spawn(body),
        _ => task.spawn(body),
    }
}

fn treat(dice: &mut Dice, counter: &Counter, mut future: Background<Counted, Failure>) {
    match dice.below(10) {
        0 => drop(future),
        1 => Background::detach(future),
        2 => {
            Background::cancel(&future);
        }
        3 => drop(Background::join(future)),
        4 => {
            if let Some(Ok(value)) = Background::get_timeout(&future, Duration::from_micros(20)) {
                let _ = value.nth();
            }
        }
        5 => {
            let future = Arc::new(future);
            let other = Arc::clone(&future);
            let addresses = thread::scope(|scope| {
                let address = |it: &Background<Counted, Failure>| std::ptr::from_ref(&**it).addr();
                let there = scope.spawn(move || address(&other));
                (address(&future), there.join().expect("a reader ends well"))
            });
            assert_eq!(addresses.0, addresses.1, "two readers saw two values");
        }
        6 => {
            let _ = wait_for(async { future.await });
        }
        7 => {
            let counter = counter.clone();
            Background::on_ready(&future, move |outcome| {
                if outcome.is_ok() {
                    drop(counter.make());
                }
            });
            if dice.below(2) == 0 {
                let _ = Background::outcome(&future);
            }
        }
        8 => {
            let counter = counter.clone();
            drop(Background::then(future, move |yielded| (yielded, counter.make())));
        }
        _ => {
            if let Ok(value) = &mut *future {
                *value = counter.make();
            }
        }
    }
}

/// A small executor: it polls, and yields between two polls unless it was woken.
fn wait_for<F: Future>(future: F) -> F::Output {
    struct Flag(AtomicBool);

    impl Wake for Flag {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::Release);
        }
    }

    let flag = Arc::new(Flag(AtomicBool::new(true)));
    let waker = Waker::from(Arc::clone(&flag));
    let mut future = pin!(future);
    loop {
        while !flag.0.swap(false, Ordering::Acquire) {
            thread::yield_now();
        }
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
    }
}
