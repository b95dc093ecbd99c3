//! Allocation of a job, and the functions that know its types.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

use crate::cell::outcome::{Outcome, Payload};
use crate::cell::state::{FAILED, ORPHAN, READ, SLOT};
use crate::cell::waiters::Waiter;
use crate::failure::Failure;
use crate::parcel::Reply;
use crate::sentinel::Sentinel;
use crate::sync::UnsafeCell;
use crate::task::body::{Body, Ended};
use crate::task::frame::Frame;
use crate::task::header::{Header, Settings, Vtable};
use crate::task::job_ref::JobRef;
use crate::task::limit::Permit;
use crate::task::steps::Steps;
use crate::task::stopped::Stopped;
use crate::task::{Task, current, ledger, panics, raised, steps, timer};

/// What handle and body share: the handle knows `T` and `S`, but not the body.
#[repr(C)]
pub(crate) struct Shared<T, S: Sentinel> {
    pub(crate) header: Header,
    pub(crate) outcome: Outcome<T, S>,
}

/// The whole allocation.
///
/// `guard` is dropped last of all: after the body, after the outcome was published and after a
/// value that nobody wants was dropped. A scope counts on that.
#[repr(C)]
struct Job<F, G, T, S: Sentinel> {
    shared: Shared<T, S>,
    body: UnsafeCell<MaybeUninit<F>>,
    guard: UnsafeCell<MaybeUninit<G>>,
}

/// Makes a job. Returns the handle's reference and the task.
///
/// # Safety
///
/// `F`, `G` and `T` may be used from any thread (`Send`), and whatever they borrow outlives the
/// drop of `guard`.
#[inline]
pub(crate) unsafe fn allocate<F, G, T, S>(
    settings: Settings,
    permit: Option<Permit>,
    body: F,
    guard: G,
) -> (NonNull<Shared<T, S>>, Task)
where
    F: Body<T>,
    S: Sentinel,
{
    let vtable = const {
        &Vtable {
            run: run::<F, G, T, S>,
            steps: if F::STEPS { Some(steps::<F, G, T, S>) } else { None },
            settle: if F::TRAVELS { Some(settle::<F, G, T, S>) } else { None },
            discard: discard::<F, G, T, S>,
            overtake: overtake::<T, S>,
            failure: failure::<T, S>,
            free: free::<F, G, T, S>,
        }
    };
    let header = Header::new(vtable, settings, permit);
    // Written where it stays, rather than written and then moved there.
    let place = Box::leak(Box::<Job<F, G, T, S>>::new_uninit());
    let job = place.write(Job {
        shared: Shared { header, outcome: Outcome::new() },
        body: UnsafeCell::new(MaybeUninit::new(body)),
        guard: UnsafeCell::new(MaybeUninit::new(guard)),
    });
    let shared = NonNull::from(job).cast::<Shared<T, S>>();
    // SAFETY: a header is made with two counts; this one is the task's, the other the handle's.
    let task = Task::new(unsafe { JobRef::from_raw(shared.cast::<Header>()) });
    (shared, task)
}

/// Makes a job without a future. `told` is called once, on the thread that ends it, with what it has
/// come to.
pub(crate) fn allocate_told<B, T>(
    settings: Settings,
    body: B,
    told: impl FnOnce(Result<&T, &Failure>) + Send + 'static,
) -> Task
where
    B: Body<T> + Send + 'static,
    T: Send + 'static,
{
    // SAFETY: both types are Send and borrow nothing.
    let (shared, task) = unsafe { allocate::<B, (), T, Failure>(settings, None, body, ()) };
    let entry = Waiter::Callback(Box::new(move |shared| {
        // SAFETY: the caller is the filler of this very job, whose outcome is written and not yet
        // READY.
        let shared = unsafe { &*shared.cast::<Shared<T, Failure>>() };
        shared.header.core.state.mark_read();
        // SAFETY: as above; this sentinel has a value for every failure, so there is a slot.
        told(Failure::outcome_of(unsafe { shared.outcome.yielded() }));
    }));
    // SAFETY: the task keeps the job alive.
    let job = unsafe { shared.as_ref() };
    let Ok(_) = job.header.core.register(entry) else {
        unreachable!("a job that was just made has not ended")
    };
    job.header.core.state.orphan();
    // SAFETY: this is the count of the handle, which there is none of.
    drop(unsafe { JobRef::from_raw(shared.cast::<Header>()) });
    task
}

impl<F, G, T, S: Sentinel> Job<F, G, T, S> {
    /// # Safety
    ///
    /// The caller holds the claim and has not taken the body yet.
    unsafe fn take_body(&self) -> F {
        self.body.with(|body| {
            // SAFETY: the body was written when the job was made and by contract is moved once.
            unsafe { (*body).assume_init_read() }
        })
    }

