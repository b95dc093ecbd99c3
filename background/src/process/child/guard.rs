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
    wait_for(control, PollFlags::RDHUP);
    // ORDERING: SeqCst, see `goes_on`.
    LEAVING.store(true, Ordering::SeqCst);
    rouse(memory, Direction::Requests, Side::Reader);
    rouse(memory, Direction::Replies, Side::Writer);
    // As long as the program is there, it sees to the rest.
    wait_for(control, PollFlags::empty());
    if !super::serve::is_busy() {
        thread::sleep(GRACE);
    }
    // This process and its children: the group is the worker's own.
    let _ = kill_process_group(getpid(), Signal::KILL);
}

/// Waits for one of these, or for the program to be gone altogether.
fn wait_for(control: &OwnedFd, events: PollFlags) {
    let mut waited = [PollFd::new(control, events)];
    while !matches!(poll(&mut waited, None), Ok(1..)) {}
}
