//! Measures peers side by side.
//!
//! All contenders of a workload take turns within one run, each round in another order, so that
//! whatever else the machine does meets all of them alike. What counts are the ratios of their
//! medians. Before the clock starts every contender has to come to the right result.
//!
//! `cargo bench -p background [--bench NAME] [-- [--rounds N] [FILTER…]]` measures the workloads
//! whose title contains one of the filters. Without cargo's `--bench`, as under
//! `cargo test --benches`, every contender runs once, on less work, and only its result is looked at.

mod goal;
mod workload;

use std::fmt::Debug;

pub(crate) use goal::Goal;
pub(crate) use workload::Workload;

/// What the command line asks for.
pub(crate) struct Run {
    measuring: bool,
    rounds: Option<u32>,
    filters: Vec<String>,
}

impl Run {
    /// Reads the command line. Flags that are meant for other harnesses are passed over.
    pub(crate) fn from_args() -> Self {
        let mut run = Self { measuring: false, rounds: None, filters: Vec::new() };
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--bench" => run.measuring = true,
                "--rounds" => {
                    let rounds = args.next().and_then(|rounds| rounds.parse().ok());
                    run.rounds = Some(rounds.expect("--rounds takes a number"));
                }
                flag if flag.starts_with('-') => {}
                _ => run.filters.push(arg),
            }
        }
        if run.measuring {
            print_machine();
        }
        run
    }

    /// As much work as that: `full` when measuring, `short` when only the results count.
    pub(crate) fn size<T>(&self, full: T, short: T) -> T {
        if self.measuring { full } else { short }
    }

    /// A workload in which every contender does `operations` and comes to `expected`.
    pub(crate) fn workload<T: PartialEq + Debug + 'static>(
        &self,
        title: &'static str,
        operations: u32,
        expected: T,
    ) -> Workload<'_, T> {
        Workload::new(self, title, operations, expected)
    }

    fn wants(&self, title: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| title.contains(filter))
    }
}

fn print_machine() {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    println!(
        "{cores} cores, load {load}; the last column is `background` (or the first) over the peer"
    );
}
