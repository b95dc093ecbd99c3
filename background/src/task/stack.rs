//! Room on the stack for bodies that are claimed.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::ops::Range;

use crate::sync::global::thread_local;

/// A body that is claimed can be given room: there is some on the stack, or a new piece can be had.
pub(crate) fn has_room() -> bool {
    CAN_GROW || is_free()
}

/// Runs a claimed body, on a new piece of stack if the old one is half used.
///
/// Half of the stack is left to the body, as if it had been given a small thread of its own. Beyond
/// that it gets a piece that is freed afterwards; so nested calls go as deep as memory lasts, on
/// however few threads, and on a thread with a tiny stack too.
///
/// # Panics
///
/// When the system has no memory for another piece.
pub(crate) fn with_room<R>(body: impl FnOnce() -> R) -> R {
    if !CAN_GROW || is_free() {
        return body();
    }
    grow(body)
}

/// Where the stack can be continued elsewhere. In other places a toucher that is short of it leaves
/// the body to others.
const CAN_GROW: bool = cfg!(all(
    any(target_os = "linux", target_os = "macos", target_os = "windows"),
    any(target_arch = "x86_64", target_arch = "aarch64"),
));

/// How large a new piece is, in bytes.
const PIECE: usize = 2 * 1024 * 1024;

#[cold]
fn grow<R>(body: impl FnOnce() -> R) -> R {
    stacker::grow(PIECE, || {
        let top = here();
        let _outer = Outer(FREE.replace(Some((top - PIECE / 2, top))));
        body()
    })
}

/// Goes back to the piece of stack before, also when the body unwinds.
struct Outer(Option<(usize, usize)>);

impl Drop for Outer {
    fn drop(&mut self) {
        FREE.set(self.0);
    }
}

/// Less than half of the stack is used.
fn is_free() -> bool {
    if cfg!(background_loom) {
        // A model's threads are coroutines, whose stacks the system does not know.
        return true;
    }
    let (low, high) = FREE.get().unwrap_or_else(|| {
        let Range { start, end } = Bounds::of_this_thread().free;
        FREE.set(Some((start, end)));
        (start, end)
    });
    (low..high).contains(&here())
}

#[inline(never)]
fn here() -> usize {
    let marker = 0_u8;
    (&raw const marker).addr()
}

thread_local! {
    /// The part of the stack that is free for claims. On a stack that is not the thread's own, as
    /// that of a coroutine, nothing is known to be.
    static FREE: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
}

/// The part of a thread's stack that is free for claims.
struct Bounds {
    free: Range<usize>,
}

/// Less than this is no stack to run somebody else's body on.
const SMALLEST: usize = 128 * 1024;

impl Bounds {
    #[cfg(target_os = "linux")]
    fn of_this_thread() -> Self {
        Self::of_the_main_thread().unwrap_or_else(Self::as_the_system_says)
    }

    /// The main thread's, `None` on every other one. To be asked for them, the C library reads and
    /// parses a list of all mappings, which takes longer than starting a thread.
    #[cfg(target_os = "linux")]
    fn of_the_main_thread() -> Option<Self> {
        // More than this is not claimed on, whatever the limit; other mappings may lie there.
        const MOST: usize = 8 * 1024 * 1024;
        // SAFETY: reads a constant of the process; 0 if there is none.
        let top = usize::try_from(unsafe { libc::getauxval(libc::AT_EXECFN) }).ok()?;
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: the limits go to our variable.
        let known = unsafe { libc::getrlimit(libc::RLIMIT_STACK, &raw mut limit) } == 0;
        let size = usize::try_from(limit.rlim_cur).map_or(MOST, |size| size.min(MOST));
        let bounds = top.checked_sub(size)?..top;
        // The path of the program is kept at the top of the main thread's stack.
        (known && size >= SMALLEST && bounds.contains(&here()))
            .then(|| Self { free: top - size / 2..top })
    }

    #[cfg(target_os = "linux")]
    fn as_the_system_says() -> Self {
        let mut attributes = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
        // SAFETY: the thread is this one, and the attributes may be uninitialised.
        let known =
            unsafe { libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) };
        if known != 0 {
            return Self::unknown();
        }
        let mut lowest = std::ptr::null_mut();
        let mut size = 0;
        // SAFETY: the call above initialised the attributes; both results are ours.
        let read = unsafe {
            libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut lowest, &raw mut size)
        };
        // SAFETY: initialised above, destroyed once.
        unsafe { libc::pthread_attr_destroy(attributes.as_mut_ptr()) };
        if read != 0 || size < SMALLEST {
            return Self { free: 0..0 };
        }
        let lowest = lowest.addr();
        Self { free: lowest + size / 2..lowest + size }
    }

    #[cfg(not(target_os = "linux"))]
    fn of_this_thread() -> Self {
        Self::unknown()
    }

    /// Where nobody tells the bounds, some hundred kilobytes below the first look are taken to be
    /// there.
    fn unknown() -> Self {
        let marker = 0_u8;
        let here = (&raw const marker).addr();
        Self { free: here.saturating_sub(SMALLEST)..here.saturating_add(SMALLEST) }
    }
}
