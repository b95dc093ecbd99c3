//! What only a program of its own can show.

use std::thread;
use std::time::{Duration, Instant};

use background_tests::processes::{Watched, signal};
use background_tests::{Finished, Note, Run, until, within};
use rustix::process::Signal;

fn workers(scene: &str) -> Run {
    Run::new(env!("CARGO_BIN_EXE_workers")).arg(scene)
}

/// Runs a scene that has to come to its end.
#[track_caller]
fn ends(run: Run) -> Finished {
    let finished = run.finish().succeeded();
    assert_eq!(finished.lines().last(), Some(&"end"), "{finished:?}");
    finished
}

/// All kinds of workers that a program has when it ends.
const COMPANY: [&str; 6] = ["idle", "waiting", "waiting-child", "computing", "nested", "main"];

/// Runs a scene, lets `harm` do what it wants to the program as soon as it has company, and sees to it
/// that program and company are gone.
fn disperses(run: Run, note: &Note, names: &[&str], harm: impl FnOnce(u32)) -> Finished {
    let program = thread::spawn(move || run.finish());
    let company: Vec<Watched> =
        names.iter().map(|name| Watched::new(note.wait_for_number(name))).collect();
    let main = note.read("main").map_or(0, |pid| pid.parse().expect("a number"));
    let begin = Instant::now();
    harm(main);
    for (name, member) in names.iter().zip(&company) {
        member.wait();
        let took = begin.elapsed();
        // Milliseconds; the rest is for machines that have other things to do.
        assert!(took < Duration::from_secs(20), "{name}: only after {took:?}");
    }
    program.join().expect("it has ended")
}

#[test]
fn main_runs_once_however_many_workers_there_are() {
    let finished = ends(workers("calls-at-once"));
    assert_eq!(finished.lines(), ["main", "end"], "{finished:?}");
}

#[test]
fn nobody_outlives_a_program_that_is_killed() {
    within(|| {
        for fatal in [Signal::KILL, Signal::TERM, Signal::QUIT, Signal::HUP] {
            let note = Note::new();
            let run = workers("dies").arg(format!("wait={}", note.folder()));
            let finished = disperses(run, &note, &COMPANY, |main| signal(main, fatal));
            assert_eq!(finished.signal(), Some(fatal.as_raw()), "{finished:?}");
        }
    });
}

#[test]
fn nobody_outlives_a_program_that_crashes() {
    within(|| {
        for (how, signal, code) in
            [("abort", Some(6), None), ("overflow", Some(6), None), ("panic", None, Some(101))]
        {
            let note = Note::new();
            let run = workers("dies").arg(format!("{how}={}", note.folder()));
            let finished = run.finish();
            assert_eq!((finished.signal(), finished.code()), (signal, code), "{finished:?}");
            are_gone(&note);
        }
    });
}

#[test]
fn nobody_outlives_a_program_that_ends() {
    within(|| {
        let note = Note::new();
        ends(workers("returns").arg(note.folder()));
        are_gone(&note);
        let note = Note::new();
        let finished = workers("exits").arg(note.folder()).finish();
        assert_eq!(finished.code(), Some(7), "{finished:?}");
        are_gone(&note);
    });
}

#[track_caller]
fn are_gone(note: &Note) {
    for name in COMPANY.iter().filter(|name| **name != "main") {
        let pid = note.wait_for_number(name);
        until(&format!("the {name} one is gone"), || background_tests::processes::is_gone(pid));
    }
}

/// A key that interrupts the program's group does not reach its workers.
#[test]
fn workers_do_not_hear_what_interrupts_the_program() {
    within(|| {
        let note = Note::new();
        let run = workers("interrupted").arg(note.folder());
        let program = thread::spawn(move || run.finish());
        let main = note.wait_for_number("main");
        let group = rustix::process::Pid::from_raw(i32::try_from(main).expect("a number"));
        rustix::process::kill_process_group(group.expect("not 0"), Signal::INT).expect("it lives");
        Note::leave(&note.at("go"), "");
        let finished = program.join().expect("it has ended").succeeded();
        assert_eq!(finished.lines(), ["end"], "{finished:?}");
    });
}

#[test]
fn what_was_printed_in_part_is_written_at_the_end() {
    let finished = workers("prints").finish().succeeded();
    assert_eq!(finished.stdout.matches("[printed in part]").count(), 1, "{finished:?}");
}

#[test]
fn failures_leave_nothing_behind() {
    ends(workers("faults"));
}

#[test]
fn a_program_that_ignores_its_children() {
    ends(workers("children-ignored"));
}

#[test]
fn a_program_that_has_no_more_descriptors() {
    ends(workers("no-descriptors"));
}

#[test]
fn cancels_that_race_with_the_end() {
    let count = if cfg!(debug_assertions) { "20000" } else { "100000" };
    ends(workers("cancels").arg(count).patience(Duration::from_secs(600)));
}

#[test]
fn the_hammer() {
    let faults = if cfg!(debug_assertions) { "1000" } else { "10000" };
    let hammer = Run::new(env!("CARGO_BIN_EXE_hammer")).arg(faults);
    let finished = hammer.patience(Duration::from_secs(600)).finish().succeeded();
    assert!(finished.stdout.contains("0 wrong, 0 lost, 0 left behind"), "{finished:?}");
}
