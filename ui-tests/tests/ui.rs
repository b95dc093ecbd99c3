//! Each file of `accept` compiles, runs and checks itself; each file of `refuse` is refused with exactly
//! the text beside it.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// The compiler whose words the expected texts quote.
const COMPILER: &str = "rustc 1.95.";

/// Longer than all programs of a folder take to compile on a slow machine.
const WATCHDOG: Duration = Duration::from_secs(20 * 60);

#[test]
fn accepted() {
    watched(|| trybuild::TestCases::new().pass("tests/accept/*.rs"));
}

#[test]
fn refused() {
    let compiler = compiler();
    if compiler.starts_with(COMPILER) {
        watched(|| trybuild::TestCases::new().compile_fail("tests/refuse/*.rs"));
    } else {
        eprintln!(
            "SKIPPED: the expected texts are those of {COMPILER}x, and this is {compiler}; \
             that the forms are refused at all is tested with that compiler only"
        );
    }
}

fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = std::process::Command::new(rustc)
        .arg("--version")
        .output()
        .expect("there is a compiler, as it compiled this test");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Ends the whole test run if a program hangs: `trybuild` would wait for it for ever.
fn watched(test: impl FnOnce()) {
    let (done, watch) = mpsc::channel::<()>();
    let watchdog = thread::spawn(move || {
        if watch.recv_timeout(WATCHDOG) == Err(mpsc::RecvTimeoutError::Timeout) {
            eprintln!("a program has not ended within {WATCHDOG:?}");
            std::process::abort();
        }
    });
    test();
    drop(done);
    watchdog.join().expect("the watchdog does not panic");
}
