//! What runs in a worker process.
//!
//! A worker is the program's own executable, which [`boot`] turns into a worker before `main`. It
//! serves one call after the other on its main thread, whose stack is the largest, and leaves when
//! the program says so or is gone.
//!
//! * [`boot`]: from the constructor to here
//! * [`initialisers`]: the constructors that would have come after ours
//! * [`guard`]: the thread that watches the program
//! * [`fault`]: what a dying worker leaves behind
//! * [`memory`]: the limit of memory
//! * [`outlet`]: the stream of a call
//! * [`panics`]: what is kept of a panic for the program
//! * [`serve`]: the calls

pub(super) mod boot;
mod fault;
mod guard;
mod initialisers;
mod memory;
mod outlet;
mod panics;
mod serve;

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};

use crate::process::channel::bell::Bell;
use crate::process::channel::mapping::Mapping;

/// What a worker has of its program.
pub(super) struct Station {
    pub(super) memory: Arc<Mapping>,
    pub(super) bell: Arc<Bell>,
}

/// Serves the program until it says goodbye.
fn run(control: OwnedFd) -> ! {
    let code = match prepare(control) {
        Ok(station) => serve::serve(station),
        Err(error) => {
            crate::task::panics::tell(format_args!("a worker process cannot start: {error}"));
            1
        }
    };
    // The program's own way out: exit handlers run, and what was printed in part is written.
    std::process::exit(code);
}

fn prepare(control: OwnedFd) -> io::Result<Station> {
    let (memory, bell) = receive(&control)?;
    let memory = Arc::new(Mapping::of(&memory)?);
    fault::install(&memory);
    guard::start(control, Arc::clone(&memory))?;
    Ok(Station { memory, bell: Arc::new(Bell::of(bell)) })
}

/// The descriptors that the program has sent along: the memory and its bell.
fn receive(control: &OwnedFd) -> io::Result<(OwnedFd, OwnedFd)> {
    let mut space = [std::mem::MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let mut greeting = [0; 8];
    let mut parts = [io::IoSliceMut::new(&mut greeting)];
    loop {
        match recvmsg(control.as_fd(), &mut parts, &mut ancillary, RecvFlags::CMSG_CLOEXEC) {
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
            Ok(_) => break,
        }
    }
    let mut descriptors = Vec::new();
    for message in ancillary.drain() {
        if let RecvAncillaryMessage::ScmRights(sent) = message {
            descriptors.extend(sent);
        }
    }
    let (bell, memory) = (descriptors.pop(), descriptors.pop());
    memory.zip(bell).ok_or_else(|| io::Error::other("the program has sent no descriptors"))
}
