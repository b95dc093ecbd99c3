//! How much of its stack a thread has left.
#![allow(unsafe_code)]

use std::ops::Range;

use crate::sync::global::thread_local;

/// A toucher may run the body it waits for on its own stack.
///
/// Half of the stack is left to the body, as if it had been given a small thread of its own; so
/// claims nest until half of a stack is used, and then somebody with a fresh one has to help.
pub(crate) fn has_room() -> bool {
    if cfg!(background_loom) {
        // A model's threads are coroutines, whose stacks the system does not know.
        return true;
    }
    let marker = 0_u8;
    let here = (&raw const marker).addr();
    BOUNDS.try_with(|bounds| bounds.free.contains(&here)).unwrap_or(false)
}

/// The part of the stack that is free for claims. On a stack that is not the thread's own, as that
/// of a coroutine, nothing is known to be.
struct Bounds {
    free: Range<usize>,
}

thread_local! {
    static BOUNDS: Bounds = Bounds::of_this_thread();
}

/// Less than this is no stack to run somebody else's body on.
const SMALLEST: usize = 128 * 1024;

impl Bounds {
    #[cfg(target_os = "linux")]
    fn of_this_thread() -> Self {
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
