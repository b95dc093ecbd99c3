//! The memory that a program and one worker process share.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::ptr::NonNull;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap, munmap};

use crate::flow::Flow;
use crate::sync::global::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};

/// The bytes of one ring: large enough for a good stride, small enough for a core's cache.
pub(crate) const RING: usize = 512 * 1024;

/// What a dying worker may leave to say.
pub(crate) const NOTE: usize = 4096;

/// The words in front of the two rings.
#[repr(C)]
pub(crate) struct Front {
    pub(crate) requests: Flow,
    pub(crate) replies: Flow,
    /// The number of the last call whose body the worker has begun.
    pub(crate) begun: AtomicU64,
    /// What ended it, if the worker could tell: see [`Cause`](crate::process::cause::Cause).
    pub(crate) cause: AtomicU32,
    note_length: AtomicU32,
    note: [AtomicU8; NOTE],
}

/// Where the rings begin.
const FRONT: usize = size_of::<Front>().next_multiple_of(4096);

/// All of it.
pub(crate) const SIZE: usize = FRONT + 2 * RING;

/// Which ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Requests,
    Replies,
}

/// The memory, mapped for as long as this lives.
pub(crate) struct Mapping {
    start: NonNull<u8>,
    /// The ends of the rings have been given out.
    given_out: AtomicBool,
}

