//! How a sleeper is woken.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{EventfdFlags, eventfd};
use rustix::io::Errno;
use rustix::thread::futex;
use rustix::time::Timespec;

use crate::sync::global::AtomicU32;

/// What the program's keeper listens to. Every worker can ring it.
#[derive(Debug)]
pub(crate) struct Bell {
    descriptor: OwnedFd,
    /// Who cannot ring it has nobody to work for.
    is_vital: bool,
}

impl Bell {
    pub(crate) fn new() -> io::Result<Self> {
        let descriptor = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Self { descriptor, is_vital: false })
    }

    /// The bell of that descriptor: the program's, in a worker.
    pub(crate) fn of(descriptor: OwnedFd) -> Self {
        Self { descriptor, is_vital: true }
    }

    pub(crate) fn ring(&self) {
        match rustix::io::write(&self.descriptor, &1_u64.to_ne_bytes()) {
            // Where it cannot be rung any more it has been rung often enough.
            Ok(_) | Err(Errno::AGAIN) => {}
            // A body has closed what is not its own. The program would never hear of the answer; the
            // end of this process it does hear of, and then it looks at what there is.
            Err(_) if self.is_vital => std::process::exit(1),
            Err(_) => {}
        }
    }

    /// Forgets that it was rung.
    pub(crate) fn hush(&self) {
        let _ = rustix::io::read(&self.descriptor, &mut [0; 8]);
    }

    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }
}

/// Sleeps while `word` is `value`, at most for `patience`. May return early.
pub(crate) fn sleep(word: &AtomicU32, value: u32, patience: Option<Duration>) {
    let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
    // Woken, too late, or out of patience: the caller looks for itself.
    let _ = futex::wait(word, futex::Flags::empty(), value, patience.as_ref());
}

/// Wakes who sleeps on `word`.
pub(crate) fn wake(word: &AtomicU32) {
    let _ = futex::wake(word, futex::Flags::empty(), u32::MAX >> 1);
}
