//! A sample, taken by a process of its own.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use crate::note;

/// A sample is repeated until it takes this long, so that the clock's own time does not count.
const SAMPLE: Duration = Duration::from_millis(20);

/// Before that the work is done for so long that threads are awake and memory is at hand.
const WARM_UP: Duration = Duration::from_millis(10);

/// Whoever takes longer hangs, or is so slow that it makes no difference.
const PATIENCE: Duration = Duration::from_secs(120);

/// Which sample a process is to take.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) title: String,
    pub(crate) contender: String,
    /// Notes are wanted, and no time.
    pub(crate) noting: bool,
}

/// What a process has found out.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Sample {
    /// For one operation; 0 if only notes were wanted.
    pub(crate) nanos: f64,
    pub(crate) notes: Vec<(String, f64)>,
}

impl Order {
    pub(crate) const FLAG: &str = "--take-a-sample";

    /// Reads what [`send`](Self::send) writes after the flag.
    pub(crate) fn read(args: &mut impl Iterator<Item = String>) -> Self {
        let mut next = || args.next().expect("title, contender, and whether notes are wanted");
        Self { title: next(), contender: next(), noting: next() == "true" }
    }

    /// Has the sample taken, by a process that finds `env` in its environment. Blocks until it is
    /// there.
    pub(crate) fn send(
        &self,
        env: impl IntoIterator<Item = (&'static str, &'static str)>,
    ) -> Result<Sample, String> {
        let this = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut child = Command::new(this)
            .args([Self::FLAG, &self.title, &self.contender, &self.noting.to_string()])
            .env_remove("BACKGROUND_STRATEGY")
            .envs(env)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("no process to be had: {error}"))?;
        let (sender, receiver) = channel();
        let mut stdout = child.stdout.take().expect("it is piped");
        let reader = thread::spawn(move || {
            let mut text = String::new();
            let read = stdout.read_to_string(&mut text);
            // Nobody waits any more when the time is over.
            let _ = sender.send(read.map(|_| text));
        });
        let text = receiver.recv_timeout(PATIENCE);
        if text.is_err() {
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| error.to_string())?;
        reader.join().map_err(|_| "the reader failed".to_owned())?;
        match text {
            Err(_) => Err(format!("not done after {PATIENCE:?}: killed")),
            Ok(Err(error)) => Err(error.to_string()),
            Ok(Ok(_)) if !status.success() => Err(format!("fails: {status}")),
            Ok(Ok(text)) => Ok(Sample::parse(&text)),
        }
    }

    /// Takes the sample: `work` does the work once, checks its result, and says how long it took.
    pub(crate) fn take(
        &self,
        operations: u32,
        is_cold: bool,
        mut work: impl FnMut() -> Duration,
    ) -> Sample {
        if self.noting {
            note::begin();
            work();
            let notes = note::taken();
            let notes = notes.into_iter().map(|(label, value)| (label.to_owned(), value));
            return Sample { nanos: 0.0, notes: notes.collect() };
        }
        let (time, repeats) = if is_cold { (work(), 1) } else { warm(work) };
        let operations = f64::from(repeats) * f64::from(operations);
        Sample { nanos: time.as_secs_f64() * 1e9 / operations, notes: Vec::new() }
    }
}

/// Does the work until it goes as it usually goes, and then with the clock: the time of how many?
fn warm(mut work: impl FnMut() -> Duration) -> (Duration, u32) {
    let start = Instant::now();
    let whole = loop {
        let before = Instant::now();
        work();
        // A contender that holds the clock itself may take much longer than it counts.
        if start.elapsed() >= WARM_UP {
            break before.elapsed();
        }
    };
    let fitting = SAMPLE.as_nanos() / whole.as_nanos().max(1);
    let repeats = u32::try_from(fitting).map_or(1_000_000, |times| times.clamp(1, 1_000_000));
    ((0..repeats).map(|_| work()).sum(), repeats)
}

impl Sample {
    /// Says it to the process that has ordered it.
    pub(crate) fn print(&self) {
        println!("{}", self.nanos);
        for (label, value) in &self.notes {
            println!("{value} {label}");
        }
    }

    fn parse(text: &str) -> Self {
        let mut lines = text.lines();
        let nanos = lines.next().and_then(|line| line.parse().ok()).unwrap_or(f64::NAN);
        let notes = lines.filter_map(|line| {
            let (value, label) = line.split_once(' ')?;
            Some((label.to_owned(), value.parse().ok()?))
        });
        Self { nanos, notes: notes.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::Sample;

    #[test]
    fn what_a_process_prints_is_understood() {
        let read = Sample::parse("12.5\n67 threads\n0 MiB kept\n");
        let notes = vec![("threads".to_owned(), 67.0), ("MiB kept".to_owned(), 0.0)];
        assert_eq!(read, Sample { nanos: 12.5, notes });
        assert!(Sample::parse("").nanos.is_nan());
    }
}
