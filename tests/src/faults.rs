//! What bodies that are to fail do.
#![allow(unsafe_code)]

use std::ffi::c_int;
use std::fs::File;
use std::hint::black_box;
use std::sync::atomic::{AtomicI32, Ordering};

use serde::{Deserialize, Serialize};

/// A way for a process to die.
#[allow(clippy::unsafe_derive_deserialize, reason = "each is as unsafe as it says")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fault {
    /// Writes to an address where there is nothing.
    Segv,
    /// Reads a file's page behind its end.
    Bus,
    /// Runs what is no instruction.
    Ill,
    /// Calls itself until the stack is used up.
    Overflow,
    /// `abort`.
    Abort,
    /// `exit`, with that code.
    Exit(i32),
    /// Sends itself that signal.
    Signal(i32),
}

impl Fault {
    /// One of each kind.
    pub const ALL: [Self; 9] = [
        Self::Segv,
        Self::Bus,
        Self::Ill,
        Self::Overflow,
        Self::Abort,
        Self::Exit(0),
        Self::Exit(3),
        Self::Signal(libc::SIGTERM),
        Self::Signal(libc::SIGKILL),
    ];

    /// The signal that it ends a process with.
    #[must_use]
    pub fn signal(self) -> Option<i32> {
        match self {
            Self::Segv | Self::Overflow => Some(libc::SIGSEGV),
            Self::Bus => Some(libc::SIGBUS),
            Self::Ill => Some(libc::SIGILL),
            Self::Abort => Some(libc::SIGABRT),
            Self::Signal(signal) => Some(signal),
            Self::Exit(_) => None,
        }
    }

    /// The code that it ends a process with.
    #[must_use]
    pub fn code(self) -> Option<i32> {
        match self {
            Self::Exit(code) => Some(code),
            _ => None,
        }
    }

    /// Ends this process.
    ///
    /// # Panics
    ///
    /// When it could not.
    pub fn strike(self) -> ! {
        match self {
            // SAFETY: nothing is mapped there, so the process ends here.
            Self::Segv => unsafe { std::ptr::without_provenance_mut::<u8>(8).write_volatile(1) },
            Self::Bus => read_behind_the_end(),
            Self::Ill => run_nonsense(),
            Self::Overflow => drop(black_box(descend(black_box(u64::MAX)))),
            Self::Abort => std::process::abort(),
            Self::Exit(code) => std::process::exit(code),
            Self::Signal(signal) => raise(signal),
        }
        unreachable!("{self:?} ends a process");
    }
}

fn read_behind_the_end() {
    let file = tempfile::tempfile().expect("a file");
    let file: &File = &file;
    let (protection, flags) = (rustix::mm::ProtFlags::READ, rustix::mm::MapFlags::SHARED);
    // SAFETY: a new mapping replaces nothing.
    let page = unsafe { rustix::mm::mmap(std::ptr::null_mut(), 4096, protection, flags, file, 0) };
    // SAFETY: the address is mapped; the file has no byte there, so the process ends here.
    let _ = black_box(unsafe { page.expect("a mapping").cast::<u8>().read_volatile() });
}

fn run_nonsense() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the processor refuses this, so the process ends here.
    unsafe {
        std::arch::asm!("ud2");
    }
    #[cfg(not(target_arch = "x86_64"))]
    raise(libc::SIGILL);
}

#[allow(unconditional_recursion, reason = "that is the point")]
#[inline(never)]
fn descend(depth: u64) -> u64 {
    let used = black_box([depth; 64]);
    descend(black_box(depth - 1)) + used[63]
}

/// Sends this thread a signal.
pub fn raise(signal: c_int) {
    // SAFETY: the call takes any number.
    unsafe { libc::raise(signal) };
}

/// Has this process ignore a signal from now on.
pub fn ignore(signal: c_int) {
    // SAFETY: no handler of anybody is involved.
    unsafe { libc::signal(signal, libc::SIG_IGN) };
}

/// Has this process do what the system does with a signal unless told.
pub fn restore(signal: c_int) {
    // SAFETY: no handler of anybody is involved.
    unsafe { libc::signal(signal, libc::SIG_DFL) };
}

/// Has the C library call `function` when this process ends itself.
///
/// # Panics
///
/// When the C library has no room for one more.
pub fn at_exit(function: extern "C" fn()) {
    // SAFETY: the function lives as long as the process.
    let refused = unsafe { libc::atexit(function) };
    assert_eq!(refused, 0, "no room for one more");
}

/// Has the C library reserve `bytes` of memory, and touches all of it. `false` when it refuses.
/// It is never given back.
#[must_use]
pub fn reserve(bytes: usize) -> bool {
    // SAFETY: what it returns is null or so large.
    let place = unsafe { libc::malloc(bytes) };
    if place.is_null() {
        return false;
    }
    // SAFETY: as above.
    unsafe { libc::memset(black_box(place), 1, bytes) };
    true
}

/// Has the C library reserve `bytes` of memory and writes to it without asking whether it did, as
/// careless code does.
pub fn reserve_carelessly(bytes: usize) {
    // SAFETY: where it returns null, the process ends with the write: that is the point.
    unsafe { libc::malloc(bytes).cast::<u8>().write_volatile(1) };
}

/// A child of this process that goes on as a copy of it, without another program. It waits until it
/// is killed, and keeps all descriptors. Returns its number.
///
/// # Panics
///
/// When there can be no more processes.
#[must_use]
pub fn fork_and_wait() -> u32 {
    // SAFETY: the child does nothing but wait.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        loop {
            // SAFETY: it takes nothing.
            unsafe { libc::pause() };
        }
    }
    u32::try_from(pid).expect("a child")
}

/// Closes all descriptors of this process but the three that everybody has.
pub fn close_all() {
    // SAFETY: whoever owns one finds it closed: that is the point.
    unsafe { libc::close_range(3, libc::c_uint::MAX, 0) };
}

/// Sends this process a signal, to whichever of its threads.
pub fn raise_for_all(signal: c_int) {
    // SAFETY: the call takes any numbers.
    unsafe { libc::kill(libc::getpid(), signal) };
}

static HEARD: AtomicI32 = AtomicI32::new(0);

/// Has this process, but not what it starts, note a signal and go on.
pub fn listen(signal: c_int) {
    extern "C" fn note(signal: c_int) {
        HEARD.store(signal, Ordering::SeqCst);
    }
    // SAFETY: the handler does what a handler may do.
    unsafe { libc::signal(signal, note as extern "C" fn(c_int) as *const () as usize) };
}

/// The latest signal that was noted is this one.
#[must_use]
pub fn heard(signal: c_int) -> bool {
    HEARD.load(Ordering::SeqCst) == signal
}
