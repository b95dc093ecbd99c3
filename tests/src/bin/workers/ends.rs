//! The ends of programs that have workers.

use std::process::Command;
use std::thread;

use background::{Background, ProcessPool, processes, task};
use background_tests::faults::{Fault, ignore, listen};
use background_tests::{Note, until};

/// `main` is the first to call, and its workers call as well: they never come to `main`.
pub(crate) fn calls_at_once() {
    fn outer(n: u32) -> u32 {
        *task().process().spawn_with(|n: u32| n + 1, n) * 2
    }
    println!("main");
    let calls: Vec<_> = (0..20).map(|n| task().process().spawn_with(outer, n)).collect();
    for (n, call) in (0..).zip(calls) {
        assert_eq!(Background::join(call), (n + 1) * 2);
    }
}

/// Says who it is and who its child is, and stays.
fn stay(at: String) {
    for signal in 1..32 {
        ignore(signal);
    }
    let child = Command::new("sleep").arg("1000").spawn().expect("a child");
    Note::leave(&format!("{at}-child"), child.id());
    Note::leave(&at, std::process::id());
    loop {
        thread::park();
    }
}

/// As [`stay`], and computes.
fn compute(at: String) {
    Note::leave(&at, std::process::id());
    loop {
        std::hint::spin_loop();
    }
}

/// Starts workers of every kind: idle, waiting, computing, and one that a worker has started. Each
/// leaves its number.
fn company(folder: &str) -> ProcessPool {
    let pool = processes().workers(4).build();
    let at = |name: &str| format!("{folder}/{name}");
    Background::detach(task().on(pool.clone()).spawn_with(stay, at("waiting")));
    Background::detach(task().on(pool.clone()).spawn_with(compute, at("computing")));
    let nested = |at: String| {
        let inner = task().process().spawn_with(compute, at);
        Background::join(inner);
    };
    Background::detach(task().on(pool.clone()).spawn_with(nested, at("nested")));
    for name in ["waiting", "computing", "nested"] {
        until(name, || std::fs::exists(at(name)).is_ok_and(|it| it));
    }
    let idle = task().on(pool.clone()).spawn_with(|()| std::process::id(), ());
    Note::leave(&at("idle"), *idle);
    pool
}

/// Has company, and is killed, or kills itself as it is told.
pub(crate) fn dies(how: &str) {
    let (how, folder) = how.split_once('=').expect("HOW=FOLDER");
    let _pool = company(folder);
    Note::leave(&format!("{folder}/main"), std::process::id());
    match how {
        "wait" => loop {
            thread::park();
        },
        "abort" => Fault::Abort.strike(),
        "overflow" => Fault::Overflow.strike(),
        "panic" => panic!("on purpose"),
        _ => panic!("how: {how}"),
    }
}

/// Has company when `main` returns.
pub(crate) fn returns(folder: &str) {
    let _pool = company(folder);
}

/// Has company when it exits in the middle.
pub(crate) fn exits(folder: &str) {
    let _pool = company(folder);
    std::process::exit(7);
}

/// Its group is interrupted, as by a key: it listens, its workers do not hear it.
pub(crate) fn interrupted(folder: &str) {
    listen(2);
    let pool = processes().workers(1).build();
    let pid = *task().on(pool.clone()).spawn_with(|()| std::process::id(), ());
    let call = task().on(pool.clone()).spawn_with(
        |folder: String| {
            Note::leave(&format!("{folder}/inside"), "");
            until("it is told", || std::fs::exists(format!("{folder}/go")).is_ok_and(|it| it));
            std::process::id()
        },
        folder.to_owned(),
    );
    let inside = format!("{folder}/inside");
    until("the body runs", || std::fs::exists(&inside).is_ok_and(|it| it));
    Note::leave(&format!("{folder}/main"), std::process::id());
    assert_eq!(call, pid);
    assert!(background_tests::faults::heard(2), "nobody has interrupted");
    let again = task().on(pool).spawn_with(|()| std::process::id(), ());
    assert_eq!(again, pid);
}

/// What a worker has printed in part is written when it leaves.
pub(crate) fn prints() {
    let pool = processes().workers(1).build();
    let print = |text: String| {
        print!("{text}");
        std::process::id()
    };
    let pid = *task().on(pool.clone()).spawn_with(print, "[printed in part]".to_owned());
    drop(pool);
    until("it has left", || background_tests::processes::is_gone(pid));
}
