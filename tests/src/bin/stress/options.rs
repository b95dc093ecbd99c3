//! The command line.

use std::fmt;
use std::time::{Duration, SystemTime};

/// How long, how much, in which order.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) time: Duration,
    pub(crate) steps: u64,
    pub(crate) seed: u64,
    pub(crate) delays: bool,
}

impl Options {
    pub(crate) fn from_args() -> Self {
        let seconds = Duration::from_secs;
        // Another order each time, which is printed and can be asked for again.
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let mut options =
            Self { time: seconds(5), steps: u64::MAX, seed: now.as_secs(), delays: false };
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            let mut number = |what| {
                let number = args.next().and_then(|text| text.parse().ok());
                number.unwrap_or_else(|| panic!("{what} takes a number, as in {what} 7"))
            };
            match arg.as_str() {
                "--steps" => {
                    options.steps = number("--steps");
                    options.time = seconds(86_400);
                }
                "--seed" => options.seed = number("--seed"),
                "--delays" => options.delays = true,
                _ => {
                    let number = arg.parse();
                    options.time =
                        seconds(number.expect(
                            "expected `stress [SECONDS] [--steps N] [--seed N] [--delays]`",
                        ));
                }
            }
        }
        options
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--seed {}{}", self.seed, if self.delays { " --delays" } else { "" })
    }
}
