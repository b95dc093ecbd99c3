//! How the program's executable becomes a worker without its `main` knowing.
//!
//! The system runs a program's constructors before `main`. One of them is ours. In the program itself
//! it finds nothing to do. In a process that was started as a worker it runs the constructors that
//! would have come after it, and then serves calls and never returns; so `main` is not reached.
//!
//! An environment variable alone makes nobody a worker: descriptor 0 has to be a socket that was made by
//! the process which the variable names, and that has to be the parent.
#![allow(unsafe_code)]

use std::ffi::{OsStr, c_char, c_int};
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use rustix::net::sockopt::socket_peercred;
use rustix::process::{Pid, getppid};

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
use crate::process::child::initialisers::Initialiser;
use crate::process::child::initialisers::{self, MainArguments};
use crate::process::depth;

/// Tells a worker whose it is, and how deep in calls of workers: `PID:DEPTH`.
pub(crate) const VARIABLE: &str = "__BACKGROUND_WORKER";

/// What `LD_PRELOAD` was in the program, where a worker is started by means of it: `=` and its value, or
/// nothing when it was not set.
pub(crate) const PRELOAD: &str = "__BACKGROUND_PRELOAD";

/// Puts the constructor into the table that the system goes through, of whatever this is compiled into.
///
/// Part of the code that makes a call travel, which is generic and compiled into the programs that have
/// such calls: a program without any is without the constructor, although the library is linked to it.
/// A `static` would come along with the rest of its object file. However often this is compiled in, the
/// linker keeps one.
#[inline(always)]
#[allow(clippy::inline_always, reason = "it has to come where its caller is compiled into")]
pub(crate) fn install() {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    // SAFETY: nothing is run here. The table holds functions of the type of this one, which the system
    // calls once each.
    unsafe {
        std::arch::asm!(
            ".pushsection .init_array,\"awG\",%init_array,__background_constructor,comdat",
            ".p2align 3",
            ".8byte {}",
            ".popsection",
            sym construct,
            options(nomem, nostack, preserves_flags),
        );
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    std::hint::black_box(&raw const CONSTRUCTOR);
}

/// The same where the assembler is not known: there every program has it.
// SAFETY: as above.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[used]
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: Initialiser = construct;

/// Where the constructor's code lies.
pub(crate) fn constructor() -> usize {
    construct as *const () as usize
}

extern "C" fn construct(
    count: c_int,
    arguments: *const *const c_char,
    environment: *const *const c_char,
) {
    work_if_called(Some(MainArguments::of(count, arguments, environment)));
}

/// What the constructor does, where it has not run: never returns in a process that was started as a
/// worker.
pub(crate) fn become_worker() {
    work_if_called(None);
}

/// While the constructors run, the ones after ours are still to come.
fn work_if_called(constructing: Option<MainArguments>) {
    let Some(value) = std::env::var_os(VARIABLE) else { return };
    // A stray variable is no use to anybody, and `main` should not see it either.
    // SAFETY: constructors run one after the other, and nothing but a constructor can have started
    // a thread yet.
    unsafe { std::env::remove_var(VARIABLE) };
    let Some(called) = genuine(&value) else { return };
    if getppid() != Some(called.parent) {
        // The program has died meanwhile. Its `main` must not run once more in its place.
        std::process::exit(0);
    }
    restore_preload();
    depth::set(called.depth);
    // A worker that cannot serve is of no use, but it is not the program either.
    let Ok(control) = take_over_input() else { std::process::exit(1) };
    if let Some(arguments) = constructing {
        initialisers::run_those_after(construct, arguments);
    }
    super::run(control);
}

/// Whose worker this is.
struct Called {
    parent: Pid,
    depth: u32,
}

/// What the variable says, if it is true.
fn genuine(value: &OsStr) -> Option<Called> {
    let (parent, depth) = value.to_str()?.split_once(':')?;
    // A number below 0 is none of a process, and `from_raw` panics at it.
    let parent = parent.parse().ok().filter(|parent| *parent > 0).and_then(Pid::from_raw)?;
    let depth = depth.parse().ok()?;
    // SAFETY: descriptor 0 is not closed meanwhile: nobody else runs. If it is not open at all, the
    // call says so.
    let input = unsafe { BorrowedFd::borrow_raw(0) };
    let peer = socket_peercred(input).ok()?;
    (peer.pid == parent).then_some(Called { parent, depth })
}

/// The control socket, away from descriptor 0; there the worker's bodies find the end of a file.
fn take_over_input() -> rustix::io::Result<OwnedFd> {
    // SAFETY: as above.
    let input = unsafe { BorrowedFd::borrow_raw(0) };
    let control = rustix::io::fcntl_dupfd_cloexec(input.as_fd(), 3)?;
    let nothing = std::fs::File::open("/dev/null");
    match nothing {
        Ok(nothing) => rustix::stdio::dup2_stdin(&nothing)?,
        // SAFETY: the descriptor is ours, as the socket on it was meant for us, and not used after.
        Err(_) => drop(unsafe { OwnedFd::from_raw_fd(0) }),
    }
    Ok(control)
}

fn restore_preload() {
    let Some(original) = std::env::var_os(PRELOAD) else { return };
    // SAFETY: as above, nobody else runs.
    unsafe { std::env::remove_var(PRELOAD) };
    match original.as_bytes().strip_prefix(b"=") {
        // SAFETY: as above.
        Some(original) => unsafe { std::env::set_var("LD_PRELOAD", OsStr::from_bytes(original)) },
        // SAFETY: as above.
        None => unsafe { std::env::remove_var("LD_PRELOAD") },
    }
}
