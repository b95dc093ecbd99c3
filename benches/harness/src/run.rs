//! What the command line asks for.

use std::cell::Cell;
use std::fmt::Debug;

use crate::sample::Order;
use crate::{Workload, markdown};

/// One run of a bench program.
#[derive(Debug)]
pub struct Run {
    pub(crate) role: Role,
    pub(crate) rounds: Option<u32>,
    pub(crate) markdown: bool,
    filters: Vec<String>,
    /// A contender failed, or was not done in time.
    flawed: Cell<bool>,
}

/// What this process is for.
#[derive(Debug)]
pub(crate) enum Role {
    /// To see whether every contender comes to the right result.
    Check,
    /// To have samples taken, and to print what they come to.
    Measure,
    /// To take one sample.
    Sample(Order),
}

impl Run {
    /// Reads the command line. Flags that are meant for other harnesses are passed over.
    ///
    /// # Panics
    ///
    /// When `--rounds` comes without a number.
    pub fn from_args() -> Self {
        let (mut measuring, mut order) = (false, None);
        let (mut rounds, mut markdown, mut filters) = (None, false, Vec::new());
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--bench" => measuring = true,
                "--markdown" => markdown = true,
                "--rounds" => {
                    let number = args.next().and_then(|rounds| rounds.parse().ok());
                    rounds = Some(number.expect("--rounds takes a number, as in --rounds 7"));
                }
                Order::FLAG => order = Some(Order::read(&mut args)),
                flag if flag.starts_with('-') => {}
                _ => filters.push(arg),
            }
        }
        let role = match order {
            Some(order) => Role::Sample(order),
            None if measuring => Role::Measure,
            None => Role::Check,
        };
        let run = Self { role, rounds, markdown, filters, flawed: Cell::new(false) };
        if let Role::Measure = run.role {
            run.head();
        }
        run
    }

    /// As much work as that: `full` when measuring, `short` when only the results count.
    pub fn size<T>(&self, full: T, short: T) -> T {
        if let Role::Check = self.role { short } else { full }
    }

    /// This process is here for one contender: what all of them need has been made ready by the process
    /// that has ordered the sample.
    pub fn is_sample(&self) -> bool {
        matches!(self.role, Role::Sample(_))
    }

    /// A workload in which every contender does `operations` and comes to `expected`.
    pub fn workload<T: PartialEq + Debug + 'static>(
        &self,
        title: &'static str,
        operations: u32,
        expected: T,
    ) -> Workload<'_, T> {
        Workload::new(self, title, operations, expected)
    }

    /// No contender has failed until now, or was not done in time. A program whose run has flaws should not end as
    /// if all had gone well.
    pub fn is_flawless(&self) -> bool {
        !self.flawed.get()
    }

    pub(crate) fn flaw(&self, title: &str, contender: &str, what: &str) {
        self.flawed.set(true);
        eprintln!("{title}: {contender}: {what}");
    }

    pub(crate) fn wants(&self, title: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| title.contains(filter))
    }

    fn head(&self) {
        if self.markdown {
            return markdown::head();
        }
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').next().unwrap_or_default();
        println!(
            "{cores} cores, load {load}; the last column is the first contender over the peer"
        );
    }
}
