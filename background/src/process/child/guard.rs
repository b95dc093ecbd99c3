//! The thread that watches the program from within a worker.
//!
//! The program's death shows at once as the end of the control socket. The system's own way of
//! telling a child (`PR_SET_PDEATHSIG`) tells it when the *thread* ends that has started it, which is
//! of no interest here.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Signal, getpid, kill_process_group};

use crate::flow::Side;
use crate::process::channel::mapping::{Direction, Mapping};
use crate::process::channel::ring::rouse;
use crate::sync::global::{AtomicBool, Ordering};
use crate::task::threads;

/// The program has said goodbye, or is gone.
static LEAVING: AtomicBool = AtomicBool::new(false);

/// A worker that does nothing has so long for its exit handlers when the program is gone.
const GRACE: Duration = Duration::from_secs(2);

/// The worker is to go on.
pub(super) fn goes_on() -> bool {
    // ORDERING: SeqCst pairs with the store in `watch`: who is told to sleep either sees it, or is
    // seen sleeping by `rouse`.
    !LEAVING.load(Ordering::SeqCst)
}

pub(super) fn start(control: OwnedFd, memory: Arc<Mapping>) -> io::Result<()> {
    let builder = thread::Builder::new().name("background-guard".into()).stack_size(64 * 1024);
    threads::start(builder, move || watch(&control, &memory))
}

fn watch(control: &OwnedFd, memory: &Mapping) {
    let mut waited = [PollFd::new(control, PollFlags::RDHUP)];
    while !matches!(poll(&mut waited, None), Ok(1..)) {}
    // ORDERING: SeqCst, see `goes_on`.
    LEAVING.store(true, Ordering::SeqCst);
    rouse(memory, Direction::Requests, Side::Reader);
    rouse(memory, Direction::Replies, Side::Writer);
    if is_closed_gracefully(control) {
        // The program is alive and sees to the rest.
        return;
    }
    if !super::serve::is_busy() {
        thread::sleep(GRACE);
    }
    // This process and its children: the group is the worker's own.
    let _ = kill_process_group(getpid(), Signal::KILL);
}

/// The program has closed its writing half alone, so it is there to wait for us.
fn is_closed_gracefully(control: &OwnedFd) -> bool {
    let mut both = [PollFd::new(control, PollFlags::empty())];
    let _ = poll(&mut both, Some(&rustix::time::Timespec { tv_sec: 0, tv_nsec: 0 }));
    !both[0].revents().contains(PollFlags::HUP)
}
