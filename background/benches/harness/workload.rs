//! One workload and its contenders.

use std::fmt::{self, Debug};
use std::hint::black_box;
use std::time::{Duration, Instant};

use super::{Goal, Run};

/// A sample is repeated until it takes this long, so that the clock's own time does not count.
const SAMPLE: Duration = Duration::from_millis(2);

/// A workload takes about this long altogether when nobody says how many rounds it shall have.
const WORKLOAD: Duration = Duration::from_secs(6);

/// Fewer rounds make no median, more make it no better.
const ROUNDS: [u32; 2] = [7, 51];

/// The same work, done by several contenders.
pub(crate) struct Workload<'a, T> {
    run: &'a Run,
    title: &'static str,
    operations: u32,
    expected: T,
    contenders: Vec<Contender<T>>,
    goals: Vec<Goal>,
}

struct Contender<T> {
    name: &'static str,
    work: Box<dyn FnMut() -> Sample<T>>,
    repeats: u32,
    /// Nanoseconds for one operation, by round.
    samples: Vec<f64>,
}

/// What one run of a contender came to.
struct Sample<T> {
    result: T,
    time: Duration,
}

impl<'a, T: PartialEq + Debug + 'static> Workload<'a, T> {
    pub(super) fn new(run: &'a Run, title: &'static str, operations: u32, expected: T) -> Self {
        Self { run, title, operations, expected, contenders: Vec::new(), goals: Vec::new() }
    }

    /// Adds a contender. The first one is the one whose ratios are printed.
    pub(crate) fn contender(
        self,
        name: &'static str,
        mut work: impl FnMut() -> T + 'static,
    ) -> Self {
        self.clocked(name, move || {
            let start = Instant::now();
            let result = black_box(work());
            (result, start.elapsed())
        })
    }

    /// Adds a contender that holds the clock itself.
    pub(crate) fn clocked(
        mut self,
        name: &'static str,
        mut work: impl FnMut() -> (T, Duration) + 'static,
    ) -> Self {
        self.contenders.push(Contender {
            name,
            work: Box::new(move || {
                let (result, time) = work();
                Sample { result, time }
            }),
            repeats: 1,
            samples: Vec::new(),
        });
        self
    }

    /// Adds a goal.
    pub(crate) fn goal(mut self, goal: Goal) -> Self {
        self.goals.push(goal);
        self
    }

    /// Checks all contenders, and measures them if the command line says so.
    pub(crate) fn finish(mut self) {
        if !self.run.wants(self.title) {
            return;
        }
        for contender in &mut self.contenders {
            let Sample { result, .. } = (contender.work)();
            assert_eq!(result, self.expected, "{}: {}", self.title, contender.name);
        }
        if !self.run.measuring {
            println!("{}: {} contenders agree", self.title, self.contenders.len());
            return;
        }
        let round: Duration = self.contenders.iter_mut().map(Contender::calibrate).sum();
        let fitting = WORKLOAD.as_nanos() / round.as_nanos().max(1);
        let [fewest, most] = ROUNDS;
        let fitting = u32::try_from(fitting).map_or(most, |it| it.clamp(fewest, most));
        for round in 0..self.run.rounds.unwrap_or(fitting) {
            let first = round as usize % self.contenders.len();
            self.contenders.rotate_left(first);
            for contender in &mut self.contenders {
                contender.measure(self.operations);
            }
            self.contenders.rotate_right(first);
        }
        self.print();
    }

    fn print(&self) {
        println!("\n{}", self.title);
        let own = self.contenders.first().map_or(0.0, Contender::median);
        for (index, contender) in self.contenders.iter().enumerate() {
            let (name, median) = (contender.name, contender.median());
            print!("  {name:<34}{:>10}{:>10} at best", Time(median), Time(contender.best()));
            if index > 0 {
                print!("{:>10.3} ×", own / median);
            }
            println!();
        }
        for goal in &self.goals {
            goal.judge(|name| {
                let contender = self.contenders.iter().find(|it| it.name == name)?;
                Some(contender.median())
            });
        }
    }
}

impl<T> Contender<T> {
    /// Sets how often a sample repeats the work. Returns how long a sample takes.
    fn calibrate(&mut self) -> Duration {
        let start = Instant::now();
        let _: Sample<T> = (self.work)();
        let whole = start.elapsed();
        // A clocked contender may take much longer than it counts.
        let times = SAMPLE.as_nanos() / whole.as_nanos().max(1);
        self.repeats = u32::try_from(times).map_or(100_000, |times| times.clamp(1, 100_000));
        whole * self.repeats
    }

    fn measure(&mut self, operations: u32) {
        let mut sum = Duration::ZERO;
        for _ in 0..self.repeats {
            sum += (self.work)().time;
        }
        let operations = f64::from(self.repeats) * f64::from(operations);
        self.samples.push(sum.as_secs_f64() * 1e9 / operations);
    }

    fn median(&self) -> f64 {
        let mut samples = self.samples.clone();
        samples.sort_by(f64::total_cmp);
        samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
    }

    fn best(&self) -> f64 {
        self.samples.iter().copied().fold(f64::NAN, f64::min)
    }
}

/// Nanoseconds, printed in the unit that fits.
pub(super) struct Time(pub(super) f64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (value, unit) = match self.0 {
            nanos if nanos < 1e3 => (nanos, "ns"),
            nanos if nanos < 1e6 => (nanos / 1e3, "µs"),
            nanos if nanos < 1e9 => (nanos / 1e6, "ms"),
            nanos => (nanos / 1e9, "s"),
        };
        // Three digits are what such a measurement is good for.
        let digits = match value {
            value if value < 10.0 => 2,
            value if value < 100.0 => 1,
            _ => 0,
        };
        f.pad(&format!("{value:.digits$} {unit}"))
    }
}
