//! Nobody becomes a worker because of what the environment says; and where there can be no workers, the
//! call says so.

use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use background_tests::{Run, within};

use super::world::{build, path, program};

/// What the program prints when its `main` was reached and its own workers work.
const REACHED: &str = "main, 0 variables, value 2\n";

fn program_path() -> String {
    build(&["--package", "program", "--bins"]);
    path("debug", "program").display().to_string()
}

/// Runs a line of the shell with a socket of this process on its standard input.
fn with_socket(line: &str, variable: Option<String>) -> String {
    let (ours, theirs) = UnixStream::pair().expect("two sockets");
    with_input(line, variable, (ours.into(), theirs.into()))
}

fn with_input(line: &str, variable: Option<String>, (ours, theirs): (OwnedFd, OwnedFd)) -> String {
    let program = program_path();
    let line = line.to_owned();
    within(move || {
        let mut shell = Command::new("sh");
        shell.args(["-c", &line, &program]).stdin(Stdio::from(theirs));
        if let Some(value) = variable {
            shell.env("__BACKGROUND_WORKER", value);
        }
        let output = shell.output().expect("a shell");
        drop(ours);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    })
}

#[test]
fn a_variable_alone_makes_no_worker() {
    let program = program_path();
    let own = std::process::id();
    for value in ["", "1", "0:0", ":", "-1:1", "garbage", "1:1", "99999999999999:1", "\u{e9}:1"] {
        let run = Run::new(&program).arg("main").env("__BACKGROUND_WORKER", value);
        assert_eq!(run.finish().succeeded().stdout, REACHED, "{value:?}");
    }
    // The parent's own number, and everything but a socket of the parent's.
    let run = Run::new(&program).arg("main").env("__BACKGROUND_WORKER", format!("{own}:1"));
    assert_eq!(run.finish().succeeded().stdout, REACHED);
    for input in ["< /dev/zero", "< /dev/null", "<&-", "< \"$0\""] {
        let line = format!(r#"__BACKGROUND_WORKER=$$:1 "$0" main {input}; :"#);
        let finished = Run::new("sh").args(["-c", &line, &program]).finish().succeeded();
        assert_eq!(finished.stdout, REACHED, "{input}");
    }
    // Its own number: `exec` keeps it.
    let line = r#"__BACKGROUND_WORKER=$$:1 exec "$0" main"#;
    let finished = Run::new("sh").args(["-c", line, &program]).finish().succeeded();
    assert_eq!(finished.stdout, REACHED);
}

#[test]
fn a_socket_of_another_process_makes_no_worker() {
    // The variable names the parent, which is the shell; the socket is this process's.
    assert_eq!(with_socket(r#"__BACKGROUND_WORKER=$$:1 "$0" main; :"#, None), REACHED);
    assert_eq!(with_socket(r#"__BACKGROUND_WORKER=$$:x "$0" main; :"#, None), REACHED);
    assert_eq!(with_socket(r#""$0" main; :"#, None), REACHED);
}

/// Nobody can say who made a socket of the network.
#[test]
fn a_socket_of_the_network_makes_no_worker() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let ours = TcpStream::connect(listener.local_addr().expect("its address")).expect("a way");
    let (theirs, _) = listener.accept().expect("and its other end");
    let line = r#"__BACKGROUND_WORKER=$$:1 "$0" main; :"#;
    assert_eq!(with_input(line, None, (ours.into(), theirs.into())), REACHED);
}

/// The socket and the variable are genuine, but who made them is not the parent: that has died, and
/// the program must not run once more in its place.
#[test]
fn an_orphan_does_not_reach_main() {
    let own = format!("{}:1", std::process::id());
    assert_eq!(with_socket(r#""$0" main; :"#, Some(own.clone())), "");
    // Without a depth it is nobody's word.
    let own = own.replace(":1", "");
    assert_eq!(with_socket(r#""$0" main; :"#, Some(own)), REACHED);
}

/// What makes workers is in the programs that have calls for them, and in no other: this one reaches
/// its `main` although everything is as it is for a worker.
#[test]
fn a_program_without_such_calls_has_no_constructor() {
    build(&["--package", "threads", "--bins"]);
    let own = Some(format!("{}:1", std::process::id()));
    let line = format!("exec {}", path("debug", "threads").display());
    assert_eq!(with_socket(&line, own), "checked\n");
}

#[test]
#[cfg(all(target_arch = "x86_64", target_env = "gnu"))]
fn a_program_that_is_its_loaders_argument_has_no_workers() {
    let run = Run::new("/lib64/ld-linux-x86-64.so.2").arg(program_path());
    // The loader would take the first argument for the program.
    let finished = run.args(["one", "/bin/true"]).finish().succeeded();
    let expected = "rejected: no worker process can be started: the program was started as an \
                    argument of its loader\n";
    assert_eq!(finished.stdout, expected, "{finished:#?}");
}

#[test]
fn a_program_that_cannot_see_the_systems_files_has_no_workers() {
    let program = program_path();
    let unshare = |line: &str| Run::new("unshare").args(["-rm", "sh", "-c", line, &program]);
    if unshare("true").finish().code() != Some(0) {
        eprintln!("this system lets nobody hide /proc");
        return;
    }
    let line = r#"mount -t tmpfs none /proc && exec "$0" one"#;
    let finished = unshare(line).finish().succeeded();
    let expected = "rejected: no worker process can be started: No such file or directory";
    assert!(finished.stdout.starts_with(expected), "{finished:#?}");
}

/// Where workers can be had again, the program has them.
#[test]
fn arguments_change_nothing() {
    let _ = program_path();
    let run = program("debug", "program").args(["main", "--", "-c", "", "\u{fc}"]);
    assert_eq!(run.finish().succeeded().stdout, REACHED);
}
