//! The original's own demonstration.

use std::time::Duration;

use background_tests::{Finished, Run};

use super::PLACES;

/// What the original prints, but for the elapsed times.
const LINES: [&str; 14] = [
    "3 2 1",
    "3 2 1",
    "3 2 1",
    "3 2 1",
    "True",
    "Timeout foobar2",
    "z = Timeout",
    "w = True",
    "y = 0",
    "x = None",
    "z = Timeout",
    "w = True",
    "y = 0",
    "x = None",
];

/// The lines, and the elapsed times in seconds.
fn split(finished: &Finished) -> (Vec<&str>, Vec<f64>) {
    let is_time = |line: &&str| line.contains('.');
    let (times, lines): (Vec<&str>, Vec<&str>) = finished.stdout.lines().partition(is_time);
    let times = times.iter().map(|time| time.parse().expect("a number"));
    (lines, times.collect())
}

/// As in 2008: bodies of 5, 4 and 2 seconds.
#[test]
fn at_full_length() {
    let finished = Run::example("pybackground").finish().succeeded();
    let (lines, times) = split(&finished);
    assert_eq!(lines, LINES, "{finished:#?}");
    assert_eq!(times.len(), 3, "{finished:#?}");
    for time in times {
        assert!((5.0..7.5).contains(&time), "{finished:#?}");
    }
    // Four times three bodies together, one pair, and twice two pairs.
    assert!(finished.took < Duration::from_secs(60), "{finished:#?}");
}

#[test]
fn fast_and_on_every_strategy() {
    for strategy in PLACES {
        let finished = Run::example("pybackground")
            .args(["--fast", "--strategy", strategy])
            .finish()
            .succeeded();
        assert_eq!(split(&finished).0, LINES, "{strategy}: {finished:#?}");
        assert_eq!(finished.stderr, "", "{strategy}: {finished:#?}");
    }
}

/// The variable says what `--strategy` says, and the argument has the last word.
#[test]
fn by_its_environment() {
    let elapsed = |arguments: &[&str]| {
        let finished = Run::example("pybackground")
            .env("BACKGROUND_STRATEGY", "inline")
            .args(arguments)
            .finish()
            .succeeded();
        let (lines, times) = split(&finished);
        assert_eq!(lines, LINES, "{finished:#?}");
        times[0]
    };
    // Three bodies of 100 ms, one after the other or together.
    assert!(elapsed(&["--fast"]) >= 0.3);
    assert!(elapsed(&["--fast", "--strategy", "thread"]) < 0.3);
}

#[test]
fn unknown_strategies_are_refused() {
    let finished = Run::example("pybackground").args(["--strategy", "threat"]).finish();
    assert_eq!(finished.code(), Some(2), "{finished:#?}");
    assert!(finished.stderr.contains("thread, dedicated, inline, lazy"), "{finished:#?}");
}
