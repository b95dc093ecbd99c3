//! How a sleeper is woken.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{EventfdFlags, eventfd};
use rustix::thread::futex;
use rustix::time::Timespec;

use crate::sync::global::AtomicU32;

/// What the program's keeper listens to. Every worker can ring it.
#[derive(Debug)]
pub(crate) struct Bell(OwnedFd);

impl Bell {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?))
    }

    /// The bell of that descriptor.
    pub(crate) fn of(descriptor: OwnedFd) -> Self {
        Self(descriptor)
    }

    pub(crate) fn ring(&self) {
        // A bell that cannot be rung any more has been rung often enough.
        let _ = rustix::io::write(&self.0, &1_u64.to_ne_bytes());
    }

    /// Forgets that it was rung.
    pub(crate) fn hush(&self) {
        let _ = rustix::io::read(&self.0, &mut [0; 8]);
    }

    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
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
