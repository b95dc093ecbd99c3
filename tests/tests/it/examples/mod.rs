//! The examples, run as a reader runs them. They check themselves; here is what only shows from
//! outside.

mod axum_handler;
#[cfg(unix)]
mod checksum;
#[cfg(target_os = "linux")]
mod crash;
#[cfg(target_os = "linux")]
mod logs;
#[cfg(target_os = "linux")]
mod mandelbrot;
mod pybackground;
#[cfg(unix)]
mod terminal;

use std::time::Duration;

use background_tests::{Finished, Run};

/// The names that `BACKGROUND_STRATEGY` knows.
const STRATEGIES: [&str; 4] = ["thread", "dedicated", "inline", "lazy"];

/// What `--strategy` knows, where an example has it.
#[cfg(target_os = "linux")]
const PLACES: [&str; 5] = ["thread", "dedicated", "inline", "lazy", "process"];
#[cfg(not(target_os = "linux"))]
const PLACES: [&str; 4] = STRATEGIES;

fn run(example: &str) -> Finished {
    let finished = Run::example(example).finish().succeeded();
    assert_eq!(finished.stderr, "", "{finished:#?}");
    finished
}

/// What an example prints, without the line that says how long it took.
fn said(finished: &Finished) -> Vec<&str> {
    let is_time = |line: &str| {
        line.strip_suffix('s')
            .map(|number| number.trim_end_matches('m'))
            .is_some_and(|number| number.parse::<f64>().is_ok())
    };
    finished.stdout.lines().filter(|line| !is_time(line)).collect()
}

#[test]
fn hello() {
    let finished = run("hello");
    assert_eq!(said(&finished), ["3 2 1"]);
    // One after the other, the three bodies take three seconds.
    assert!(finished.took < Duration::from_secs(3), "{finished:#?}");
}

#[test]
fn methods() {
    let finished = run("methods");
    assert_eq!(finished.lines()[1..], [r#""a ros" has 5 letters"#, "go go go"]);
}

#[test]
fn deadline() {
    let finished = run("deadline");
    let expected = ["search: Timeout", "journey: Timeout", "at first: None, in the end: 42"];
    assert_eq!(finished.lines(), expected);
}

#[test]
fn cancel() {
    let finished = run("cancel");
    let said = finished.lines();
    assert!(said.contains(&"running: Stopping, failed"), "{finished:#?}");
    assert!(said.contains(&"waiting: NeverStarted"), "{finished:#?}");
    assert_eq!(said.last(), Some(&r#"  it says: Ok("detached")"#));
}

#[test]
fn deadlock() {
    let finished = Run::example("deadlock").finish().succeeded();
    let lines = finished.lines();
    assert_eq!(lines[0], "a deadlock of 3:");
    for (line, name) in [(37, "supply"), (43, "price"), (50, "demand")] {
        let touch = format!("waits at background/examples/deadlock.rs:{line}:");
        let member = lines.iter().find(|it| it.starts_with(&format!("  `{name}` (called at ")));
        assert!(member.is_some_and(|it| it.contains(&touch)), "{name} {touch} in {finished:#?}");
    }
    // The touch that closed the circle has panicked, and nobody else.
    assert_eq!(finished.stderr.matches("in a deadlock of 3:").count(), 1, "{finished:#?}");
}

#[test]
fn downloads() {
    let finished = run("downloads");
    let expected: Vec<String> = (1..=20)
        .map(|page| match page {
            7 => "/7: Timeout".to_owned(),
            page => format!("/{page}: This is /{page}."),
        })
        .collect();
    assert_eq!(said(&finished), expected);
    // The pages alone take 3.8 seconds, one after the other.
    assert!(finished.took < Duration::from_millis(3800), "{finished:#?}");
}

#[test]
fn rayon_strategy() {
    let expected = ["fib(20) = 6765", "sum of squares = 333833500, on 2 threads"];
    assert_eq!(run("rayon_strategy").lines(), expected);
}

#[test]
fn tokio_strategy() {
    assert_eq!(said(&run("tokio_strategy")), ["3 2 1"]);
}

/// Whoever debugs a program with another strategy sees the same program. (Not so `deadline`, which
/// shows a reader that is faster than the body.)
#[test]
fn the_strategy_of_the_program_changes_no_example() {
    for example in ["hello", "methods", "cancel", "downloads"] {
        let expected = run(example);
        for strategy in STRATEGIES {
            let finished =
                Run::example(example).env("BACKGROUND_STRATEGY", strategy).finish().succeeded();
            assert_eq!(said(&finished), said(&expected), "{strategy}: {finished:#?}");
        }
    }
}
