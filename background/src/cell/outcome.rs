//! The part of the cell that knows the value's type: the slot and the failure record.
#![allow(unsafe_code)]

use std::any::Any;
use std::mem::MaybeUninit;

use crate::cell::state::{FAILED, FAST, SLOT};
use crate::failure::Failure;
use crate::sentinel::Sentinel;
use crate::sync::UnsafeCell;
use crate::sync::global::{Mutex, lock};

/// What a panic carries.
pub(crate) type Payload = Box<dyn Any + Send>;

/// A failure for which the sentinel has no value.
pub(crate) struct Record {
    pub(crate) failure: Failure,
    /// For the first touch, which re-raises it. A lock because touches may come from many threads.
    payload: Mutex<Option<Payload>>,
}

impl Record {
    pub(crate) fn take_payload(&self) -> Option<Payload> {
        lock(&self.payload).take()
    }
}

/// Slot and record. Who may call what when is the cell's table; every method here relies on it.
pub(crate) struct Outcome<T, S: Sentinel> {
    slot: UnsafeCell<MaybeUninit<S::Yields<T>>>,
    record: UnsafeCell<Option<Box<Record>>>,
}

impl<T, S: Sentinel> Outcome<T, S> {
    pub(crate) fn new() -> Self {
        Self { slot: UnsafeCell::new(MaybeUninit::uninit()), record: UnsafeCell::new(None) }
    }

    /// Writes a value. Returns the bits to publish.
    ///
    /// # Safety
    ///
    /// The caller holds the right to the outcome and has not written it yet.
    pub(crate) unsafe fn write_value(&self, value: T) -> u32 {
        self.slot.with_mut(|slot| {
            // SAFETY: by contract nobody else accesses the slot before READY.
            unsafe { (*slot).write(S::of_value(value)) };
        });
        SLOT | FAST
    }

    /// Writes a failure: into the slot if the sentinel has a value for it, else into the record.
    /// Returns the bits to publish, and the payload if it is not kept for a touch.
    ///
    /// # Safety
    ///
    /// The caller holds the right to the outcome and has not written it yet.
    pub(crate) unsafe fn write_failure(
        &self,
        failure: Failure,
        payload: Option<Payload>,
    ) -> (u32, Option<Payload>) {
        if let Some(yielded) = S::of_failure(&failure) {
            self.slot.with_mut(|slot| {
                // SAFETY: by contract nobody else accesses the slot before READY.
                unsafe { (*slot).write(yielded) };
            });
            (SLOT | FAILED, payload)
        } else {
            let kept = Box::new(Record { failure, payload: Mutex::new(payload) });
            self.record.with_mut(|record| {
                // SAFETY: by contract nobody else accesses the record before READY.
                unsafe { *record = Some(kept) };
            });
            (FAILED, None)
        }
    }

    /// What the future yields.
    ///
    /// # Safety
    ///
    /// The caller has seen SLOT, and the result is not used after the handle that `self` belongs
    /// to is mutably borrowed, consumed or dropped; or the caller holds the right to the outcome,
    /// has written the slot and does not use the result after READY.
    #[inline]
    pub(crate) unsafe fn yielded<'a>(&self) -> &'a S::Yields<T> {
        self.slot.with(|slot| {
            // SAFETY: SLOT says it is initialised, and by contract nobody writes meanwhile.
            unsafe { (*slot).assume_init_ref() }
        })
    }

    /// The same, for change.
    ///
    /// # Safety
    ///
    /// As for [`Outcome::yielded`], and the handle is borrowed mutably meanwhile.
    pub(crate) unsafe fn yielded_mut<'a>(&self) -> &'a mut S::Yields<T> {
        self.slot.with_mut(|slot| {
            // SAFETY: SLOT says it is initialised, and by contract nobody else accesses it.
            unsafe { (*slot).assume_init_mut() }
        })
    }

    /// Moves the yielded value out.
    ///
    /// # Safety
    ///
    /// The caller has seen SLOT, owns the outcome, and nobody reads the slot after this.
    pub(crate) unsafe fn take(&self) -> S::Yields<T> {
        self.slot.with(|slot| {
            // SAFETY: SLOT says it is initialised, and by contract it is read this last time.
            unsafe { (*slot).assume_init_read() }
        })
    }

    /// The failure record, if the outcome has one.
    ///
    /// # Safety
    ///
    /// The caller has seen READY, or holds the right to the outcome and has written it. The result
    /// is not used after the outcome is released with [`Outcome::take_record`] or with `self`.
    pub(crate) unsafe fn record<'a>(&self) -> Option<&'a Record> {
        self.record.with(|record| {
            // SAFETY: after READY nobody writes the record but its owner, by contract later.
            unsafe { (*record).as_deref() }
        })
    }

    /// Moves the failure record out.
    ///
    /// # Safety
    ///
    /// The caller owns the outcome: it set the second of READY and ORPHAN.
    pub(crate) unsafe fn take_record(&self) -> Option<Box<Record>> {
        self.record.with_mut(|record| {
            // SAFETY: by contract nobody else accesses the record any more.
            unsafe { (*record).take() }
        })
    }
}
