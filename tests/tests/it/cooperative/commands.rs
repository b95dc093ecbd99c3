//! Programs of the operating system beside routines.
#![cfg(unix)]

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use background::Background;
use background::cooperative::{Command, Worker, sleep, timeout, wrap};
use background_tests::{until, within};

fn shell(script: &str) -> Command {
    Command::new("/bin/sh").args(["-c", script])
}

/// More than any pipe holds, on both streams.
#[test]
fn ten_megabytes_do_not_stall_it() {
    within(|| {
        let script = "head -c 10000000 /dev/zero; head -c 10000000 /dev/zero >&2; exit 3";
        let output = wrap(shell(script).output()).unwrap();
        assert_eq!((output.stdout.len(), output.stderr.len()), (10_000_000, 10_000_000));
        assert_eq!(output.status.code(), Some(3));
    });
}

#[test]
fn ten_megabytes_go_in_and_come_out() {
    within(|| {
        let input: Vec<u8> = (0..10_000_000_u32).map(|x| x.to_le_bytes()[1]).collect();
        let output = wrap(Command::new("cat").input(input.clone()).output()).unwrap();
        assert!(output.stdout == input);
        // One that reads nothing of it.
        let output = wrap(Command::new("true").input(input).output()).unwrap();
        assert!(output.status.success());
    });
}

#[test]
fn others_run_meanwhile() {
    within(|| {
        let (worker, turns) = (Worker::new(), Rc::new(Cell::new(0)));
        let command = worker.assign(shell("read line; echo $line").input("done\n").output());
        let slow = worker.assign(Command::new("sleep").arg("0.2").output());
        let own = Rc::clone(&turns);
        let counter = worker.assign(async move {
            loop {
                own.set(own.get() + 1);
                sleep(Duration::from_millis(1)).await;
            }
            #[allow(unreachable_code)]
            ()
        });
        assert!(Background::join(slow).unwrap().status.success());
        assert!(turns.get() > 1, "{} turns", turns.get());
        assert_eq!(Background::join(command).unwrap().stdout, b"done\n");
        Background::cancel(&counter);
    });
}

fn is_there(id: &str) -> bool {
    // A zombie is no more than an entry.
    std::fs::read_to_string(format!("/proc/{id}/stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or("").trim_start().starts_with('Z'))
}

#[cfg(target_os = "linux")]
#[test]
fn a_cancelled_command_is_killed() {
    within(|| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("id");
        let script = format!("echo $$ > {0}.new; mv {0}.new {0}; exec sleep 1000", file.display());
        let begin = Instant::now();
        let worker = Worker::new();
        let endless = worker.assign(shell(&script).output());
        until("it has started", || {
            worker.tick();
            file.exists()
        });
        let id = std::fs::read_to_string(&file).unwrap().trim().to_owned();
        assert!(is_there(&id));
        Background::cancel(&endless);
        worker.work();
        until("it is gone and reaped", || !std::path::Path::new(&format!("/proc/{id}")).exists());
        assert!(begin.elapsed() < Duration::from_secs(900));
    });
}

#[test]
fn a_command_in_a_timeout_is_killed() {
    within(|| {
        let soon = Duration::from_millis(20);
        assert!(wrap(timeout(soon, Command::new("sleep").arg("1000").output())).is_err());
    });
}

#[test]
fn what_cannot_start_says_so() {
    let error = wrap(Command::new("/no/such/program").output()).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn a_command_has_environment_and_directory() {
    within(|| {
        let command = shell("echo $CAT; pwd").env("CAT", "meow").current_dir("/");
        assert_eq!(wrap(command.output()).unwrap().stdout, b"meow\n/\n");
        let mut std = std::process::Command::new("/bin/echo");
        std.arg("taken over");
        assert_eq!(wrap(Command::from(std).output()).unwrap().stdout, b"taken over\n");
    });
}

#[test]
fn a_hundred_at_once() {
    within(|| {
        let worker = Worker::new();
        let all: Vec<_> = (0..100)
            .map(|nth| worker.assign(Command::new("echo").arg(nth.to_string()).output()))
            .collect();
        worker.work();
        for (nth, echo) in all.into_iter().enumerate() {
            let output = Background::join(echo).unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{nth}\n"));
        }
    });
}
