//! One workload and its contenders.

use std::fmt::{self, Debug};
use std::hint::black_box;
use std::process::exit;
use std::time::{Duration, Instant};

use crate::run::Role;
use crate::sample::Order;
use crate::series::Series;
use crate::{Goal, Run, markdown, text};

/// A workload takes about this long altogether when nobody says how many rounds it shall have.
const WORKLOAD: Duration = Duration::from_secs(12);

/// Fewer rounds make no median, more make it no better.
const ROUNDS: [u32; 2] = [5, 25];

/// The same work, done by several contenders.
#[must_use = "a workload is measured when it is finished"]
pub struct Workload<'a, T> {
    run: &'a Run,
    title: &'static str,
    operations: u32,
    expected: T,
    contenders: Vec<Contender<T>>,
    goals: Vec<Goal>,
    is_cold: bool,
    takes_notes: bool,
}

struct Contender<T> {
    name: &'static str,
    prepare: Box<dyn FnOnce() -> Work<T>>,
    /// What its processes find in their environment.
    env: Vec<(&'static str, &'static str)>,
}

/// Does the work once: what came out, and how long it took.
type Work<T> = Box<dyn FnMut() -> (T, Duration)>;

impl<'a, T: PartialEq + Debug + 'static> Workload<'a, T> {
    pub(crate) fn new(run: &'a Run, title: &'static str, operations: u32, expected: T) -> Self {
        Self {
            run,
            title,
            operations,
            expected,
            contenders: Vec::new(),
            goals: Vec::new(),
            is_cold: false,
            takes_notes: false,
        }
    }

    /// Every sample is the very first run of a process.
    pub fn cold(self) -> Self {
        Self { is_cold: true, ..self }
    }

    /// Contenders take [notes](crate::note): one more process for each of them, without a clock.
    pub fn with_notes(self) -> Self {
        Self { takes_notes: true, ..self }
    }

    /// Adds a contender. The first one is the one whose ratios are printed.
    pub fn contender(self, name: &'static str, work: impl FnMut() -> T + 'static) -> Self {
        self.prepared(name, || work)
    }

    /// Adds a contender that has to prepare itself.
    pub fn prepared<W: FnMut() -> T + 'static>(
        self,
        name: &'static str,
        prepare: impl FnOnce() -> W + 'static,
    ) -> Self {
        self.add(name, move || {
            let mut work = prepare();
            Box::new(move || {
                let start = Instant::now();
                let result = black_box(work());
                (result, start.elapsed())
            })
        })
    }

    /// Adds a contender that holds the clock itself.
    pub fn clocked(
        self,
        name: &'static str,
        work: impl FnMut() -> (T, Duration) + 'static,
    ) -> Self {
        self.add(name, || Box::new(work))
    }

    fn add(mut self, name: &'static str, prepare: impl FnOnce() -> Work<T> + 'static) -> Self {
        self.contenders.push(Contender { name, prepare: Box::new(prepare), env: Vec::new() });
        self
    }

    /// The contender added last finds this in its environment, unless it is only checked.
    pub fn env(mut self, name: &'static str, value: &'static str) -> Self {
        if let Some(contender) = self.contenders.last_mut() {
            contender.env.push((name, value));
        }
        self
    }

    /// Adds a goal.
    pub fn goal(mut self, goal: Goal) -> Self {
        self.goals.push(goal);
        self
    }

    /// Does what the run is for: checks the contenders, measures them, or takes one's sample and
    /// ends the process.
    ///
    /// # Panics
    ///
    /// When a contender comes to another result than it should.
    pub fn finish(self) {
        match &self.run.role {
            Role::Check if self.run.wants(self.title) => self.check(),
            Role::Measure if self.run.wants(self.title) => self.measure(),
            Role::Sample(order) if order.title == self.title => self.take(order),
            _ => {}
        }
    }

    fn check(self) {
        let contenders = self.contenders.len();
        for contender in self.contenders {
            let (result, _) = (contender.prepare)()();
            assert_eq!(result, self.expected, "{}: {}", self.title, contender.name);
        }
        println!("{}: {contenders} contenders agree", self.title);
    }

    fn take(self, order: &Order) {
        let contender = self.contenders.into_iter().find(|it| it.name == order.contender);
        let contender = contender.expect("the order names one of the contenders");
        let mut work = (contender.prepare)();
        let sample = order.take(self.operations, self.is_cold, || {
            let (result, time) = work();
            assert_eq!(result, self.expected, "{}: {}", self.title, contender.name);
            time
        });
        sample.print();
        // Whatever the contender has left running ends here.
        exit(0);
    }

    fn measure(&self) {
        let mut all: Vec<_> = self.contenders.iter().map(|it| Series::new(it.name)).collect();
        if self.takes_notes {
            self.round(&mut all, true);
        }
        let start = Instant::now();
        self.round(&mut all, false);
        let fitting = WORKLOAD.as_nanos() / start.elapsed().as_nanos().max(1);
        let [fewest, most] = ROUNDS;
        let fitting = u32::try_from(fitting).map_or(most, |it| it.clamp(fewest, most));
        for round in 1..self.run.rounds.unwrap_or(fitting) {
            let first = round as usize % all.len();
            all.rotate_left(first);
            self.round(&mut all, false);
            all.rotate_right(first);
        }
        let print = if self.run.markdown { markdown::print } else { text::print };
        print(self.title, &all, &self.goals);
    }

    /// One more sample for each.
    fn round(&self, all: &mut [Series], noting: bool) {
        for series in all.iter_mut().filter(|series| series.flaw.is_none()) {
            let (title, contender) = (self.title.to_owned(), series.name.to_owned());
            let env = self.contenders.iter().filter(|it| it.name == series.name);
            let env = env.flat_map(|it| it.env.iter().copied());
            series.enter(Order { title, contender, noting }.send(env), noting);
            if let Some(flaw) = &series.flaw {
                self.run.flaw(self.title, series.name, flaw);
            }
        }
    }
}

impl<T> Debug for Workload<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workload").field("title", &self.title).finish_non_exhaustive()
    }
}
