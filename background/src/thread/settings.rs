//! The settings of a pool: from a program, or from its environment.

use std::env;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::task::threads;
use crate::thread::pool::Pool;

/// Called with a thread's number.
pub(super) type Hook = Arc<dyn Fn(u64) + Send + Sync>;

/// What a pool goes by.
pub(super) struct Settings {
    pub(super) workers: usize,
    pub(super) max_threads: usize,
    pub(super) keep_alive: Duration,
    pub(super) thread_name: String,
    pub(super) stack_size: usize,
    pub(super) on_thread_start: Option<Hook>,
    pub(super) on_thread_exit: Option<Hook>,
    /// With a single core nobody can bring work while somebody spins for it.
    pub(super) spin: bool,
}

impl Settings {
    pub(super) fn of_the_program() -> Self {
        PoolBuilder::new().or_environment().settings()
    }
}

/// How long an idle thread stays unless something else was said.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Describes a pool; see [`pool`](crate::pool).
///
/// What is not said has a default: as many workers as
/// [`available_parallelism`](std::thread::available_parallelism) says (it knows control groups and
/// affinity), threads up to the library's own cap of some thousand, idle ones leave after five
/// seconds, names begin with `background`, stacks have 2 MiB or what `RUST_MIN_STACK` says if that
/// is more.
#[derive(Clone, Default)]
#[must_use = "a description of a pool does nothing; call `build` or `install`"]
pub struct PoolBuilder {
    workers: Option<usize>,
    max_threads: Option<usize>,
    keep_alive: Option<Duration>,
    thread_name: Option<String>,
    stack_size: Option<usize>,
    on_thread_start: Option<Hook>,
    on_thread_exit: Option<Hook>,
}

impl PoolBuilder {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// How many workers are to have a core at once. Those that wait do not count.
    ///
    /// # Panics
    ///
    /// When `workers` is 0, or more than 4096.
    #[track_caller]
    pub fn workers(mut self, workers: usize) -> Self {
        assert!(
            (1..=MOST).contains(&workers),
            "a pool cannot have {workers} workers; write a number from 1 to {MOST}"
        );
        self.workers = Some(workers);
        self
    }

    /// How many threads there may be, those that wait included.
    ///
    /// When all of them wait, queued tasks wait too, until one goes on or somebody touches them. The
    /// library has a cap of its own on the threads of all pools together, far below the number at
    /// which the operating system would end the program.
    ///
    /// # Panics
    ///
    /// When `threads` is 0.
    #[track_caller]
    pub fn max_threads(mut self, threads: usize) -> Self {
        assert!(threads > 0, "a pool cannot do with 0 threads; write 1 or more");
        self.max_threads = Some(threads);
        self
    }

    /// How long a thread stays that has nothing to do. `Duration::MAX` lets it stay for good.
    pub fn keep_alive(mut self, patience: Duration) -> Self {
        self.keep_alive = Some(patience);
        self
    }

    /// What the names of the threads begin with; a number follows.
    ///
    /// # Panics
    ///
    /// When the name contains a zero byte, which no thread's name can.
    #[track_caller]
    pub fn thread_name(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        assert!(!name.contains('\0'), "the name of a thread cannot contain a zero byte: {name:?}");
        self.thread_name = Some(name);
        self
    }

    /// How large the threads' stacks are, in bytes. The system rounds up to what it can do.
    ///
    /// A task that is touched runs on the toucher's stack only while half of that is left, so
    /// nested calls on small stacks take more threads.
    pub fn stack_size(mut self, bytes: usize) -> Self {
        self.stack_size = Some(bytes);
        self
    }

    /// Called on every thread of the pool before its first task, with the thread's number, counted
    /// from 1. A panic in it is reported on stderr, and the thread goes on.
    pub fn on_thread_start(mut self, hook: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.on_thread_start = Some(Arc::new(hook));
        self
    }

    /// Called on every thread of the pool after its last task, with the thread's number. A panic
    /// in it is reported on stderr. A thread that is still there when the program ends does not
    /// come to it.
    pub fn on_thread_exit(mut self, hook: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.on_thread_exit = Some(Arc::new(hook));
        self
    }

