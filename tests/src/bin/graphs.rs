//! Random graphs of tasks that wait for each other: `graphs [GRAPHS]`.
//!
//! Half of the graphs have no circle: then no task fails. The others have one: then every task ends
//! all the same, and at least one of them as a deadlock. Ends with the code 0 when that holds.

use std::convert::Infallible;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use background::{Background, Failure, Strategy, Task, strategies, task};
use background_tests::PATIENCE;

/// Graphs that are tried at the same time.
const DRIVERS: u64 = 2;

/// The most tasks of one graph.
const LARGEST: usize = 6;

fn main() {
    let graphs: u64 = std::env::args().nth(1).map_or(2_000, |it| it.parse().expect("a number"));
    // Deadlocks panic by the thousand, on purpose.
    std::panic::set_hook(Box::new(|_| {}));
    let drivers: Vec<_> = (0..DRIVERS)
        .map(|nth| {
            let (told, hears) = channel();
            let driver = thread::spawn(move || drive(nth, graphs / DRIVERS, &told));
            (driver, hears)
        })
        .collect();
    let mut found = [0; 2];
    for (driver, hears) in drivers {
        // The watchdog: no graph takes so long, however busy the machine is.
        loop {
            match hears.recv_timeout(PATIENCE) {
                Ok(()) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("a graph that does not end"),
            }
        }
        let [circles, deadlocks] = driver.join().expect("a driver ends well");
        found[0] += circles;
        found[1] += deadlocks;
    }
    background::drain(PATIENCE).expect("every body ends");
    println!("{graphs} graphs, {} with circles, {} deadlocked tasks", found[0], found[1]);
}

/// A generator of numbers that look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("it is below the bound")
    }
}

/// One way to wait for another task.
#[derive(Clone, Copy, Debug)]
enum Wait {
    Touch,
    Outcome,
    Await,
    GetTimeout,
}

/// One task: how it waits for which others.
type Waits = Vec<(usize, Wait)>;

/// A graph in which each task waits for later ones, and, if there is to be a circle, one ring.
fn graph(dice: &mut Dice, circle: bool) -> Vec<Waits> {
    let size = 1 + dice.below(LARGEST);
    let way = |dice: &mut Dice| match dice.below(6) {
        0 => Wait::Outcome,
        1 => Wait::Await,
        2 => Wait::GetTimeout,
        _ => Wait::Touch,
    };
    let mut graph: Vec<Waits> = (0..size)
        .map(|own| {
            let later = size - own - 1;
            let count = if later == 0 { 0 } else { dice.below(3) };
            (0..count).map(|_| (own + 1 + dice.below(later), way(dice))).collect()
        })
        .collect();
    if circle {
        let length = 1 + dice.below(size);
        let first = dice.below(size);
        for nth in 0..length {
            let (own, next) = ((first + nth) % size, (first + (nth + 1) % length) % size);
            let at = dice.below(graph[own].len() + 1);
            graph[own].insert(at, (next, way(dice)));
        }
    }
    graph
}

/// Keeps tasks until all of a graph's are made, so that each can reach the others.
#[derive(Clone)]
struct Shelf {
    tasks: Sender<Task>,
    claim: bool,
}

impl Strategy for Shelf {
    fn start(&self, task: Task) {
        self.tasks.send(task).expect("the shelf is there for as long as its graph");
    }

    fn claim_on_touch(&self) -> bool {
        self.claim
    }
}

/// Threads of our own, more than a graph has tasks.
struct Crew(Sender<Task>);

impl Crew {
    fn new() -> Self {
        let (sender, receiver) = channel::<Task>();
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..LARGEST {
            let receiver = Arc::clone(&receiver);
            thread::spawn(move || {
                let next = |it: &Mutex<Receiver<Task>>| {
                    it.lock().unwrap_or_else(PoisonError::into_inner).recv()
                };
                while let Ok(task) = next(&receiver) {
                    task.run();
                }
            });
        }
        Self(sender)
    }
}

type Futures = Vec<OnceLock<Background<usize>>>;

fn body(futures: &Futures, waits: &Waits) -> usize {
    let mut sum = 1;
    for (other, how) in waits {
        let future = futures[*other].get().expect("all are set before any starts");
        sum += match how {
            Wait::Touch => **future,
            Wait::Outcome => Background::outcome(future).copied().unwrap_or(0),
            Wait::Await => *background::__private::drive(async || future.await),
            Wait::GetTimeout => {
                *Background::get_timeout(future, Duration::MAX).expect("without a limit")
            }
        };
    }
    sum
}

/// What the tasks yield when none fails.
fn expected(graph: &[Waits]) -> Vec<usize> {
    let mut values = vec![0; graph.len()];
    for own in (0..graph.len()).rev() {
        values[own] = 1 + graph[own].iter().map(|(other, _)| values[*other]).sum::<usize>();
    }
    values
}

fn drive(seed: u64, graphs: u64, told: &Sender<()>) -> [usize; 2] {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ (seed << 7));
    let crew = Crew::new();
    let (mut circles, mut deadlocks) = (0, 0);
    for nth in 0..graphs {
        let circle = nth % 2 == 1;
        let graph = graph(&mut dice, circle);
        let outcomes = run(&mut dice, &crew, &graph);
        let told_so = || format!("{graph:?}: {outcomes:?}");
        if circle {
            circles += 1;
            let found = outcomes.iter().flatten().filter(|it| it.is_deadlock()).count();
            assert!(found > 0, "a circle was not found in {}", told_so());
            deadlocks += found;
        } else {
            assert!(outcomes.iter().all(Option::is_none), "a false alarm in {}", told_so());
        }
        told.send(()).expect("the watchdog listens");
    }
    [circles, deadlocks]
}

/// Runs the tasks, one here and there on this thread, and tells what each has failed with.
fn run(dice: &mut Dice, crew: &Crew, graph: &[Waits]) -> Vec<Option<Failure>> {
    let futures: Arc<Futures> = Arc::new(graph.iter().map(|_| OnceLock::new()).collect());
    let (shelf, shelved) = channel();
    for (nth, waits) in graph.iter().cloned().enumerate() {
        let inside = Arc::clone(&futures);
        let body = move || body(&inside, &waits);
        let task = task();
        let future: Background<usize, Infallible> = match dice.below(4) {
            0 => task.lazy().spawn(body),
            1 => task.on(Shelf { tasks: shelf.clone(), claim: false }).spawn(body),
            _ => task.on(Shelf { tasks: shelf.clone(), claim: true }).spawn(body),
        };
        futures[nth].set(future).expect("set once");
    }
    drop(shelf);
    for task in shelved {
        match dice.below(8) {
            0 => strategies::Thread.start(task),
            1 if dice.below(8) == 0 => strategies::Dedicated::new().start(task),
            _ => crew.0.send(task).expect("the crew works"),
        }
    }
    let outcome = |future: &OnceLock<_>| Background::outcome(future.get()?).err().cloned();
    let outcomes: Vec<_> = futures.iter().map(outcome).collect();
    if outcomes.iter().all(Option::is_none) {
        for (future, expected) in futures.iter().zip(expected(graph)) {
            assert_eq!(future.get().map(|it| **it), Some(expected), "a wrong value in {graph:?}");
        }
    }
    outcomes
}