    /// # Safety
    ///
    /// The caller holds the claim, and does nothing with the job's types afterwards.
    unsafe fn drop_guard(&self) {
        self.guard.with_mut(|guard| {
            // SAFETY: the guard was written when the job was made and by contract is dropped once.
            unsafe { (*guard).assume_init_drop() };
        });
    }
}

impl<T, S: Sentinel> Shared<T, S> {
    /// Fills the outcome with a value, or drops the value when it comes too late.
    fn fill_value(&self, value: T) {
        if self.header.core.state.begin_fill() {
            // SAFETY: we have just taken the right to the outcome.
            let bits = unsafe { self.outcome.write_value(value) };
            self.publish(bits);
        } else {
            panics::guarded("dropping a result that came too late", || drop(value));
        }
    }

    /// Fills the outcome with a failure, unless somebody was faster.
    fn fill_ended(&self, ended: Ended) {
        let Ended { failure, payload } = ended;
        if self.header.core.state.begin_fill() {
            // SAFETY: we have just taken the right to the outcome.
            unsafe { self.fill_failure(failure, payload) };
        } else if let Some(payload) = payload {
            panics::drop_payload(payload);
        }
    }

    /// Writes and publishes a failure.
    ///
    /// # Safety
    ///
    /// The caller holds the right to the outcome and has not used it.
    unsafe fn fill_failure(&self, failure: Failure, payload: Option<Payload>) {
        // SAFETY: by contract.
        let (bits, rest) = unsafe { self.outcome.write_failure(failure, payload) };
        if let Some(payload) = rest {
            panics::drop_payload(payload);
        }
        self.publish(bits);
    }

    fn publish(&self, bits: u32) {
        let before = self.header.core.publish(bits, |waiter| self.serve(waiter));
        if before & ORPHAN != 0 {
            panics::guarded("dropping a result that nobody wants", || {
                // SAFETY: we set READY, ORPHAN was there before: the outcome is ours.
                unsafe { self.retire(before | bits) };
            });
        }
    }

    /// Tells one of those who wait. All but the first kind is foreign code.
    fn serve(&self, waiter: Waiter) {
        match waiter {
            Waiter::Thread(parker) => parker.unpark(),
            Waiter::Waker(waker) => panics::guarded("a waker", || waker.wake()),
            Waiter::After(start) => panics::guarded("starting what follows a task", start),
            Waiter::Callback(callback) => {
                let address = std::ptr::from_ref(self).cast::<()>();
                panics::guarded("a callback of `on_ready`", || callback(address));
            }
        }
    }

    /// Drops the outcome, and reports a failure that nobody has read.
    ///
    /// # Safety
    ///
    /// The caller set the second of READY and ORPHAN; `bits` are all that were set by then.
    pub(crate) unsafe fn retire(&self, bits: u32) {
        if bits & SLOT != 0 {
            // SAFETY: the outcome is the caller's, and SLOT says that the slot is initialised.
            let yielded = unsafe { self.outcome.take() };
            if let (true, Err(failure)) =
                (bits & (FAILED | READ) == FAILED, S::outcome_of(&yielded))
            {
                self.report(failure);
            }
            drop(yielded);
        }
        // SAFETY: the outcome is the caller's.
        let record = unsafe { self.outcome.take_record() };
        if let Some(record) = record {
            if bits & READ == 0 {
                self.report(&record.failure);
            }
            if let Some(payload) = record.take_payload() {
                panics::drop_payload(payload);
            }
        }
    }

    fn report(&self, failure: &Failure) {
        // Who sets a limit or cancels expects what follows; everything else is news.
        if !failure.is_timeout() && !failure.is_cancelled() {
            panics::tell(format_args!(
                "{} {}; nobody read its result",
                self.header,
                failure.predicate()
            ));
        }
    }
}

