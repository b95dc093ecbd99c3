//! Functions that travel, in a library that others use.

use background::{Background, Failure, task};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Runs a function in a worker process.
///
/// # Errors
///
/// As the call fails.
pub fn there<A, T, F>(function: F, arguments: A) -> Result<T, Failure>
where
    A: Serialize + DeserializeOwned + 'static,
    T: Serialize + DeserializeOwned + Clone + Send + 'static,
    F: Fn(A) -> T + Copy + Send + Sync + 'static,
{
    Background::join(task().process().catch().spawn_with(function, arguments))
}

/// An ordinary function.
pub fn successor(n: u32) -> u32 {
    n + 1
}

/// A function with several instances.
pub fn twice<T: Clone>(value: T) -> Vec<T> {
    vec![value.clone(), value]
}

/// A type with methods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basket {
    /// What lies in it.
    pub apples: Vec<u32>,
}

impl Basket {
    /// A method.
    pub fn sum(self) -> u32 {
        self.apples.iter().sum()
    }

    /// An associated function.
    pub fn of(apples: Vec<u32>) -> Self {
        Self { apples }
    }
}

/// What a worker says about itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Worker {
    /// The process.
    pub pid: u32,
    /// The command line.
    pub arguments: Vec<String>,
    /// How many bytes standard input has.
    pub input: usize,
    /// The variables of the environment that the library makes.
    pub own_variables: Vec<String>,
    /// What `LD_PRELOAD` says.
    pub preload: Option<String>,
    /// Whether writing where nobody reads is an error, and not the end.
    pub ignores_broken_pipes: bool,
}

impl Worker {
    /// Looks around.
    pub fn new((): ()) -> Self {
        let mut input = Vec::new();
        let input = std::io::Read::read_to_end(&mut std::io::stdin(), &mut input);
        let own = |name: &str| name.starts_with("__BACKGROUND");
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        Self {
            pid: std::process::id(),
            arguments: std::env::args().collect(),
            input: input.expect("it can be read"),
            own_variables: std::env::vars().map(|it| it.0).filter(|name| own(name)).collect(),
            preload: std::env::var("LD_PRELOAD").ok(),
            ignores_broken_pipes: ignored.is_some_and(|mask| mask & 1 << 12 != 0),
        }
    }
}

fn breaks(_: u32) -> u32 {
    panic!("on purpose")
}

fn dies(_: u32) -> u32 {
    std::process::abort()
}

/// Calls everything that is here.
pub fn check() {
    assert_eq!(there(successor, 1), Ok(2));
    assert_eq!(there(twice::<u8>, 7), Ok(vec![7, 7]));
    assert_eq!(there(twice::<String>, "a".to_owned()), Ok(vec!["a".to_owned(); 2]));
    assert_eq!(there(Basket::sum, Basket { apples: vec![1, 2] }), Ok(3));
    assert_eq!(there(Basket::of, vec![4]), Ok(Basket { apples: vec![4] }));
    assert_eq!(there(|n: u64| n * n, 9), Ok(81));

    let worker = there(Worker::new, ()).expect("a worker can look around");
    assert_ne!(worker.pid, std::process::id());
    assert_eq!(worker.arguments, std::env::args().collect::<Vec<_>>());
    assert_eq!((worker.input, worker.own_variables.len()), (0, 0), "{worker:?}");
    assert_eq!(worker.preload, std::env::var("LD_PRELOAD").ok());
    assert!(worker.ignores_broken_pipes, "{worker:?}");

    match there(breaks, 1) {
        Err(Failure::Panicked { message, location, .. }) => {
            assert_eq!(message, "on purpose");
            assert!(location.is_some_and(|it| it.contains("dependency/src/lib.rs")));
        }
        other => panic!("a panic: {other:?}"),
    }
    match there(dies, 1) {
        Err(Failure::Crashed { signal, .. }) => assert_eq!(signal, Some(6)),
        other => panic!("a crash: {other:?}"),
    }
    assert_eq!(there(successor, 2), Ok(3));
}
