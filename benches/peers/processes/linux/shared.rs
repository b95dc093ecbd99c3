//! Memory that two processes share, and look at until the other one has written.
#![allow(unsafe_code)]

use std::hint::spin_loop;
use std::os::fd::AsFd;
use std::ptr;
use std::slice;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};
use rustix::process::{Pid, getppid};

/// The message lies behind the two flags, each of which has a cache line of its own.
const MESSAGE: usize = 4096;

/// Where the caller's flag is, and the other one's.
const CALLS: usize = 0;
const REPLIES: usize = 256;

/// So often one looks before the other gets a chance to run on the same core.
const LOOKS: u32 = 100;

/// A message of a fixed size, and how many calls and replies there were.
pub(super) struct Shared {
    base: *mut u8,
    size: usize,
    parent: Option<Pid>,
    /// How many calls this side has made, or seen.
    calls: u64,
}

/// How large the file has to be.
pub(super) fn length(size: usize) -> usize {
    MESSAGE + size
}

impl Shared {
    /// Maps the file, whose length is [`length`].
    pub(super) fn map(file: &impl AsFd, size: usize) -> rustix::io::Result<Self> {
        let (access, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED);
        // SAFETY: a mapping at a place that the system chooses.
        let base = unsafe { mmap(ptr::null_mut(), length(size), access, flags, file, 0)? };
        Ok(Self { base: base.cast(), size, parent: getppid(), calls: 0 })
    }

    fn flag(&self, at: usize) -> &AtomicU64 {
        // SAFETY: within the mapping, aligned to more than a number's size, and only ever used as this.
        unsafe { AtomicU64::from_ptr(self.base.add(at).cast()) }
    }

    /// Lets the other side have the message.
    pub(super) fn call(&mut self) {
        self.calls += 1;
        // ORDERING: Release pairs with the Acquire in `look_for`: the message comes before the flag.
        self.flag(CALLS).store(self.calls, Ordering::Release);
    }

    /// Gives the message back.
    pub(super) fn reply(&self) {
        // ORDERING: Release, as above.
        self.flag(REPLIES).store(self.calls, Ordering::Release);
    }

    pub(super) fn wait_for_reply(&self) {
        self.look_for(REPLIES, self.calls);
    }

    /// `false` when the parent is gone.
    pub(super) fn wait_for_call(&mut self) -> bool {
        self.calls += 1;
        self.look_for(CALLS, self.calls)
    }

    fn look_for(&self, at: usize, value: u64) -> bool {
        loop {
            for _ in 0..LOOKS {
                // ORDERING: Acquire, see `call`.
                if self.flag(at).load(Ordering::Acquire) == value {
                    return true;
                }
                spin_loop();
            }
            if getppid() != self.parent {
                return false;
            }
            thread::yield_now();
        }
    }

    /// Changes the first bytes of the message. For the side that has it.
    pub(super) fn change(&mut self, bytes: usize, change: impl FnOnce(&mut [u8])) {
        assert!(bytes <= self.size, "the message is that long");
        // SAFETY: within the mapping; the other side waits for the flag before it touches the message.
        change(unsafe { slice::from_raw_parts_mut(self.base.add(MESSAGE), bytes) });
    }

    /// Copies the message. For the side that has it.
    pub(super) fn message(&self) -> Vec<u8> {
        // SAFETY: as above.
        unsafe { slice::from_raw_parts(self.base.add(MESSAGE), self.size) }.to_vec()
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // SAFETY: nobody borrows from the mapping any more.
        let _ = unsafe { munmap(self.base.cast(), length(self.size)) };
    }
}