// SAFETY: the front is made of atomics, and the rings are only reached through `copy_in` and `copy_out`,
// whose contracts say who may use which part when.
unsafe impl Send for Mapping {}
// SAFETY: as above.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Makes the memory, and a descriptor by which another process can map it.
    ///
    /// The memory can neither grow nor shrink, so no access can miss it.
    pub(crate) fn make() -> io::Result<(Self, OwnedFd)> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let memory = memfd_create("background-worker", flags)?;
        ftruncate(&memory, SIZE as u64)?;
        fcntl_add_seals(&memory, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
        Ok((Self::map(&memory)?, memory))
    }

    /// Maps the memory of that descriptor.
    pub(crate) fn of(memory: &OwnedFd) -> io::Result<Self> {
        let file = File::from(memory.as_fd().try_clone_to_owned()?);
        if file.metadata()?.len() != SIZE as u64 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the channel has another size"));
        }
        Self::map(memory)
    }

    fn map(memory: &OwnedFd) -> io::Result<Self> {
        let (protection, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED);
        // SAFETY: a new mapping, at an address of the system's choice, replaces nothing.
        let start = unsafe { mmap(std::ptr::null_mut(), SIZE, protection, flags, memory, 0) }?;
        let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self { start, given_out: AtomicBool::new(false) })
    }

    /// `true` once: for whoever makes the ends of the rings.
    pub(crate) fn give_out(&self) -> bool {
        // ORDERING: Relaxed. It only decides who; the ends are handed on like any value.
        !self.given_out.swap(true, Ordering::Relaxed)
    }

    pub(crate) fn front(&self) -> &Front {
        // SAFETY: the mapping is large enough and aligned to a page, lives as long as `self`, and a
        // front is made of atomics, for which any bytes are a value.
        unsafe { self.start.cast::<Front>().as_ref() }
    }

    pub(crate) fn flow(&self, direction: Direction) -> &Flow {
        match direction {
            Direction::Requests => &self.front().requests,
            Direction::Replies => &self.front().replies,
        }
    }

    fn ring(&self, direction: Direction) -> NonNull<u8> {
        let offset = match direction {
            Direction::Requests => FRONT,
            Direction::Replies => FRONT + RING,
        };
        // SAFETY: the offset lies within the mapping.
        unsafe { self.start.add(offset) }
    }

    /// Copies bytes into a ring, from `position` on, around its end.
    ///
    /// # Safety
    ///
    /// The caller is the ring's only writer in this process. If the other process is not this
    /// program, or out of its mind, it may overwrite them.
    pub(crate) unsafe fn copy_in(&self, direction: Direction, position: u64, bytes: &[u8]) {
        assert!(bytes.len() <= RING, "more than the ring holds");
        let ring = self.ring(direction);
        let at = index(position);
        let (first, rest) = bytes.split_at(bytes.len().min(RING - at));
        // SAFETY: both parts lie within the ring, and by contract no other thread of this process
        // uses them; another process's accesses are none of this program's.
        unsafe {
            ring.add(at).copy_from_nonoverlapping(NonNull::from(first).cast(), first.len());
            ring.copy_from_nonoverlapping(NonNull::from(rest).cast(), rest.len());
        }
    }

    /// Copies bytes out of a ring, from `position` on, around its end, to the end of `bytes`.
    ///
    /// # Safety
    ///
    /// The caller is the ring's only reader in this process.
    pub(crate) unsafe fn copy_out(
        &self,
        direction: Direction,
        position: u64,
        count: usize,
        bytes: &mut Vec<u8>,
    ) {
        assert!(count <= RING, "more than the ring holds");
        bytes.reserve(count);
        let ring = self.ring(direction);
        let at = index(position);
        let first = count.min(RING - at);
        let free = bytes.spare_capacity_mut();
        let free = NonNull::from(free).cast::<u8>();
        // SAFETY: so much was just reserved; both parts lie within the ring, and by contract no other
        // thread of this process uses them. Any bytes are bytes, whoever wrote them.
        unsafe {
            free.copy_from_nonoverlapping(ring.add(at), first);
            free.add(first).copy_from_nonoverlapping(ring, count - first);
            bytes.set_len(bytes.len() + count);
        }
    }

    /// Leaves a note for the program. Async-signal-safe.
    pub(crate) fn leave_note(&self, text: &[u8]) {
        let front = self.front();
        for (place, byte) in front.note.iter().zip(text) {
            // ORDERING: Relaxed. The program reads it when this process is dead.
            place.store(*byte, Ordering::Relaxed);
        }
        let length = u32::try_from(text.len().min(NOTE)).unwrap_or(0);
        // ORDERING: Relaxed, as above.
        front.note_length.store(length, Ordering::Relaxed);
    }

    /// The note that a dead worker has left.
    pub(crate) fn note(&self) -> Option<String> {
        let front = self.front();
        // ORDERING: Relaxed. The writer is dead, as the system has told.
        let length = front.note_length.load(Ordering::Relaxed) as usize;
        if length == 0 {
            return None;
        }
        let bytes: Vec<u8> = front
            .note
            .iter()
            .take(length.min(NOTE))
            // ORDERING: Relaxed, as above.
            .map(|byte| byte.load(Ordering::Relaxed))
            .collect();
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: this is the mapping that `map` made, and every reference into it has ended.
        let unmapped = unsafe { munmap(self.start.as_ptr().cast(), SIZE) };
        debug_assert!(unmapped.is_ok(), "the mapping was there");
    }
}

/// Where in a ring a position is.
fn index(position: u64) -> usize {
    usize::try_from(position % RING as u64).unwrap_or(0)
}

/// Asks the system for large pages where `bytes` is to be filled: a page less touched for the first
/// time is worth more than any way to copy.
pub(crate) fn advise_huge_pages(bytes: &mut Vec<u8>) {
    const PAGE: usize = 4096;
    /// Below this nothing is gained.
    const WORTHWHILE: usize = 4 << 20;
    let free = bytes.spare_capacity_mut();
    if free.len() < WORTHWHILE {
        return;
    }
    let start = free.as_mut_ptr().addr().next_multiple_of(PAGE) - free.as_mut_ptr().addr();
    let length = (free.len() - start) / PAGE * PAGE;
    let part = free[start..start + length].as_mut_ptr();
    // SAFETY: the advice changes no contents, and the range is ours. That it fails does no harm.
    let _ = unsafe { madvise(part.cast(), length, Advice::LinuxHugepage) };
}
