//! Processes as the system shows them.

use std::fs;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open, pidfd_send_signal};
use rustix::time::Timespec;

use crate::{PATIENCE, until};

/// A process that is watched: its number is not mistaken for a later one's.
#[derive(Debug)]
pub struct Watched {
    /// Its number.
    pub pid: u32,
    handle: OwnedFd,
}

impl Watched {
    /// A process that lives, or that nobody has reaped yet.
    ///
    /// # Panics
    ///
    /// When there is none of that number.
    #[track_caller]
    #[must_use]
    pub fn new(pid: u32) -> Self {
        let handle = pidfd_open(number(pid), PidfdFlags::empty());
        Self { pid, handle: handle.unwrap_or_else(|error| panic!("process {pid}: {error}")) }
    }

    /// It runs no more.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.dies_within(Duration::ZERO)
    }

    /// Waits at most so long for its end. `false` when it lives on.
    ///
    /// # Panics
    ///
    /// When the system cannot wait.
    #[must_use]
    pub fn dies_within(&self, patience: Duration) -> bool {
        let patience = Timespec::try_from(patience).expect("not for ever");
        let mut waited = [PollFd::new(&self.handle, PollFlags::IN)];
        loop {
            match poll(&mut waited, Some(&patience)) {
                Ok(count) => return count == 1,
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => panic!("cannot wait for a process: {error}"),
            }
        }
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// When it lives on.
    #[track_caller]
    pub fn wait(&self) {
        assert!(self.dies_within(PATIENCE), "process {} lives on: {:?}", self.pid, state(self.pid));
    }

    /// Sends it a signal.
    ///
    /// # Panics
    ///
    /// When it is dead.
    #[track_caller]
    pub fn signal(&self, signal: Signal) {
        pidfd_send_signal(&self.handle, signal).expect("it lives");
    }

    /// Stops it, and waits until it stands still.
    #[track_caller]
    pub fn stop(&self) {
        self.signal(Signal::STOP);
        until("the process stands still", || state(self.pid) == Some('T'));
    }
}

/// Sends a signal to the process of that number.
///
/// # Panics
///
/// When there is none.
#[track_caller]
pub fn signal(pid: u32, signal: Signal) {
    kill_process(number(pid), signal).expect("it lives");
}

fn number(pid: u32) -> Pid {
    Pid::from_raw(i32::try_from(pid).expect("a process's number")).expect("not 0")
}

/// The state of a process: `R` runs, `S` sleeps, `T` is stopped, `Z` is dead and not reaped.
/// `None` when it is gone.
#[must_use]
pub fn state(pid: u32) -> Option<char> {
    stat(pid, 0)?.chars().next()
}

/// It runs no more. Whether whoever has inherited it has reaped it is not ours to say.
#[must_use]
pub fn is_gone(pid: u32) -> bool {
    matches!(state(pid), None | Some('Z' | 'X'))
}

fn stat(pid: u32, field: usize) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    fields.split_ascii_whitespace().nth(field).map(str::to_owned)
}

/// All children of a process, dead ones that it has not reaped too.
///
/// # Panics
///
/// Without `/proc`.
#[must_use]
pub fn children(parent: u32) -> Vec<u32> {
    let parent = parent.to_string();
    let entries = fs::read_dir("/proc").expect("Linux");
    let pids = entries.flatten().filter_map(|it| it.file_name().to_str()?.parse().ok());
    pids.filter(|pid| stat(*pid, 1).as_ref() == Some(&parent)).collect()
}

/// How many descriptors this process has open.
///
/// # Panics
///
/// Without `/proc`.
#[must_use]
pub fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("Linux").count()
}

/// How many threads a process has.
#[must_use]
pub fn threads(pid: u32) -> usize {
    fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count)
}
