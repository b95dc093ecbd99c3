//! The one door to locks, atomics and thread locals.
//!
//! Floors 0 to 2 take these types from here and nowhere else, so that a build with
//! `--cfg background_loom` swaps them all for loom's and every interleaving of the cell can be
//! tried. What loom does not model (process-wide statics: counters, the timer) comes from
//! [`global`], which is always std.

#[cfg(background_thread_sanitizer)]
mod watched;

#[cfg(not(background_loom))]
mod imp {
    #[cfg(background_thread_sanitizer)]
    pub(crate) use super::watched::{Condvar, Mutex, MutexGuard};
    pub(crate) use std::sync::atomic;
    #[cfg(not(background_thread_sanitizer))]
    pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
    pub(crate) use std::thread_local;
    use std::time::Duration;

    /// An `UnsafeCell` with loom's interface: access happens inside a closure.
    #[derive(Debug)]
    #[repr(transparent)]
    pub(crate) struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

    impl<T> UnsafeCell<T> {
        pub(crate) const fn new(value: T) -> Self {
            Self(std::cell::UnsafeCell::new(value))
        }

        /// Hands out a pointer for reading.
        #[inline]
        pub(crate) fn with<R>(&self, read: impl FnOnce(*const T) -> R) -> R {
            read(self.0.get())
        }

        /// Hands out a pointer for writing.
        #[inline]
        pub(crate) fn with_mut<R>(&self, write: impl FnOnce(*mut T) -> R) -> R {
            write(self.0.get())
        }
    }

    /// Waits at most `patience`; forever without one.
    pub(crate) fn wait<'a, T>(
        condvar: &Condvar,
        guard: MutexGuard<'a, T>,
        patience: Option<Duration>,
    ) -> MutexGuard<'a, T> {
        use std::sync::PoisonError;
        match patience {
            None => condvar.wait(guard).unwrap_or_else(PoisonError::into_inner),
            Some(patience) => {
                condvar.wait_timeout(guard, patience).unwrap_or_else(PoisonError::into_inner).0
            }
        }
    }
}

#[cfg(background_loom)]
mod imp {
    pub(crate) use loom::cell::UnsafeCell;
    pub(crate) use loom::sync::atomic;
    pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard};
    pub(crate) use loom::{lazy_static, thread_local};
    use std::time::Duration;

    /// loom has no clock: a wait with a limit gives the others one turn and then is over, which
    /// covers both ways a race between a limit and a wake-up can end.
    pub(crate) fn wait<'a, T>(
        condvar: &Condvar,
        guard: MutexGuard<'a, T>,
        patience: Option<Duration>,
    ) -> MutexGuard<'a, T> {
        match patience {
            None => condvar.wait(guard).unwrap(),
            Some(_) => {
                loom::thread::yield_now();
                guard
            }
        }
    }
}

pub(crate) use imp::*;

/// What is shared by the whole process and therefore outside of every model.
pub(crate) mod global {
    #[cfg(background_thread_sanitizer)]
    pub(crate) use super::watched::{Condvar, Mutex, MutexGuard};
    #[cfg(feature = "process")]
    pub(crate) use std::sync::atomic::AtomicU32;
    pub(crate) use std::sync::atomic::{
        AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence,
    };
    pub(crate) use std::sync::{Arc, Once, OnceLock, PoisonError};
    #[cfg(not(background_thread_sanitizer))]
    pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
    pub(crate) use std::{thread, thread_local};

    /// Locks, whether or not another holder of the lock has panicked: no critical section of this
    /// crate runs foreign code, so there is no half-done change to fear.
    pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Locks, whether or not another holder of the lock has panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
