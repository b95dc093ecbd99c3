//! The program's own pool, in processes of their own.

use std::time::Duration;

use background_tests::{Finished, PATIENCE, Run};

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

#[test]
fn the_program_describes_its_pool_before_the_first_task() {
    ends(scene("pool-install").arg("before"));
    ends(scene("pool-install").arg("after"));
    // What the program says comes before what the environment says, and that before the default.
    ends(scene("pool-install").arg("before").env("BACKGROUND_WORKERS", "1"));
    ends(scene("pool-install").arg("before").env("BACKGROUND_KEEP_ALIVE", "1ms"));
    let run = scene("pool-install").arg("before").env("BACKGROUND_MAX_THREADS", "2");
    let finished = run.finish();
    assert_eq!(finished.code(), Some(101), "{finished:?}");
    let message = "a pool of 3 workers needs as many threads, but max_threads is 2";
    assert!(finished.stderr.contains(message), "{finished:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn every_variable_of_the_environment_does_what_it_says() {
    let settings: &[(&str, &str, &str)] = &[
        ("BACKGROUND_WORKERS", "3", "three workers"),
        ("BACKGROUND_WORKERS", " 1 ", "one worker"),
        ("BACKGROUND_MAX_THREADS", "2", "two threads"),
        ("BACKGROUND_MAX_THREADS", "1", "one worker"),
        ("BACKGROUND_KEEP_ALIVE", "1ms", "leaves"),
        ("BACKGROUND_KEEP_ALIVE", "0.5 s", "leaves"),
        ("BACKGROUND_THREAD_NAME", "kitchen", "name"),
        ("BACKGROUND_STACK_SIZE", "67108864", "stack"),
        ("BACKGROUND_STACK_SIZE", "64 MiB", "stack"),
    ];
    for (name, value, what) in settings {
        let finished = ends(scene("pool-setting").arg(what).env(name, value));
        if *what == "name" {
            assert_eq!(finished.lines()[0], "kitchen-1", "{finished:?}");
        }
    }
    // An empty one says nothing.
    for name in settings.iter().map(|(name, ..)| name) {
        let finished = ends(scene("pool-setting").arg("name").env(name, ""));
        assert_eq!(finished.lines()[0], "background-1", "{finished:?}");
    }
}

#[test]
fn a_variable_that_is_not_understood_is_an_error() {
    let wrong: &[(&str, &[&str], &str)] = &[
        ("BACKGROUND_WORKERS", &["0", "4097", "-1", "two", "1.5"], "a number from 1 to 4096"),
        ("BACKGROUND_MAX_THREADS", &["0", "many"], "a number from 1"),
        (
            "BACKGROUND_KEEP_ALIVE",
            &["5", "-1s", "soon", "1 day"],
            "a number and a unit, such as 250ms, 1.5s, 5min or 2h",
        ),
        (
            "BACKGROUND_STACK_SIZE",
            &["large", "-1", "1 MB", "1.5 MiB"],
            "a number of bytes, or one with a unit, such as 512 KiB or 8 MiB",
        ),
        ("BACKGROUND_THREAD_NAME", &[], ""),
    ];
    for (name, values, expected) in wrong {
        for value in *values {
            let finished = scene("pool-setting").arg("name").env(name, value).finish();
            assert_eq!(finished.code(), Some(101), "{finished:?}");
            let message = format!("{name}={value} is not understood; expected {expected}");
            assert!(finished.stderr.contains(&message), "`{message}` in {finished:?}");
        }
    }
}

/// As many cores as the process may use, not as many as there are.
#[test]
#[cfg(target_os = "linux")]
fn a_process_bound_to_one_core_has_one_worker() {
    let taskset = std::process::Command::new("taskset").arg("--version").output();
    if taskset.is_err() {
        eprintln!("skipped: taskset is not installed");
        return;
    }
    let first = allowed_core();
    let run = Run::new("taskset").args(["--cpu-list", &first]);
    ends(run.args([env!("CARGO_BIN_EXE_scene"), "pool-setting", "one worker"]));
}

/// The first core that this process may use.
#[cfg(target_os = "linux")]
fn allowed_core() -> String {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let list = list.expect("the kernel lists the cores").trim();
    list.split(|letter: char| !letter.is_ascii_digit()).next().unwrap_or("0").to_owned()
}

#[test]
#[cfg(target_os = "linux")]
fn an_idle_program_does_nothing() {
    ends(scene("pool-idle"));
}

#[test]
fn ten_thousand_sleepers_sleep_together() {
    ends(scene("pool-sleepers"));
}

#[test]
fn computing_bodies_get_no_more_threads_than_cores() {
    ends(scene("pool-computing"));
}

#[test]
fn sleeping_bodies_do_not_keep_computing_ones_waiting() {
    ends(scene("pool-mixed"));
}

/// A million deep once; elsewhere less, so that a debug build takes seconds.
#[test]
fn nested_calls_of_any_depth_end_on_pools_of_any_size() {
    for how in ["1=1000000", "2=100000", "64=100000"] {
        ends(scene("pool-depth").arg(how).patience(Duration::from_secs(300)));
    }
}

#[test]
fn a_hundred_thousand_panics_cost_no_thread() {
    ends(scene("many-panics").arg("100000"));
}

/// Threads are refused from the first or a later one on, or once: what a toucher or a submitter
/// can do itself is done.
#[test]
#[cfg(target_os = "linux")]
fn refused_threads_stop_nobody() {
    let works = |run: Run| run.finish().status.success();
    let strace = std::process::Command::new("strace").arg("--version").output();
    if strace.is_err() || !works(Run::new("strace").args(["-o", "/dev/null", "true"])) {
        eprintln!("skipped: strace is not installed, or may not trace");
        return;
    }
    let always = ["1+", "2+", "3+", "4+", "1", "2", "3", "4", "5", "6", "1+2", "2+2"];
    let once = ["1", "2", "3", "4"];
    let cases = always.map(|when| ("pool-refused", when));
    for (name, when) in cases.into_iter().chain(once.map(|when| ("pool-refused-once", when))) {
        let run = Run::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null"])
            .arg(format!("--inject=clone3:error=EAGAIN:when={when}"))
            .args([env!("CARGO_BIN_EXE_scene"), name]);
        let finished = run.patience(PATIENCE).finish();
        assert!(finished.status.success(), "{name} {when}: {finished:?}");
        assert_eq!(finished.lines(), ["end"], "{name} {when}: {finished:?}");
    }
}
