//! Programs run as processes of their own.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use crate::{Finished, workspace};

/// A process to be run to its end, with a watchdog.
#[derive(Debug)]
pub struct Run {
    command: Command,
    patience: Duration,
}

impl Run {
    /// A program by its path.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        // What the surrounding shell says must not change what a test sees.
        command.env_remove("BACKGROUND_STRATEGY").env_remove("RUST_BACKTRACE");
        Self { command, patience: Duration::from_secs(120) }
    }

    /// An example of the `background` package.
    ///
    /// # Panics
    ///
    /// As [`path_of_example`](Self::path_of_example).
    #[must_use]
    pub fn example(name: &str) -> Self {
        Self::new(Self::path_of_example(name))
    }

    /// Where an example of the `background` package is, for tests that have others run it.
    ///
    /// # Panics
    ///
    /// When the examples do not build, or there is none of that name.
    #[must_use]
    pub fn path_of_example(name: &str) -> PathBuf {
        build_examples();
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let path = workspace::artifacts().join("examples").join(file);
        assert!(path.is_file(), "there is no example `{name}`");
        path
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Removes an environment variable.
    #[must_use]
    pub fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Sets the folder in which it runs.
    #[must_use]
    pub fn inside(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Sets how long it may take; two minutes unless told.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Runs it to its end.
    ///
    /// # Panics
    ///
    /// When it cannot be started, or has not ended in time: then it is killed, and the message has
    /// what it wrote until then.
    #[track_caller]
    #[must_use]
    pub fn finish(mut self) -> Finished {
        let what = format!("{:?}", self.command);
        let begin = Instant::now();
        // A group of its own, so that what it has started ends with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut self.command, 0);
        let mut child = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {what}: {error}"));
        let stdout = drain(child.stdout.take());
        let stderr = drain(child.stderr.take());
        let status = wait(&mut child, self.patience).unwrap_or_else(|| {
            kill(&mut child);
            child.wait().expect("our own child can be reaped")
        });
        let took = begin.elapsed();
        let [stdout, stderr] =
            [stdout, stderr].map(|reader| reader.join().expect("reading does not panic"));
        let finished = Finished { what, status, stdout, stderr, took };
        assert!(took < self.patience, "a hang, killed after {:?}: {finished:#?}", self.patience);
        finished
    }
}

/// Reads a stream to its end beside the process, so that a full pipe stops nobody.
fn drain(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            stream.read_to_end(&mut bytes).expect("a pipe can be read");
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Ends a child and what it has started.
fn kill(child: &mut Child) {
    if cfg!(unix) {
        let group = format!("-{}", child.id());
        let killed = Command::new("kill").args(["-KILL", "--", &group]).status();
        if killed.is_ok_and(|status| status.success()) {
            return;
        }
    }
    child.kill().expect("our own child can be killed");
}

/// Waits for the end of a child, at most so long. `std` has no such call, so this looks again and
/// again, less often the longer it takes.
fn wait(child: &mut Child, patience: Duration) -> Option<std::process::ExitStatus> {
    let begin = Instant::now();
    let mut pause = Duration::from_micros(200);
    while begin.elapsed() < patience {
        if let Some(status) = child.try_wait().expect("our own child can be waited for") {
            return Some(status);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
    None
}

/// Builds the examples once, in the profile and the folder of the running test. With a fresh build
/// by `cargo test --workspace --all-features` this has nothing left to do.
fn build_examples() {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut cargo = Run::new(env!("CARGO"))
            .inside(workspace::root())
            .args(["build", "--workspace", "--examples", "--all-features", "--target-dir"])
            .arg(workspace::target())
            .patience(Duration::from_secs(1200));
        if !cfg!(debug_assertions) {
            cargo = cargo.arg("--release");
        }
        let _ = cargo.finish().succeeded();
    });
}
