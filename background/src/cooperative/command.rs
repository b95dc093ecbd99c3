//! Programs of the operating system, run beside the routines.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, ExitStatus, Output, Stdio};
use std::sync::Arc;

use crate::call::Builder;
use crate::cooperative::active;
use crate::cooperative::shared::Hold;
use crate::failure::Failure;
use crate::handle::Background;
use crate::site::Site;
use crate::sync::global::{Mutex, lock};

static SITE: Site = Site::new("command", "", "", 0);

/// A program of the operating system, with its arguments.
///
/// Other routines go on while it runs; output of any size is taken from it as it comes. When the
/// routine that awaits it is cancelled, the program is killed (but not what it has started in turn).
/// Runs in any routine and any executor; the pool's threads wait for it.
///
/// ```
/// use background::cooperative::{Command, wrap};
///
/// let echo = wrap(Command::new("echo").arg("cat").output()).unwrap();
/// assert_eq!(echo.stdout, b"cat\n");
/// assert_eq!(echo.stderr, b"");
/// assert!(echo.status.success());
/// ```
#[derive(Debug)]
#[must_use = "a command runs only when its output is awaited"]
pub struct Command {
    command: std::process::Command,
    input: Option<Vec<u8>>,
}

impl Command {
    /// A program without arguments, looked for as [`std::process::Command::new`] does.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        std::process::Command::new(program).into()
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of the program's environment.
    pub fn env(mut self, key: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Sets the program's working directory.
    pub fn current_dir(mut self, directory: impl AsRef<Path>) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// What the program reads from its standard input; without it, nothing.
    ///
    /// ```
    /// use background::cooperative::{Command, wrap};
    ///
    /// let copy = wrap(Command::new("cat").input("meow").output()).unwrap();
    /// assert_eq!(copy.stdout, b"meow");
    /// ```
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Some(bytes.into());
        self
    }

    /// Runs the program; its output and status, when it has ended.
    ///
    /// Starts it at the first poll. Never panics.
    ///
    /// # Errors
    ///
    /// The system's, when the program cannot be started or its output not be read; and when no thread
    /// can be had that waits for it.
    pub async fn output(mut self) -> io::Result<Output> {
        // What runs in the real world takes real time.
        let _hold = active::core().map(|core| Hold::of(core.shared()));
        let stdin = if self.input.is_some() { Stdio::piped() } else { Stdio::null() };
        self.command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn()?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let program = Arc::new(Program::new(child));
        // Killed when this future is dropped early.
        let _killed = Killed(Arc::clone(&program));
        let feeder = self.input.zip(stdin).map(|(input, mut stdin)| {
            aside(move || match stdin.write_all(&input) {
                // Not every program reads all.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                written => written,
            })
        });
        let stderr = aside(move || drain(stderr));
        let rest = aside(move || {
            let stdout = drain(stdout)?;
            Ok((stdout, program.wait()?))
        });
        let (stdout, status) = answer(rest.await)?;
        let stderr = answer(stderr.await)?;
        if let Some(feeder) = feeder {
            answer(feeder.await)?;
        }
        Ok(Output { status, stdout, stderr })
    }
}

impl From<std::process::Command> for Command {
    /// Takes over program, arguments and environment. The standard streams are set anew.
    fn from(command: std::process::Command) -> Self {
        Self { command, input: None }
    }
}

/// Does what blocks in the pool.
fn aside<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Background<io::Result<T>, Failure> {
    Builder::new(&SITE).thread().catch().spawn(work)
}

fn answer<T>(answer: Result<io::Result<T>, Failure>) -> io::Result<T> {
    answer.map_err(io::Error::other)?
}

fn drain(stream: Option<impl Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.map_or(Ok(0), |mut stream| stream.read_to_end(&mut bytes))?;
    Ok(bytes)
}

/// A program that runs. Nobody waits under the lock, so it can be killed at any time; and it is reaped
/// under the lock, so that nobody kills another program in its place.
struct Program {
    id: u32,
    child: Mutex<Child>,
}

impl Program {
    fn new(child: Child) -> Self {
        Self { id: child.id(), child: Mutex::new(child) }
    }

    /// Kills the program, unless it has been reaped.
    fn kill(&self) {
        // It may have ended already: then there is nothing to kill.
        let _ = lock(&self.child).kill();
    }

    #[cfg(target_os = "linux")]
    fn wait(&self) -> io::Result<ExitStatus> {
        use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
        let pid = i32::try_from(self.id).ok().and_then(Pid::from_raw);
        if let Some(pid) = pid {
            let left_to_reap = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            rustix::io::retry_on_intr(|| waitid(WaitId::Pid(pid), left_to_reap))?;
        }
        lock(&self.child).wait()
    }

    #[cfg(not(target_os = "linux"))]
    fn wait(&self) -> io::Result<ExitStatus> {
        use std::time::Duration;
        let mut nap = Duration::from_millis(1);
        loop {
            if let Some(status) = lock(&self.child).try_wait()? {
                return Ok(status);
            }
            crate::sync::global::thread::sleep(nap);
            nap = (nap * 2).min(Duration::from_millis(50));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Where nobody came to wait for it: it is dead in a moment, and must not stay as a zombie.
        self.kill();
        let _ = lock(&self.child).wait();
    }
}

struct Killed(Arc<Program>);

impl Drop for Killed {
    fn drop(&mut self) {
        self.0.kill();
    }
}