/// # Safety
///
/// As for [`Vtable::run`]; `header` is that of a `Job<F, G, T, S>`.
unsafe fn run<F, G, T, S>(header: NonNull<Header>, place: Option<NonNull<()>>) -> bool
where
    F: Body<T>,
    S: Sentinel,
{
    // SAFETY: by contract the header is the front of such a job, which the caller keeps alive.
    let job = unsafe { header.cast::<Job<F, G, T, S>>().as_ref() };
    let shared = &job.shared;
    let timed = shared.header.is_timed();
    let permit = shared.header.take_permit();
    // SAFETY: the caller keeps the job alive.
    if timed && !timer::start_clock(&unsafe { JobRef::of(header) }) {
        drop(permit);
        let failure = shared.header.core.state.begin_fill().then_some(Failure::Timeout);
        // SAFETY: the claim is handed on, and with a failure the right to the outcome.
        unsafe { discard::<F, G, T, S>(header, failure) };
        return false;
    }
    // SAFETY: the caller holds the claim, which is the right to take the body.
    let body = unsafe { job.take_body() };
    // SAFETY: the job stays alive until the context is left, in this function.
    let context = unsafe { current::enter(header) };
    let frame = Frame::new(header);
    // SAFETY: as above.
    let on_top = unsafe { frame.enter() };
    let ended = catch_unwind(AssertUnwindSafe(|| body.run(&shared.header)));
    drop(on_top);
    drop(context);
    // Before anybody can see that the body is over and call again.
    drop(permit);
    if let (Ok(Ok(_)), Some(place)) = (&ended, place) {
        if shared.header.core.is_left_alone() {
            let Ok(Ok(value)) = ended else { unreachable!("just seen") };
            // SAFETY: by contract the place is free for what the future yields.
            unsafe { place.cast::<S::Yields<T>>().write(S::of_value(value)) };
            // SAFETY: the body is done with, and the outcome was never written.
            unsafe { job.drop_guard() };
            ledger::finished();
            // SAFETY: by contract both references were the caller's, and there is no other.
            unsafe { free::<F, G, T, S>(header) };
            return true;
        }
    }
    // SAFETY: the caller holds the claim, and the body is done with.
    unsafe { conclude(job, ended) };
    false
}

/// Makes what the body has come to the outcome.
///
/// # Safety
///
/// The caller holds the claim, has taken the body and is done with it, and does nothing with the
/// job's types afterwards.
unsafe fn conclude<F, G, T, S: Sentinel>(
    job: &Job<F, G, T, S>,
    ended: Result<Result<T, Box<Ended>>, Payload>,
) {
    let shared = &job.shared;
    let timed = shared.header.is_timed();
    match ended {
        Ok(Ok(value)) if timed && shared.header.limit() <= shared.header.now() => {
            if shared.header.core.state.begin_fill() {
                // SAFETY: we have just taken the right to the outcome.
                unsafe { shared.fill_failure(Failure::Timeout, None) };
            }
            panics::guarded("dropping a result that came too late", || drop(value));
        }
        Ok(Ok(value)) => shared.fill_value(value),
        Ok(Err(ended)) => shared.fill_ended(*ended),
        Err(payload) if payload.is::<Stopped>() => {
            // Whoever told the body to stop has filled the outcome, unless the body unwound with
            // somebody else's stop.
            if shared.header.core.state.begin_fill() {
                // SAFETY: we have just taken the right to the outcome.
                unsafe { shared.fill_failure(Failure::Cancelled, None) };
            }
        }
        Err(payload) => {
            let failure = raised::failure_of(&*payload, &shared.header);
            if shared.header.core.state.begin_fill() {
                // SAFETY: we have just taken the right to the outcome.
                unsafe { shared.fill_failure(failure, Some(payload)) };
            } else {
                panics::drop_payload(payload);
            }
        }
    }
    if timed {
        timer::disarm(&shared.header);
    }
    // SAFETY: by contract body and outcome are done with.
    unsafe { job.drop_guard() };
    ledger::finished();
}

/// # Safety
///
/// As for [`Vtable::steps`]; `header` is that of a `Job<F, G, T, S>`.
unsafe fn steps<F, G, T, S>(header: NonNull<Header>) -> Steps
where
    F: Body<T>,
    S: Sentinel,
{
    // SAFETY: by contract the caller keeps the job alive.
    let own = unsafe { JobRef::of(header) };
    Box::pin(async move {
        // SAFETY: the header is the front of such a job, which our reference keeps alive.
        let job = unsafe { header.cast::<Job<F, G, T, S>>().as_ref() };
        // Concludes also when whoever polls the steps drops them.
        let mut whole = Whole { job, permit: job.shared.header.take_permit(), ended: None };
        // SAFETY: the claim is ours, which is the right to take the body.
        let body = unsafe { job.take_body() };
        whole.ended = Some(steps::run(&own, body.steps(own.clone())).await);
    })
}

/// A body that is run in steps. Made by [`steps`], with the claim; dropped when the body is gone.
struct Whole<'a, F, G, T, S: Sentinel> {
    job: &'a Job<F, G, T, S>,
    permit: Option<Permit>,
    ended: Option<Result<Result<T, Box<Ended>>, Payload>>,
}

impl<F, G, T, S: Sentinel> Drop for Whole<'_, F, G, T, S> {
    fn drop(&mut self) {
        // Before anybody can see that the body is over and call again.
        drop(self.permit.take());
        let lost = || Ok(Err(Box::new(Ended { failure: Failure::Lost, payload: None })));
        let ended = self.ended.take().unwrap_or_else(lost);
        // SAFETY: the claim is ours, and the body was dropped before.
        unsafe { conclude(self.job, ended) };
    }
}