    /// Makes a pool of your own.
    ///
    /// Starts no thread; the first task does. The environment has no say in it.
    ///
    /// # Panics
    ///
    /// When there are to be more workers than threads.
    ///
    /// ```
    /// use background::{background, pool, Pool};
    /// use std::sync::LazyLock;
    ///
    /// static DISK: LazyLock<Pool> = LazyLock::new(|| pool().workers(1).build());
    ///
    /// #[background(on = &*DISK)]
    /// fn read(path: &'static str) -> String { format!("the contents of {path}") }
    ///
    /// assert_eq!(read("a.txt").len(), 21);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn build(self) -> Pool {
        Pool::new(self.settings())
    }

    /// Makes this the program's pool, which everything runs in that names no other strategy. What
    /// is not said here may be said by the environment; see [`pool`](crate::pool).
    ///
    /// # Errors
    ///
    /// When the program's pool has been made already: by the first task, or by an earlier call.
    ///
    /// # Panics
    ///
    /// As [`build`](Self::build), and when the environment cannot be understood.
    ///
    /// ```
    /// background::pool().workers(2).install().expect("the first line of main");
    /// assert_eq!(background::spawn(|| 1), 1);
    /// assert!(background::pool().install().is_err());
    /// ```
    #[track_caller]
    pub fn install(self) -> Result<(), PoolExists> {
        Pool::new(self.or_environment().settings()).install().map_err(|_| PoolExists(()))
    }

    #[track_caller]
    fn settings(self) -> Settings {
        let cores = threads::cores();
        let max_threads = self.max_threads.unwrap_or(MOST).min(MOST);
        let workers = self.workers.unwrap_or_else(|| cores.min(max_threads));
        assert!(
            workers <= max_threads,
            "a pool of {workers} workers needs as many threads, but max_threads is {max_threads}"
        );
        Settings {
            workers,
            max_threads,
            keep_alive: self.keep_alive.unwrap_or(KEEP_ALIVE),
            thread_name: self.thread_name.unwrap_or_else(|| "background".to_owned()),
            stack_size: self.stack_size.unwrap_or_else(usual_stack_size),
            on_thread_start: self.on_thread_start,
            on_thread_exit: self.on_thread_exit,
            spin: cores > 1,
        }
    }

    /// Takes from the environment what has not been said.
    fn or_environment(mut self) -> Self {
        if self.workers.is_none() {
            self = variable("BACKGROUND_WORKERS", "a number from 1 to 4096", |text| {
                number(text).filter(|workers| (1..=MOST).contains(workers))
            })
            .into_iter()
            .fold(self, Self::workers);
        }
        if self.max_threads.is_none() {
            self = variable("BACKGROUND_MAX_THREADS", "a number from 1", |text| {
                number(text).filter(|threads| *threads > 0)
            })
            .into_iter()
            .fold(self, Self::max_threads);
        }
        if self.keep_alive.is_none() {
            self.keep_alive = variable(
                "BACKGROUND_KEEP_ALIVE",
                "a number and a unit, such as 250ms, 1.5s, 5min or 2h",
                duration,
            );
        }
        if self.thread_name.is_none() {
            self.thread_name =
                variable("BACKGROUND_THREAD_NAME", "a name", |text| Some(text.to_owned()));
        }
        if self.stack_size.is_none() {
            self.stack_size = variable(
                "BACKGROUND_STACK_SIZE",
                "a number of bytes, or one with a unit, such as 512 KiB or 8 MiB",
                bytes,
            );
        }
        self
    }
}

/// The most workers and threads that can be asked for; the library's own cap may be lower.
const MOST: usize = 4096;

/// What an environment variable says, `None` if it is not set or empty.
///
/// # Panics
///
/// When it says something else than `expected`: a setting that silently does nothing would mislead.
fn variable<T>(name: &str, expected: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let value = env::var_os(name).filter(|value| !value.is_empty())?;
    let parsed = value.to_str().map(str::trim).and_then(parse);
    assert!(
        parsed.is_some(),
        "{name}={} is not understood; expected {expected}",
        value.to_string_lossy()
    );
    parsed
}

fn number(text: &str) -> Option<usize> {
    text.parse().ok()
}

/// A number and what follows it.
fn split_unit(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.trim())
}

/// As the attribute writes durations.
fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = split_unit(text);
    let seconds = match unit {
        "ns" => 1e-9,
        "us" | "µs" => 1e-6,
        "ms" => 1e-3,
        "s" | "sec" => 1.0,
        "min" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()
}

fn bytes(text: &str) -> Option<usize> {
    let (number, unit) = split_unit(text);
    let factor: usize = match unit {
        "" | "B" => 1,
        "KiB" | "K" | "k" => 1 << 10,
        "MiB" | "M" => 1 << 20,
        "GiB" | "G" => 1 << 30,
        _ => return None,
    };
    number.parse::<usize>().ok()?.checked_mul(factor)
}

/// What std gives a thread, but never less: claims nest on a worker's stack, and a small one would
/// make every nested call take a thread of its own.
fn usual_stack_size() -> usize {
    const LEAST: usize = 2 * 1024 * 1024;
    let asked = env::var("RUST_MIN_STACK").ok().and_then(|bytes| bytes.parse().ok());
    asked.unwrap_or(0).max(LEAST)
}

impl fmt::Debug for PoolBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolBuilder")
            .field("workers", &self.workers)
            .field("max_threads", &self.max_threads)
            .field("keep_alive", &self.keep_alive)
            .field("thread_name", &self.thread_name)
            .field("stack_size", &self.stack_size)
            .finish_non_exhaustive()
    }
}

/// The program's pool has been made before it could be configured.
///
/// ```
/// assert_eq!(background::spawn(|| 1), 1);
/// let error = background::pool().install().unwrap_err();
/// assert!(error.to_string().contains("before the first task"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolExists(());

impl fmt::Display for PoolExists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the program's pool exists already; call `install` before the first task")
    }
}

impl std::error::Error for PoolExists {}

#[cfg(test)]
mod tests {
    use super::{bytes, duration};
    use std::time::Duration;

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(duration("1.5 s"), Some(Duration::from_millis(1500)));
        assert_eq!(duration("5min"), Some(Duration::from_secs(300)));
        assert_eq!(duration("2h"), Some(Duration::from_secs(7200)));
        for wrong in ["", "5", "s", "-1s", "1.2.3s", "1 day", "99999999999999999999h"] {
            assert_eq!(duration(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn sizes_may_have_one() {
        assert_eq!(bytes("65536"), Some(65536));
        assert_eq!(bytes("512 KiB"), Some(512 << 10));
        assert_eq!(bytes("8MiB"), Some(8 << 20));
        for wrong in ["", "MiB", "1.5 MiB", "-1", "1 MB", "99999999999 GiB"] {
            assert_eq!(bytes(wrong), None, "{wrong:?}");
        }
    }
}
