//! The progress bar, on a terminal.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use background_tests::{PATIENCE, Run, within};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tempfile::tempdir;

/// A terminal: what the test holds, and what the program gets.
pub(super) fn terminal() -> (File, File) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let ours = openpt(flags).expect("a terminal");
    grantpt(&ours).expect("it is ours");
    unlockpt(&ours).expect("it is ours");
    let name = ptsname(&ours, Vec::new()).expect("it has a name");
    let name = name.into_string().expect("which is text");
    let program = OpenOptions::new().read(true).write(true).open(name);
    (ours.into(), program.expect("it can be opened"))
}

/// Reports all that is shown so far, whenever there is more.
pub(super) fn watch(mut terminal: File, shown: &Sender<String>) {
    let mut all = Vec::new();
    let mut piece = [0; 1024];
    // When the program has closed its side this is an error or an end.
    while let Ok(length @ 1..) = terminal.read(&mut piece) {
        all.extend(&piece[..length]);
        if shown.send(String::from_utf8_lossy(&all).into_owned()).is_err() {
            break;
        }
    }
}

/// Waits until it is shown.
pub(super) fn wait_for(what: &str, shown: &Receiver<String>) {
    let mut last = String::new();
    while !last.contains(what) {
        last = shown
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|error| panic!("never showed {what:?}: {error}; but {last:?}"));
    }
}

#[test]
fn a_bar_shows_what_is_under_way() {
    within(|| {
        let folder = tempdir().expect("a folder for temporary files");
        let pipe = folder.path().join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo can be run").success());

        let (ours, programs) = terminal();
        let mut child = Command::new(Run::path_of_example("checksum"))
            .arg(&pipe)
            .env("TERM", "xterm")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(programs)
            .spawn()
            .expect("the example can be run");
        let (sender, shown) = channel();
        let watcher = thread::spawn(move || watch(ours, &sender));

        // The pipe keeps it waiting until the bar was seen.
        wait_for("0 of 1 files", &shown);
        fs::write(&pipe, "text").expect("the example reads");

        let mut sums = String::new();
        let stdout = child.stdout.as_mut().expect("it is piped");
        stdout.read_to_string(&mut sums).expect("sums are text");
        assert!(child.wait().expect("our own child").success());
        watcher.join().expect("reading does not panic");
        // Of "text", and no bar in it.
        let sum = "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1";
        assert_eq!(sums, format!("{sum}  {}\n", pipe.display()));
        // The bar has not stayed: the last thing is that its line was cleared.
        let last = shown.try_iter().last().unwrap_or_default();
        assert!(last.ends_with("\u{1b}[2K"), "{last:?}");
    });
}
