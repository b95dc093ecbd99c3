//! Locks whose order the thread sanitizer sees.
//!
//! std is not built with the sanitizer: what a contended lock or a condition variable of std orders
//! cannot be seen, and every access under such a lock looks like a race. Here each lock carries a
//! counter that is written before the lock is given up and read after it was taken, by code that the
//! sanitizer does see. Only for builds with `--cfg background_thread_sanitizer`.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LockResult, PoisonError, WaitTimeoutResult};
#[cfg(feature = "process")]
use std::sync::{TryLockError, TryLockResult};
use std::time::Duration;

#[derive(Debug, Default)]
pub(crate) struct Mutex<T: ?Sized> {
    turns: AtomicUsize,
    inner: std::sync::Mutex<T>,
}

#[derive(Debug)]
pub(crate) struct MutexGuard<'a, T: ?Sized> {
    turns: &'a AtomicUsize,
    /// Only absent while a condition variable has it.
    inner: Option<std::sync::MutexGuard<'a, T>>,
}

impl<T> Mutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self { turns: AtomicUsize::new(0), inner: std::sync::Mutex::new(value) }
    }
}

impl<T: ?Sized> Mutex<T> {
    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        Ok(MutexGuard::taken(&self.turns, self.inner.lock()))
    }

    #[cfg(feature = "process")]
    pub(crate) fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        match self.inner.try_lock() {
            Ok(inner) => Ok(MutexGuard::taken(&self.turns, Ok(inner))),
            Err(TryLockError::Poisoned(poison)) => {
                Ok(MutexGuard::taken(&self.turns, Ok(poison.into_inner())))
            }
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        }
    }
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    fn taken(turns: &'a AtomicUsize, inner: LockResult<std::sync::MutexGuard<'a, T>>) -> Self {
        // ORDERING: Acquire pairs with the Release in `give_up`.
        turns.load(Ordering::Acquire);
        Self { turns, inner: Some(inner.unwrap_or_else(PoisonError::into_inner)) }
    }

    fn give_up(&mut self) -> Option<std::sync::MutexGuard<'a, T>> {
        // ORDERING: Release pairs with the Acquire in `taken`.
        self.turns.fetch_add(1, Ordering::Release);
        self.inner.take()
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.inner.as_deref().expect("a guard that is used holds the lock")
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.inner.as_deref_mut().expect("a guard that is used holds the lock")
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        drop(self.give_up());
    }
}

#[derive(Debug, Default)]
pub(crate) struct Condvar(std::sync::Condvar);

impl Condvar {
    pub(crate) const fn new() -> Self {
        Self(std::sync::Condvar::new())
    }

    pub(crate) fn wait<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
    ) -> LockResult<MutexGuard<'a, T>> {
        let turns = guard.turns;
        let inner = guard.give_up().expect("a guard that is used holds the lock");
        Ok(MutexGuard::taken(turns, self.0.wait(inner)))
    }

    pub(crate) fn wait_timeout<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        patience: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let turns = guard.turns;
        let inner = guard.give_up().expect("a guard that is used holds the lock");
        let (inner, waited) =
            self.0.wait_timeout(inner, patience).unwrap_or_else(PoisonError::into_inner);
        Ok((MutexGuard::taken(turns, Ok(inner)), waited))
    }

    pub(crate) fn notify_one(&self) {
        self.0.notify_one();
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }
}
