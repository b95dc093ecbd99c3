//! What only a process of its own can show.

use background_tests::{Finished, PATIENCE, Run};

const SIGABRT: i32 = 6;

fn scene(name: &str) -> Run {
    Run::new(env!("CARGO_BIN_EXE_scene")).arg(name)
}

/// Runs a scene that has to come to its end.
#[track_caller]
fn ends(run: Run) -> Finished {
    let finished = run.finish().succeeded();
    assert_eq!(finished.lines().last(), Some(&"end"), "{finished:?}");
    finished
}

fn reports(finished: &Finished) -> Vec<&str> {
    finished.stderr.lines().filter(|line| line.starts_with("background: ")).collect()
}

#[test]
fn an_unread_failure_is_reported_once() {
    for how in ["dropped", "dropped-before", "detached"] {
        let finished = ends(scene("unread").arg(how));
        let reports = reports(&finished);
        let [report] = reports[..] else { panic!("{how}: {finished:?}") };
        let line = finished.lines()[0];
        for part in ["fails", "reports.rs", &format!(":{line}:"), "on purpose"] {
            assert!(report.contains(part), "{how}: `{part}` in {finished:?}");
        }
    }
}

#[test]
fn a_failure_that_was_read_is_not_reported() {
    for how in ["looked-at", "touched", "called-back", "cancelled"] {
        let finished = ends(scene("unread").arg(how));
        assert!(reports(&finished).is_empty(), "{how}: {finished:?}");
    }
    // Of two failures, the one that was read is not.
    assert_eq!(reports(&ends(scene("unread").arg("caught"))).len(), 1);
}

#[test]
fn draining_names_the_stragglers() {
    ends(scene("drain"));
    ends(scene("drain-promises"));
}

#[test]
fn a_payload_that_panics_when_dropped_harms_nobody() {
    let paths = [
        "touched",
        "dropped",
        "dropped-later",
        "detached",
        "outcome",
        "caught",
        "late",
        "cancelled",
        "inline",
        "lazy",
        "dedicated",
    ];
    for path in paths {
        let finished = ends(scene("payload").arg(path));
        let reported = finished.stderr.contains("while it was dropped");
        assert_eq!(reported, path != "touched", "{path}: {finished:?}");
    }
}

#[test]
fn a_value_that_panics_when_dropped_harms_nobody() {
    for path in ["dropped", "detached", "late", "cancelled", "captured"] {
        ends(scene("value").arg(path));
    }
}

#[test]
fn more_dedicated_tasks_than_may_have_threads() {
    ends(scene("crowd"));
}

#[test]
fn a_future_can_be_looked_at_while_a_panic_unwinds() {
    for what in ["ready", "pending", "called", "joined", "dropped", "failed-asked", "timed-out"] {
        ends(scene("unwinding").arg(what));
    }
}

/// A second panic during unwinding aborts; the message says which task it was.
#[test]
#[cfg(unix)]
fn touching_a_failed_future_while_a_panic_unwinds_is_a_named_abort() {
    let finished = scene("unwinding").arg("failed-touched").finish();
    assert_eq!(finished.signal(), Some(SIGABRT), "{finished:?}");
    assert!(finished.stderr.contains("`breaks`"), "{finished:?}");
}

#[test]
fn an_exit_in_a_body_keeps_its_code() {
    for strategy in ["thread", "dedicated", "inline", "lazy"] {
        let finished = scene("exit").arg(strategy).finish();
        assert_eq!(finished.code(), Some(7), "{strategy}: {finished:?}");
        assert_eq!(finished.stdout, "", "{strategy}");
    }
}

#[test]
fn a_program_ends_with_main() {
    ends(scene("main-returns"));
}

#[test]
fn futures_can_be_touched_while_their_thread_is_torn_down() {
    let finished = ends(scene("thread-ends"));
    assert_eq!(finished.lines(), ["touched", "touched", "end"], "{finished:?}");
}

/// The name of the variable and what it does to a function that names no strategy: ready at once,
/// on the caller's thread, on a thread whose name begins so.
#[test]
fn the_environment_overrides_the_default_strategy() {
    let expected = [
        (None, "wait", "false false background-"),
        (Some(""), "wait", "false false background-"),
        (Some("thread"), "wait", "false false background-"),
        (Some("dedicated"), "wait", "false false anywhere"),
        (Some("inline"), "", "true true main"),
        (Some("lazy"), "", "false true main"),
    ];
    for (value, eager, begin) in expected {
        let run = scene("place").arg(eager);
        let run = match value {
            Some(value) => run.env("BACKGROUND_STRATEGY", value),
            None => run,
        };
        let finished = ends(run);
        // A body may be quicker than its caller's look.
        let said = finished.lines()[0].replace("true false", "false false");
        assert!(said.starts_with(begin), "{value:?}: {finished:?}");
    }
}

#[test]
fn the_environment_leaves_a_named_strategy_alone() {
    for value in ["thread", "dedicated", "inline", "lazy"] {
        ends(scene("named-place").env("BACKGROUND_STRATEGY", value));
    }
}

#[test]
fn a_strategy_that_does_not_exist_is_an_error() {
    for value in ["threads", "THREAD", " inline"] {
        let finished = scene("place").env("BACKGROUND_STRATEGY", value).finish();
        assert_eq!(finished.code(), Some(101), "{finished:?}");
        for part in ["BACKGROUND_STRATEGY", value, "thread, dedicated, inline or lazy"] {
            assert!(finished.stderr.contains(part), "`{part}` in {finished:?}");
        }
    }
}

/// Far deeper than any stack is high, and for those that cannot be claimed as deep as threads go.
#[test]
fn nested_calls_of_any_depth_end() {
    for how in ["plain=100000", "deadline=20000", "timeout=100"] {
        ends(scene("nested").arg(how));
    }
}

/// Nobody has to be there just to wait: who touches an argument runs it.
#[test]
fn futures_as_arguments_take_few_threads() {
    for which in ["ready", "late"] {
        ends(scene("chain").arg(which));
    }
    ends(scene("tree"));
}

#[test]
fn the_program_that_drops_futures_untouched() {
    for how in ["drop", "detach", "cancel"] {
        let run = Run::new(env!("CARGO_BIN_EXE_drop_untouched"));
        let _ = run.arg(how).arg("20000").finish().succeeded();
    }
}

#[test]
fn the_random_graphs() {
    let _ = Run::new(env!("CARGO_BIN_EXE_graphs")).arg("4000").finish().succeeded();
}

#[test]
fn the_stress_program() {
    let _ = Run::new(env!("CARGO_BIN_EXE_stress")).arg("2").finish().succeeded();
}

/// No thread can be had, from the first or a later one on: every task has its outcome all the same.
#[test]
#[cfg(target_os = "linux")]
fn threads_that_cannot_be_had() {
    let works = |run: Run| run.finish().status.success();
    let strace = std::process::Command::new("strace").arg("--version").output();
    if strace.is_err() || !works(Run::new("strace").args(["-o", "/dev/null", "true"])) {
        eprintln!("skipped: strace is not installed, or may not trace");
        return;
    }
    for when in ["1+", "2+", "3+", "4+", "1", "2", "3", "4", "1+2", "2+2"] {
        let run = Run::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null"])
            .arg(format!("--inject=clone3:error=EAGAIN:when={when}"))
            .args([env!("CARGO_BIN_EXE_scene"), "all-places"]);
        let finished = run.patience(PATIENCE).finish();
        assert!(finished.status.success(), "{when}: {finished:?}");
        assert_eq!(finished.lines(), ["end"], "{when}: {finished:?}");
    }
}
