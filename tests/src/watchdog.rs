//! Tests that could block end anyway.

use std::panic::resume_unwind;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a test waits for what should happen at once. Only a hang takes so long.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// Runs `body` on a thread of its own and returns what it returns.
///
/// # Panics
///
/// With the body's own panic; or when the body has not ended within [`PATIENCE`]: then its thread
/// is left behind, so that the test fails by name and the others go on.
///
/// ```
/// assert_eq!(background_tests::within(|| 1 + 1), 2);
/// ```
#[track_caller]
pub fn within<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = channel();
    let name = thread::current().name().unwrap_or("test").to_owned();
    let worker = thread::Builder::new()
        .name(name)
        .spawn(move || {
            let result = body();
            // The receiver only goes when the time is over, and then nobody wants the result.
            let _ = sender.send(result);
        })
        .expect("a thread for the test's body");
    match receiver.recv_timeout(PATIENCE) {
        Ok(result) => {
            worker.join().unwrap_or_else(|panic| resume_unwind(panic));
            result
        }
        Err(RecvTimeoutError::Disconnected) => match worker.join() {
            Err(panic) => resume_unwind(panic),
            Ok(()) => unreachable!("the body sends before it ends"),
        },
        Err(RecvTimeoutError::Timeout) => panic!("still running after {PATIENCE:?}: a hang"),
    }
}

/// Looks until `condition` holds.
///
/// For what cannot be waited for otherwise, such as the state of another thread in `/proc`. It
/// yields between two looks, so it costs time only while others use it.
///
/// # Panics
///
/// When the condition does not hold within [`PATIENCE`]; `what` is named in the message.
///
/// ```
/// let started = std::time::Instant::now();
/// background_tests::until("time goes by", || started.elapsed().as_nanos() > 0);
/// ```
#[track_caller]
pub fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < PATIENCE, "not after {PATIENCE:?}: {what}");
        thread::yield_now();
    }
}
