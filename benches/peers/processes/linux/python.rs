//! The Python peers: each a driver process, which is told when to do the work and holds the clock.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use background_harness::{Run, Workload};

const REQUIREMENTS: &str = include_str!("../python/requirements.txt");

/// The virtual environment is made within this time, or the Python peers are left out.
const PATIENCE: Duration = Duration::from_secs(60);

/// A virtual environment with the peers in it, if there is one.
pub(super) struct Python {
    program: Option<PathBuf>,
}

impl Python {
    /// Finds the environment, or makes it and says so if that cannot be done.
    pub(super) fn find(run: &Run) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-peers");
        let (program, ready) = (folder.join("bin/python"), folder.join("ready"));
        if std::env::var_os("BACKGROUND_PYTHON").is_some_and(|it| it == "0") {
            println!("skipped: the Python peers, as BACKGROUND_PYTHON is 0");
            return Self { program: None };
        }
        let is_ready = fs::read_to_string(&ready).is_ok_and(|it| it == REQUIREMENTS);
        if !is_ready && !run.is_sample() {
            if let Err(why) = make(&folder)
                .and_then(|()| fs::write(&ready, REQUIREMENTS).map_err(|error| error.to_string()))
            {
                println!("skipped: the Python peers, as {why}");
            }
        }
        let is_ready = fs::read_to_string(&ready).is_ok_and(|it| it == REQUIREMENTS);
        Self { program: is_ready.then_some(program) }
    }

    /// Adds those peers.
    pub(super) fn add<'a>(
        &self,
        workload: Workload<'a, u64>,
        peers: &[&'static str],
        work: Work,
    ) -> Workload<'a, u64> {
        let Some(program) = &self.program else { return workload };
        peers.iter().fold(workload, |workload, peer| {
            let (program, peer, mut driver) = (program.clone(), *peer, None);
            workload.clocked(peer, move || {
                driver.get_or_insert_with(|| Driver::start(&program, peer, work)).go()
            })
        })
    }
}

/// What a driver is asked to do.
#[derive(Clone, Copy)]
pub(super) struct Work {
    pub(super) workload: &'static str,
    pub(super) operations: u32,
    pub(super) size: usize,
}

fn make(folder: &Path) -> Result<(), String> {
    let until = Instant::now() + PATIENCE;
    let parent = folder.parent().ok_or("there is no place for them")?;
    fs::create_dir_all(parent).map_err(|error| error.to_string())?;
    let mut command = Command::new("python3");
    command.args(["-m", "venv", "--clear"]).arg(folder);
    finish(command, until)?;
    let mut command = Command::new(folder.join("bin/python"));
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    command.args(["--retries", "1", "--timeout", "15", "--only-binary", ":all:"]);
    command.args(REQUIREMENTS.lines());
    finish(command, until)
}

/// Runs it to its end, or to the end of our patience.
fn finish(mut command: Command, until: Instant) -> Result<(), String> {
    let called = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| format!("{called} cannot be run: {error}"))?;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("{called} fails: {status}")),
            Err(error) => return Err(error.to_string()),
            Ok(None) => {}
        }
        if Instant::now() >= until {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("{called} was not done after {PATIENCE:?}"));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// A driver process.
struct Driver {
    child: Child,
    /// Taken when it shall end.
    orders: Option<ChildStdin>,
    results: BufReader<ChildStdout>,
}

impl Driver {
    fn start(program: &Path, peer: &str, work: Work) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/processes/python/peers.py");
        let mut child = Command::new(program)
            .args([script, work.workload, peer])
            .args([work.operations.to_string(), work.size.to_string()])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python was there a moment ago");
        let orders = child.stdin.take();
        let results = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut driver = Self { child, orders, results };
        assert_eq!(driver.line(), "ready", "{peer}");
        driver
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.results.read_line(&mut line).expect("the driver prints text");
        line.trim_end().to_owned()
    }

    /// Has the work done once: what came out, and how long it took.
    fn go(&mut self) -> (u64, Duration) {
        let orders = self.orders.as_mut().expect("it was not told to end");
        orders.write_all(b"go\n").expect("the driver listens");
        let line = self.line();
        let (result, nanos) = line.split_once(' ').expect("the result and the time");
        let number = |text: &str| text.parse().expect("a number");
        (number(result), Duration::from_nanos(number(nanos)))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.child.wait();
    }
}