/// # Safety
///
/// As for [`Vtable::settle`]; `header` is that of a `Job<F, G, T, S>`.
unsafe fn settle<F, G, T, S>(header: NonNull<Header>, reply: Reply)
where
    F: Body<T>,
    S: Sentinel,
{
    // SAFETY: by contract the header is the front of such a job, which the caller keeps alive.
    let job = unsafe { header.cast::<Job<F, G, T, S>>().as_ref() };
    let shared = &job.shared;
    drop(shared.header.take_permit());
    // SAFETY: by contract the caller holds the claim, which is the right to take the body.
    let body = unsafe { job.take_body() };
    let timed = shared.header.is_timed();
    // Reading the answer runs the code of the user's types.
    match catch_unwind(AssertUnwindSafe(|| body.settle(reply, &shared.header))) {
        Ok(Ok(value)) if timed && shared.header.limit() <= shared.header.now() => {
            shared.fill_ended(Ended { failure: Failure::Timeout, payload: None });
            panics::guarded("dropping a result that came too late", || drop(value));
        }
        Ok(Ok(value)) => shared.fill_value(value),
        Ok(Err(ended)) => shared.fill_ended(*ended),
        Err(payload) => {
            let failure = raised::failure_of(&*payload, &shared.header);
            shared.fill_ended(Ended { failure, payload: Some(payload) });
        }
    }
    if timed {
        timer::disarm(&shared.header);
    }
    // SAFETY: body and outcome are done with.
    unsafe { job.drop_guard() };
    ledger::finished();
}

/// # Safety
///
/// As for [`Vtable::discard`]; `header` is that of a `Job<F, G, T, S>`.
unsafe fn discard<F, G, T, S: Sentinel>(header: NonNull<Header>, failure: Option<Failure>) {
    // SAFETY: by contract the header is the front of such a job, which the caller keeps alive.
    let job = unsafe { header.cast::<Job<F, G, T, S>>().as_ref() };
    drop(job.shared.header.take_permit());
    // SAFETY: the caller holds the claim, which is the right to take the body.
    let body = unsafe { job.take_body() };
    panics::guarded("dropping the arguments of a task that never ran", || {
        drop(body);
    });
    if let Some(failure) = failure {
        // SAFETY: by contract the caller holds the right to the outcome.
        unsafe { job.shared.fill_failure(failure, None) };
    }
    if job.shared.header.is_timed() {
        timer::disarm(&job.shared.header);
    }
    // SAFETY: body and outcome are done with.
    unsafe { job.drop_guard() };
    ledger::finished();
}

/// # Safety
///
/// As for [`Vtable::overtake`]; `header` is that of a job of `T` and `S`.
unsafe fn overtake<T, S: Sentinel>(header: NonNull<Header>, failure: Failure) {
    // SAFETY: by contract the header is the front of such a job, which the caller keeps alive.
    let shared = unsafe { header.cast::<Shared<T, S>>().as_ref() };
    // SAFETY: by contract the caller holds the right to the outcome.
    unsafe { shared.fill_failure(failure, None) };
}

/// # Safety
///
/// As for [`Vtable::failure`]; `header` is that of a job of `T` and `S`.
unsafe fn failure<T, S: Sentinel>(header: NonNull<Header>) -> Option<Failure> {
    // SAFETY: by contract the header is the front of such a job, which the caller keeps alive.
    let shared = unsafe { header.cast::<Shared<T, S>>().as_ref() };
    // SAFETY: by contract the outcome is written, and nobody else has it before it is published.
    if let Some(record) = unsafe { shared.outcome.record() } {
        return Some(record.failure.clone());
    }
    // SAFETY: as above; what is written and no record is in the slot.
    S::outcome_of(unsafe { shared.outcome.yielded() }).err().cloned()
}

/// # Safety
///
/// As for [`Vtable::free`]; `header` is that of a `Job<F, G, T, S>` made by [`allocate`].
unsafe fn free<F, G, T, S: Sentinel>(header: NonNull<Header>) {
    let job = header.cast::<Job<F, G, T, S>>().as_ptr();
    // SAFETY: by contract it came from a box in `allocate`, and nobody else refers to it. Body,
    // guard and slot are `MaybeUninit`: whoever owned them has dropped them.
    drop(unsafe { Box::from_raw(job) });
}

#[cfg(all(test, target_pointer_width = "64", not(background_loom)))]
mod tests {
    use super::Job;
    use std::convert::Infallible;

    #[test]
    fn a_plain_job_is_small() {
        let size = size_of::<Job<[u64; 2], (), u64, Infallible>>();
        assert!(size <= 128, "{size} bytes for a body of 16 and a value of 8");
    }
}
